"""Forms about single people of an open campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import AddressField, LineField
from survey.mail.shown_addresses import shown_address
from survey.models import Campaign, CampaignUnit, Function, Recipient


class AddressForm(forms.Form):
    """The address and name of somebody who is invited."""

    email = AddressField(label=_("E-mail address"))
    name = LineField(label=_("Name"), max_length=120, required=False)

    def __init__(self, recipient: Recipient, *args: Any, **options: Any) -> None:  # noqa: ANN401
        initial = {"email": shown_address(recipient.email), "name": recipient.name}
        super().__init__(*args, **{"initial": initial, **options})


class PlaceForm(forms.Form):
    """The unit and function that somebody is to answer for."""

    unit = forms.ModelChoiceField(CampaignUnit.objects.none(), label=_("Unit"))
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.fields["unit"].queryset = campaign.units.all()  # type: ignore[attr-defined]


class LatecomerForm(forms.Form):
    """Somebody who is added while the campaign is open."""

    email = AddressField(label=_("E-mail address"))
    name = LineField(label=_("Name"), max_length=120, required=False)
    unit = forms.ModelChoiceField(CampaignUnit.objects.none(), label=_("Unit"))
    function = forms.ChoiceField(label=_("Function"), choices=Function.choices)

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.fields["unit"].queryset = campaign.units.all()  # type: ignore[attr-defined]
