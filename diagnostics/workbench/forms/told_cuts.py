"""The field of the frequency cut where numbers of people are told in bands."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from diagnostics.analyses.telling import CUTS


def told_cut_field(**options: Any) -> forms.TypedChoiceField:  # noqa: ANN401
    """Return the field that cuts rows where a band begins, and nowhere else."""
    return forms.TypedChoiceField(
        label=_("Frequency cut"), choices=[(cut, str(cut)) for cut in CUTS], coerce=int, **options
    )
