"""The form with which a respondent says that the unit is wrong."""

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.models import Function

CONTROL = {"class": "form-control", "autocomplete": "off"}


class UnitReportForm(forms.Form):
    """Where somebody works in fact."""

    text = forms.CharField(
        label=_("In which unit do you work?"),
        max_length=200,
        widget=forms.TextInput(CONTROL | {"aria-describedby": "unit-help"}),
    )
    function = forms.ChoiceField(
        label=_("In which line of work?"),
        choices=Function.choices,
        widget=forms.Select({"class": "form-control"}),
    )
