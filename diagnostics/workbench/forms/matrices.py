"""The form with which an analyst uploads a matrix."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.forms.staff_form import StaffFormHelper
from survey.import_files.tables import MAX_BYTES
from survey.models import Organisation


class MatrixForm(forms.Form):
    """Take a file; what is in it is the reader's business."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Matrix (CSV or XLSX)"),
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx,text/csv"}),
        help_text=gettext_lazy(
            "A heading, then a line a case: its name first, then numbers; in CSV with a decimal "
            "point, or with a comma where semicolons part the cells. Of a workbook the first sheet "
            "counts. "
            "Raw figures or memberships; an empty cell is a missing value."
        ),
    )

    includes_hidden = forms.BooleanField(
        label=gettext_lazy("Read hidden rows of workbooks as well"), required=False
    )

    def __init__(self, organisations: QuerySet[Organisation], *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        field = self.fields["organisation"]
        field.queryset = organisations  # type: ignore[attr-defined]
        field.initial = organisations.first()
        self.helper = StaffFormHelper()

    def clean_file(self) -> Any:  # noqa: ANN401
        """Refuse a file that is too large before anybody reads it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _("Expected at most %(limit)d MB, found %(size).1f MB.")
                % {"limit": MAX_BYTES // 2**20, "size": file.size / 2**20}
            )
        return file
