"""Forms that change an open campaign as a whole."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.campaign_times import moved_closing_problem
from survey.forms.times import WallTimeField, moment_in
from survey.models import Campaign


class ExtensionForm(forms.Form):
    """Another closing time, on the campaign's own clock."""

    closes_at = WallTimeField(label=gettext_lazy("Closes at"))

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.campaign = campaign
        field = self.fields["closes_at"]
        field.help_text = _("On the clock of %(zone)s.") % {"zone": campaign.time_zone}
        with timezone.override(campaign.time_zone):
            local = timezone.localtime(campaign.closes_at)
        field.initial = local.replace(tzinfo=None)

    def clean_closes_at(self) -> datetime:
        """Return the moment, if the campaign can close then."""
        moment = moment_in(self.cleaned_data["closes_at"], self.campaign.time_zone)
        if problem := moved_closing_problem(self.campaign, moment, timezone.now()):
            raise ValidationError(problem)
        return moment


class CancelForm(forms.Form):
    """The confirmation without which a campaign is not cancelled."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("Delete every answer given so far, unread and for good")
    )
