"""The form that takes a published solution."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from survey.import_files.text import decode

LARGEST = 64 * 1024  # bytes; a solution is a screenful


class SolutionTableForm(forms.Form):
    """Take a solution as typed text or as a text file."""

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
    file = forms.FileField(label=_("Or a file (CSV or text)"), required=False)

    def clean(self) -> dict[str, Any]:
        """Take the file where there is one."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            if file.size > LARGEST:
                raise ValidationError(
                    _("Expected at most %(most)d kB, found %(found)d kB."),
                    params={"most": LARGEST // 1024, "found": file.size // 1024},
                )
            decoded = decode(file.read(), file=file.name)
            data |= {"name": file.name, "text": decoded.text, "remarks": decoded.remarks}
        else:
            data |= {"name": str(_("Solution")), "remarks": ()}
        if not data.get("text", "").strip():
            raise ValidationError(_("Expected a solution, found nothing."))
        return data
