"""Which closed campaigns' ballots may be opened, and which are due for a try."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from survey.models import Campaign, CampaignKey, CampaignState
from survey.models.campaigns import is_locked
from survey.policy import OPENING_RETRY


def campaigns_past_grace(now: datetime) -> QuerySet[Campaign]:
    """Return closed campaigns past their grace.

    It runs whoever has answered: an earlier opening would say that everybody had, and whoever had
    revoked all links but one would read in it what the last one did.
    """
    return Campaign.objects.filter(_past_grace(now))


def campaigns_due_to_open(now: datetime) -> QuerySet[Campaign]:
    """Return campaigns past their grace, and released ones whose key is still to destroy.

    One that was tried a moment ago is not due again yet.
    """
    has_key = Exists(CampaignKey.objects.filter(campaign=OuterRef("pk"), destroyed_at=None))
    is_unfinished = Q(state=CampaignState.RELEASED) & Q(has_key)
    return Campaign.objects.filter(_past_grace(now) | is_unfinished).filter(tried_long_ago(now))


def tried_long_ago(now: datetime) -> Q:
    """Whether the last try is long ago enough for another.

    One in the future was noted before the clock was set back, and holds nobody up.
    """
    waited = Q(opening_tried_at=None) | Q(opening_tried_at__lte=now - OPENING_RETRY)
    return waited | Q(opening_tried_at__gt=now)


def _past_grace(now: datetime) -> Q:
    return Q(state=CampaignState.CLOSED, accepts_until__lte=now) & ~Q(is_locked())
