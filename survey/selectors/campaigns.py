"""Which organisations and campaigns somebody manages, and what a campaign asks."""

from django.db.models import QuerySet

from survey.access import CampaignRight, campaigns_where, organisations_where
from survey.instrument.content import ConstructRole, Instrument, parse_instrument
from survey.models import Campaign, CampaignState, Organisation, Upload, User
from survey.selectors.campaign_states import with_states


def managed_organisations(user: User) -> QuerySet[Organisation]:
    """Return the organisations whose campaigns the user runs, by name."""
    return organisations_where(user, CampaignRight.RUN_CAMPAIGNS)


def managed_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the campaigns that the user runs, the newest first, drafts on top."""
    managed = campaigns_where(user, CampaignRight.RUN_CAMPAIGNS)
    return (
        with_states(managed)
        .select_related("organisation", "instrument")
        .order_by("organisation__name", "-wave", "name")
    )


def pending_uploads(user: User) -> QuerySet[Upload]:
    """Return what the user uploaded and has not confirmed, while the role lasts."""
    return Upload.objects.filter(
        user=user,
        campaign__organisation__in=managed_organisations(user),
        campaign__state=CampaignState.DRAFT,
    ).select_related("campaign__organisation", "campaign__instrument")


def questionnaire_of(campaign: Campaign) -> Instrument:
    """Return the statements that a campaign asks, with all questions about the person."""
    return asked_statements(campaign, parse_instrument(campaign.instrument.content))


def asked_statements(campaign: Campaign, instrument: Instrument) -> Instrument:
    """Return a questionnaire without the checks and markers that a campaign does not ask."""
    switches = {
        ConstructRole.CHECK: campaign.asks_attention_check,
        ConstructRole.MARKER: campaign.asks_markers,
    }
    return instrument.without(*(role for role, is_asked in switches.items() if not is_asked))
