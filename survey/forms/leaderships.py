"""The form that appoints a unit's leader or a deputy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import AddressField, LineField
from survey.models import Leadership


class AppointmentForm(forms.Form):
    """Who leads or stands in from today on."""

    kind = forms.ChoiceField(label=_("As"), choices=Leadership.Kind.choices)
    email = AddressField(label=_("E-mail address"))
    name = LineField(label=_("Name"), max_length=120, required=False)
