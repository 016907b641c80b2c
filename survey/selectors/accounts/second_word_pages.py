"""The page of everything that waits for a second person's word, by organisation."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from survey.access import CampaignRight, organisations_where
from survey.models import Campaign, CampaignState, Organisation, User
from survey.selectors.accounts.asked_changes import AskedChangeRow, asked_rows
from survey.selectors.accounts.later_readers import LaterReaderRow, later_reader_rows
from survey.selectors.head_counts.pages import confirmable_campaigns, waits_for_word


@dataclass(frozen=True, slots=True)
class SecondWords:
    """What waits in one organisation."""

    organisation: Organisation
    drafts: tuple[Campaign, ...]  # whose head counts the reader may confirm now
    readers: tuple[LaterReaderRow, ...]
    changes: tuple[AskedChangeRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.drafts or self.readers or self.changes)

    @property
    def for_reader(self) -> int:
        """How much of it the reader may decide now."""
        readers = sum(row.may_agree for row in self.readers)
        return len(self.drafts) + readers + sum(row.may_agree for row in self.changes)


def second_word_pages(user: User) -> tuple[SecondWords, ...]:
    """Return what waits in each organisation where the user gives second words."""
    readers, changes = later_reader_rows(user), asked_rows(user)
    drafts = [one for one in _drafts(user) if waits_for_word(one, user)]
    return tuple(
        SecondWords(
            organisation,
            tuple(one for one in drafts if one.organisation_id == organisation.pk),
            tuple(row for row in readers if _is_in(organisation.pk, row.waiting.campaign)),
            tuple(row for row in changes if _is_in(organisation.pk, row.asked.campaign)),
        )
        for organisation in organisations_where(user, CampaignRight.CONFIRM)
    )


def _drafts(user: User) -> QuerySet[Campaign]:
    drafts = confirmable_campaigns(user).filter(state=CampaignState.DRAFT)
    return drafts.order_by("name", "pk")


def _is_in(organisation_id: UUID, campaign: Campaign) -> bool:
    return campaign.organisation_id == organisation_id
