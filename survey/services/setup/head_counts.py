"""A draft's people without e-mail, and the word of a second person for all of its numbers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.batches import ROWS_AN_INSERT
from survey.errors import ConfirmationError
from survey.models import (
    Action,
    Campaign,
    DraftAuthor,
    DraftHeadCount,
    Function,
    HeadCountConfirmation,
    User,
)
from survey.selectors.accounts.second_persons import right_to_confirm, second_persons
from survey.selectors.head_counts.confirmation import acting_accounts
from survey.selectors.head_counts.counts import HeadCounts, planned_counts
from survey.services.ledger import note
from survey.services.states import locked_draft


@transaction.atomic
def enter_head_counts(
    *, campaign: Campaign, counts: Mapping[tuple[str, Function], int], by: User
) -> None:
    """Keep how many people without e-mail each unit and function has, in place of what was there.

    counts: by the unit's code and the function; nobody is not kept.
    """
    locked_draft(campaign, gettext("%(campaign)s: expected a draft to change, found “%(state)s”."))
    DraftHeadCount.objects.filter(campaign=campaign).delete()
    DraftHeadCount.objects.bulk_create(
        [
            DraftHeadCount(
                campaign=campaign, unit_code=code, function=function, without_mail=number
            )
            for (code, function), number in counts.items()
            if number
        ],
        batch_size=ROWS_AN_INSERT,
    )
    note_author(campaign=campaign, user=by)


def note_author(*, campaign: Campaign, user: User) -> None:
    """Note that somebody entered people or numbers of a draft, of which another is to be sure."""
    DraftAuthor.objects.get_or_create(campaign=campaign, user=user)


@transaction.atomic
def confirm_head_counts(
    *, campaign: Campaign, digest: str, by: User, now: datetime | None = None
) -> HeadCountConfirmation:
    """Keep a second person's word for the numbers that were shown, whose digest comes along."""
    moment = now or timezone.now()
    locked = locked_draft(
        campaign,
        gettext("%(campaign)s: expected a draft whose numbers to confirm, found “%(state)s”."),
    )
    counts = planned_counts(locked, timezone.localdate(moment))
    _require_second_person(locked, by)
    if digest != counts.digest:
        raise ConfirmationError(
            gettext(
                "%(campaign)s: expected your word for the numbers as they are now, found it for "
                "others: they were changed while you looked. Look at them again."
            )
            % {"campaign": locked.name}
        )
    given, _is_new = HeadCountConfirmation.objects.update_or_create(
        campaign=locked,
        defaults={
            "user": by,
            "name": str(by),
            "day": timezone.localdate(moment, ZoneInfo(locked.time_zone)),
            "digest": digest,
        },
    )
    note(Action.HEAD_COUNTS_CONFIRMED, by=by, campaign=locked, detail=_noted(counts), now=moment)
    return given


def _require_second_person(campaign: Campaign, user: User) -> None:
    acting, right = acting_accounts(campaign, None), right_to_confirm(campaign)
    if user.pk in acting:
        message = gettext(
            "%(campaign)s: expected somebody else to confirm, found that you entered people or "
            "numbers of it yourself."
        )
    elif second_persons(campaign, acting=acting, right=right).filter(pk=user.pk).exists():
        return
    elif campaign.gives_rows:
        message = gettext(
            "%(campaign)s: expected somebody of the works council, who had signed in before this "
            "draft was begun, since analysts get its single answers; found another account."
        )
    else:
        message = gettext(
            "%(campaign)s: expected somebody of the works council, or an administrator, who had "
            "signed in before this draft was begun, found another account."
        )
    raise ConfirmationError(message % {"campaign": campaign.name})


def _noted(counts: HeadCounts) -> dict[str, Any]:
    """Return what the ledger keeps: the sums of each function, and the fingerprint of the whole."""
    sums = {function: counts.of_function(function) for function in Function}
    return {
        "invited": counts.by_mail,
        "without_mail": counts.without_mail,
        "people": [
            {"unit": "", "function": function.value, "invited": by_mail, "without_mail": without}
            for function, (by_mail, without) in sums.items()
        ],
        "gives_rows": counts.gives_rows,
        "digest": counts.digest,
    }
