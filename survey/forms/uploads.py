"""The form with which a manager brings the files of units and people."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.forms.fields import LineField
from survey.import_files.tables import MAX_BYTES
from survey.services.setup.imports import NamedFile

FILE_INPUT: Final = {"accept": ".csv,.txt,.xlsx,text/csv"}


class UploadForm(forms.Form):
    """Check that files came and are small; their content is the dry run's business."""

    units = forms.FileField(
        label=gettext_lazy("Units (CSV or XLSX)"),
        required=False,
        widget=forms.FileInput(FILE_INPUT),
        help_text=gettext_lazy(
            "Columns code, name, parent, and if you like leader_email and leader_name. "
            "They become the organisation's at the launch, those of a rehearsal never. Without a "
            "file the organisation's own units are used."
        ),
    )
    root_name = LineField(
        label=gettext_lazy("Name at the top of the tree"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Used where the file has several units without a parent; "
            "empty means the organisation's name."
        ),
    )
    uses_present_tree = forms.BooleanField(
        label=gettext_lazy("Forget this draft's own units and use the organisation's tree"),
        required=False,
        help_text=gettext_lazy("Without this and without a new file the draft's own units stay."),
    )
    people = forms.FileField(
        label=gettext_lazy("People (CSV or XLSX)"),
        widget=forms.FileInput(FILE_INPUT),
        help_text=gettext_lazy(
            "Columns email, name, unit, function (operations or sales), and if you like language."
        ),
    )

    includes_hidden = forms.BooleanField(
        label=gettext_lazy("Read hidden rows of workbooks as well"),
        required=False,
        help_text=gettext_lazy(
            "Rows that a filter hides are left out otherwise; the preview says how many."
        ),
    )

    def __init__(self, *args: Any, has_plan: bool, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        if not has_plan:
            del self.fields["uses_present_tree"]

    def clean_units(self) -> UploadedFile | None:
        """Refuse a file that is too large before anybody reads it."""
        return _small_enough(self.cleaned_data["units"])

    def clean_people(self) -> UploadedFile | None:
        """Refuse a file that is too large before anybody reads it."""
        return _small_enough(self.cleaned_data["people"])

    def uploaded(self) -> dict[str, Any]:
        """Return the files' names and bytes, as checked_upload() takes them."""
        units = self.cleaned_data["units"]
        return {
            "units": _named(units) if units else None,
            "people": _named(self.cleaned_data["people"]),
            "root_name": self.cleaned_data["root_name"],
            "includes_hidden": self.cleaned_data["includes_hidden"],
            "uses_present_tree": self.cleaned_data.get("uses_present_tree", False),
        }


def _named(file: UploadedFile) -> NamedFile:
    return NamedFile(file.name or "", file.read())


def _small_enough(file: UploadedFile | None) -> UploadedFile | None:
    if file and (file.size or 0) > MAX_BYTES:
        raise ValidationError(
            _("Expected at most %(limit)d MB, found %(size).1f MB.")
            % {"limit": MAX_BYTES // 2**20, "size": (file.size or 0) / 2**20}
        )
    return file
