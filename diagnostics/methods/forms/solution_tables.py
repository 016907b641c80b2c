"""The form that takes a published solution."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from survey.import_files.workbooks import MAGIC

LARGEST: Final = 64 * 1024  # bytes; a solution is a screenful
LARGEST_WORKBOOK: Final = 1024 * 1024  # bytes; it brings styles, and perhaps further sheets


class SolutionTableForm(forms.Form):
    """Take a solution as typed text or as a file; what is in it is the reader's business."""

    text = forms.CharField(
        label=_("Solution"),
        required=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "Expressions such as “Steady: [A]*B*~C + [A]*D”, square brackets for core; or a chart "
            "pasted from a spreadsheet: names of the patterns in the first line, then a line an "
            "element with ● • (present, core or supporting) and ⊗ ⊘ (absent, core or supporting)."
        ),
    )
    file = forms.FileField(
        label=_("Or a file (CSV, XLSX or text)"),
        required=False,
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx,text/csv"}),
    )
    includes_hidden = forms.BooleanField(
        label=_("Read hidden rows of workbooks as well"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Take the file where there is one, as bytes like the typed text."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            data |= {"name": file.name, "content": _content(file)}
        else:
            data |= {"name": str(_("Solution")), "content": data.get("text", "").encode()}
        if not data["content"].strip():
            raise ValidationError(_("Expected a solution, found nothing."))
        return data

    def entered(self) -> dict[str, Any]:
        """Return name and bytes and how to read them, as read_solution_file() takes them."""
        data = self.cleaned_data
        return {
            "file": data["name"],
            "data": data["content"],
            "includes_hidden": data["includes_hidden"],
        }


def _content(file: UploadedFile) -> bytes:
    """Return a file's bytes, or refuse one that is too large before anybody reads it all."""
    size, begins = file.size or 0, file.read(len(MAGIC))
    most = LARGEST_WORKBOOK if begins == MAGIC else LARGEST
    if size > most:
        raise ValidationError(
            _("Expected at most %(most)d kB, found %(found)d kB."),
            params={"most": most // 1024, "found": size // 1024},
        )
    return bytes(begins + file.read())
