"""How the scoring of a release stands that has no results yet."""

from dataclasses import dataclass

from django.urls import reverse

from diagnostics.access import sees_every_unit
from diagnostics.models import Scoring
from survey.models import Campaign, CampaignState, User


@dataclass(frozen=True, slots=True)
class ScoringState:
    """What came of the tries so far, and where whoever may ask for another one does so."""

    scoring: Scoring
    ask_url: str

    @property
    def is_ended(self) -> bool:
        """Whether the last try came to nothing, whether or not there is a next one."""
        return not self.scoring.is_going and not self.scoring.is_ready


def scoring_state(user: User, campaign: Campaign) -> ScoringState | None:
    """Return how the scoring of a released campaign stands; None before it was asked for."""
    scoring = Scoring.objects.filter(campaign=campaign).first()
    if scoring is None or campaign.state != CampaignState.RELEASED:
        return None
    may_ask = sees_every_unit(user, campaign)
    url = reverse("diagnostics:scoring-request", args=[campaign.pk]) if may_ask else ""
    return ScoringState(scoring=scoring, ask_url=url)
