"""What a browser keeps of an answer that was handed in: nothing that opens the survey.

It says which campaign it was, in which language, and in which words to thank: so the page of
thanks can be shown again, and a repeated post ends there.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from survey.languages import is_offered
from survey.models import Campaign, CampaignState

SEPARATOR: Final = "."
OVER: Final = (CampaignState.RELEASED, CampaignState.CANCELLED)


class Thanks(StrEnum):
    """What may be said of an answer, as somebody may have answered before by the same link."""

    FIRST = "first"
    REISSUED = "reissued"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That somebody has handed an answer in with this browser."""

    words: Thanks
    language: str
    campaign: Campaign

    @property
    def text(self) -> str:
        """The same for everybody who answered the campaign in these words and this language."""
        return SEPARATOR.join((self.words, self.language, self.campaign.link_mark))


def read_receipt(text: str) -> Receipt | None:
    """Return what a browser kept, as long as its campaign is not over."""
    words, _, rest = text.partition(SEPARATOR)
    language, _, mark = rest.partition(SEPARATOR)
    if words not in tuple(Thanks) or not is_offered(language) or not mark.isalnum():
        return None
    running = Campaign.objects.exclude(state__in=OVER).filter(link_mark=mark)
    campaign = running.select_related("organisation").first()
    return Receipt(Thanks(words), language, campaign) if campaign else None
