"""Telling leaders that results are there: one mail a leader and release, with a link only.

A notice is claimed by pushing its due time into the future, so that a worker that dies leaves it
to be sent again.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from diagnostics.models import ResultNotice
from diagnostics.results.selectors.actions import led_units
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.results.selectors.notices import leaders_of
from diagnostics.results.selectors.pages import unit_address
from survey.errors import StateError
from survey.mail.messages import staff_mail
from survey.mail.sending import BACKOFF, MailLine, mail_server, try_to_send
from survey.models import Campaign, MessageState
from survey.queue import later

CLAIM: Final = timedelta(minutes=20)


@transaction.atomic
def tell_leaders(*, campaign: Campaign) -> int:
    """Write a mail to every leader and deputy who got none yet; return how many are new."""
    if current_assessment(campaign) is None:
        raise StateError(f"{campaign.name}: expected results, found none yet.")
    known = set(ResultNotice.objects.filter(campaign=campaign).values_list("user_id", flat=True))
    now = timezone.now()
    new = [
        ResultNotice(campaign=campaign, user=user, due_at=now)
        for user in leaders_of(campaign)
        if user.pk not in known
    ]
    ResultNotice.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        later("diagnostics.tasks.send_result_notices", campaign.pk)
    return len(new)


def send_result_notices(*, campaign_id: UUID, now: datetime) -> int:
    """Send what is due and return how many mails the server accepted."""
    due = ResultNotice.objects.filter(
        campaign=campaign_id, state=MessageState.WAITING, due_at__lte=now
    )
    sent = 0
    with mail_server() as line:
        for notice in due.select_related("user", "campaign__organisation"):
            if _claim(notice, now) and _send(notice, now, line):
                sent += 1
    _come_back(campaign_id, now)
    return sent


def _claim(notice: ResultNotice, now: datetime) -> bool:
    """Take a notice unless another worker has; its count of attempts goes up."""
    unclaimed = ResultNotice.objects.filter(
        pk=notice.pk, state=MessageState.WAITING, due_at=notice.due_at
    )
    notice.attempts += 1
    return bool(unclaimed.update(due_at=now + CLAIM, attempts=F("attempts") + 1))


def _send(notice: ResultNotice, now: datetime, line: MailLine) -> bool:
    stored = ResultNotice.objects.filter(pk=notice.pk)
    links = _links(notice)
    if not links:
        stored.delete()  # somebody who leads no unit any more is not told
        return False
    failure = try_to_send(partial(notice_mail, notice, links), line)
    if failure is None:
        stored.update(state=MessageState.SENT, last_error="")
        return True
    wait = failure.wait_after(notice.attempts)
    if wait is None:
        stored.update(state=MessageState.FAILED, last_error=failure.reason)
    else:
        stored.update(due_at=now + wait, last_error=failure.reason)
    return False


def _come_back(campaign_id: UUID, now: datetime) -> None:
    """Queue the next try where one is due later."""
    waiting = ResultNotice.objects.filter(campaign=campaign_id, state=MessageState.WAITING)
    first = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    if first is not None:
        again = max(first, now + BACKOFF[0])
        later("diagnostics.tasks.send_result_notices", campaign_id, at=again)


def _links(notice: ResultNotice) -> list[tuple[str, str]]:
    """Return name and address of each unit that the leader leads in the campaign now."""
    units = led_units(notice.user, notice.campaign).order_by("position")
    return [
        (unit.name, f"{settings.SITE_URL}{unit_address(notice.campaign_id, unit.pk)}")
        for unit in units
    ]


def notice_mail(notice: ResultNotice, links: list[tuple[str, str]]) -> EmailMultiAlternatives:
    """Return a leader's mail with the links."""
    campaign, user = notice.campaign, notice.user
    with translation.override(user.language):
        names = {"campaign": campaign.name, "organisation": campaign.organisation.name}
        return staff_mail(
            user,
            template="result_notice",
            subject=_("%(campaign)s: results of your unit at %(organisation)s") % names,
            context={**names, "links": links},
        )
