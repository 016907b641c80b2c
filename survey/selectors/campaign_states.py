"""What a campaign's state is called at a moment: by its times and results as well."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from survey.models import Campaign, CampaignState, ReleasedSet
from survey.models.campaigns import grace
from survey.selectors.passphrases import waits_for_passphrase


def state_words(campaign: Campaign, now: datetime | None = None) -> str:
    """Return the state in words that are true now, in the language in force."""
    moment = now or timezone.now()
    if campaign.state == CampaignState.OPEN:
        return _words_of_open(campaign, moment)
    if campaign.state == CampaignState.CLOSED:
        return _words_of_closed(campaign, moment)
    if campaign.state == CampaignState.RELEASED and not has_figures(campaign):
        return _("Ended, too few answers for results")
    if campaign.state == CampaignState.CANCELLED and campaign.is_rehearsal:
        return _("Rehearsal ended")
    return str(campaign.get_state_display())


def with_states(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Have a list of campaigns bring along what the words of their states need."""
    figures = ReleasedSet.objects.filter(release=OuterRef("pk"))
    return campaigns.select_related("key").annotate(figures=Exists(figures))


def has_figures(campaign: Campaign) -> bool:
    """Tell whether a released campaign has any figure: of too few answers it has none."""
    if (known := getattr(campaign, "figures", None)) is not None:
        return bool(known)
    return ReleasedSet.objects.filter(release=campaign.pk).exists()


def last_call(campaign: Campaign, now: datetime) -> datetime | None:
    """Return until when whoever has begun may finish, while nobody else may begin; else None."""
    if campaign.state == CampaignState.CLOSED:
        end = campaign.accepts_until
    elif campaign.state == CampaignState.OPEN and not campaign.is_running(now):
        end = campaign.closes_at + grace() if campaign.closes_at else None
    else:
        return None
    return end if end is not None and now < end else None


def _words_of_open(campaign: Campaign, now: datetime) -> str:
    if not campaign.is_running(now):
        return _("Closed, last answers coming in")
    if not campaign.takes_beginners(now):
        return _("Launched, not open yet")
    if campaign.rests(now):
        return _("Open, but resting")
    return str(campaign.get_state_display())


def _words_of_closed(campaign: Campaign, now: datetime) -> str:
    if last_call(campaign, now) is not None:
        return _("Closed, last answers coming in")
    if waits_for_passphrase(campaign):
        return _("Closed, waiting for the passphrase")
    if campaign.opening_problem:
        return _("Closed, could not be opened yet")
    return str(campaign.get_state_display())
