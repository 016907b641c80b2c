"""Which organisations and campaigns somebody manages; everything else does not exist for them."""

from django.db.models import QuerySet

from survey.access import CampaignRight, campaigns_where, organisations_where
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
