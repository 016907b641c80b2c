"""Mails that came back after the server had accepted them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from survey.errors import InputError
from survey.mail.delivery_reports import FailureReport, read_report
from survey.mail.mailboxes import unread_mails
from survey.models import Invitation, Message, MessageState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What was in a mailbox: all mails, those that report a failure, and those of them noted."""

    mails: int
    reports: int
    noted: int


@transaction.atomic
def note_bounce(*, report: FailureReport) -> bool:
    """Mark a sent mail as come back; False if it is not ours, or is marked already.

    A reminder that came back stops further ones, and is shown to nobody: reminders go to those
    who have not answered, so its state would say that about a person.
    """
    changed = Message.objects.filter(pk=report.message_id, state=MessageState.SENT).update(
        state=MessageState.BOUNCED, last_error=report.reason
    )
    Invitation.objects.filter(messages=report.message_id).update(bounced=True)
    return bool(changed)


def note_bounces(*, mails: Iterable[bytes]) -> ReadMail:
    """Go through a mailbox, each mail in a transaction of its own."""
    seen = reports = noted = 0
    for content in mails:
        seen += 1
        report = read_report(content)
        if report is not None:
            reports += 1
            noted += note_bounce(report=report)
    return ReadMail(seen, reports, noted)


def read_mailbox() -> ReadMail | None:
    """Go through the configured mailbox; one that cannot be read is logged, and tried again later.

    Two workers at once do no harm: a mail is marked as read only after it was noted, and noting it
    a second time changes nothing.
    """
    if not settings.BOUNCE_MAILBOX:
        return None
    try:
        read = note_bounces(mails=unread_mails(settings.BOUNCE_MAILBOX))
    except InputError as error:
        logger.error("The bounce mailbox could not be read. %s", error)
        return None
    if read.mails:
        logger.info("Bounce mailbox: %d mails, %d noted as come back", read.mails, read.noted)
    return read
