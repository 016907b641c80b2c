"""Who is told of a campaign's results, and how far that is."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from diagnostics.access import ResultRight, leaders_of
from diagnostics.results.selectors.assessments import current_assessment
from survey.access import roles_for
from survey.models import Campaign, Message, MessageState, User

NOTICE: Final = "result_notice"  # the kind of mail, as it stands in the outbox


@dataclass(frozen=True, slots=True)
class LostNotice:
    """A leader whose mail did not go, and why, as survey.mail.failure_reasons stores it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeState:
    """How many leaders were told, are to be told, and who could not be reached."""

    untold: int  # leaders for whom no mail was written yet
    waiting: int
    sent: int
    failed: tuple[LostNotice, ...]


def notices_of(campaign: Campaign) -> QuerySet[Message]:
    """Return the mails that tell leaders of a campaign's results."""
    return Message.objects.filter(kind=NOTICE, campaign=campaign)


def notice_state(user: User, campaign: Campaign) -> NoticeState | None:
    """Return how far the telling is, None for all but HR and before there are results."""
    may_tell = roles_for(user, campaign).may(ResultRight.TELL_LEADERS)
    if not may_tell or current_assessment(campaign) is None:
        return None
    notices = list(notices_of(campaign).select_related("user"))
    told = {notice.user_id for notice in notices if notice.user_id is not None}
    states = [notice.state for notice in notices]
    return NoticeState(
        untold=leaders_of(campaign).exclude(pk__in=told).count(),
        waiting=states.count(MessageState.WAITING),
        sent=states.count(MessageState.SENT),
        failed=tuple(
            LostNotice(str(one.user), one.last_error)
            for one in notices
            if one.state == MessageState.FAILED
        ),
    )
