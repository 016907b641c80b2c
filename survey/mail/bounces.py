"""Mails that came back after the server had accepted them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from survey.errors import InputError
from survey.mail.delivery_reports import FailureReport, read_report, seems_a_report
from survey.mail.failure_reasons import storable
from survey.mail.kinds import mail_kinds
from survey.mail.mailboxes import UnreadMail, unread_mails
from survey.mail.sending import MailFailure, Trouble
from survey.mail.verdicts import Verdict, verdict_of_stored
from survey.models import Invitation, MailboxDay, Message, MessageState
from survey.services.steps import database_is_lost, reason_of, standing_alone

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ReadMail:
    """What was in a mailbox: all mails, those that report a failure, and those of them noted."""

    mails: int = 0
    reports: int = 0
    noted: int = 0
    unread: int = 0  # that seem to be reports and cannot be read
    left: int = 0  # as they were, to be tried again


@transaction.atomic
def note_bounce(*, report: FailureReport) -> bool:
    """Mark a sent mail as come back; False if it is not ours, or is marked already.

    Only what is wrong with the address counts against it. A reminder that came back stops further
    ones, and is shown to nobody: reminders go to those who have not answered, so its state would
    say that about a person.
    """
    known = Message.objects.select_related("user", "campaign")
    message = known.filter(pk=report.message_id).first()
    if message is None:
        return False
    sent = Message.objects.filter(pk=message.pk, state=MessageState.SENT)
    changed = sent.update(state=MessageState.BOUNCED, last_error=report.reason)
    is_servers = verdict_of_stored(report.reason) is Verdict.SERVER
    if message.invitation_id is not None:
        if not is_servers:
            Invitation.objects.filter(pk=message.invitation_id).update(bounced=True)
    elif changed and (kind := mail_kinds().get(message.kind)) is not None:
        trouble = Trouble.SERVER if is_servers else Trouble.REFUSED
        with standing_alone("note that a mail came back", message.pk):
            kind.failed(message, MailFailure(trouble, report.reason), True)
    return bool(changed)


def note_bounces(*, mails: Iterable[bytes]) -> ReadMail:
    """Go through a mailbox, each mail in a transaction of its own."""
    read = ReadMail()
    _note_each(mails, read)
    return read


def read_and_count(address: str) -> ReadMail:
    """Go through a mailbox and add to the day's numbers, also when it ends half-way.

    Raises InputError where the mailbox cannot be read.
    """
    read, problem = ReadMail(), ""
    try:
        _note_each(unread_mails(address), read)
    except InputError as error:
        problem = str(error)
        raise
    finally:
        _count(read, problem)
    return read


def read_mailbox() -> ReadMail | None:
    """Go through the configured mailbox; one that cannot be read is logged, and tried again later.

    Two workers at once do no harm: a mail is marked as read only after it was noted, and noting it
    a second time changes nothing.
    """
    if not settings.BOUNCE_MAILBOX:
        return None
    try:
        read = read_and_count(settings.BOUNCE_MAILBOX)
    except InputError as error:
        logger.error("The bounce mailbox could not be read. %s", error)
        return None
    if read.mails:
        logger.info(
            "Bounce mailbox: %d mails, %d noted as come back, %d reports not understood, %d left",
            read.mails,
            read.noted,
            read.unread,
            read.left,
        )
    return read


def _note_each(mails: Iterable[bytes], read: ReadMail) -> None:
    for content in mails:
        read.mails += 1
        try:
            _note_one(content, read)
        except Exception as error:
            # Whatever one mail sets off, a text that no parser expected or a lock in its row, the
            # others are other people's. It stays unread, for the next look.
            if database_is_lost(error):
                raise
            logger.error("A mail in the bounce mailbox was left unread: %s", reason_of(error))
            read.left += 1
            if isinstance(content, UnreadMail):
                content.is_handled = False


def _note_one(content: bytes, read: ReadMail) -> None:
    if isinstance(content, UnreadMail) and content.is_missing:
        read.left += 1
        return
    try:
        report, is_unread = read_report(content), seems_a_report(content)
    except Exception as error:  # noqa: BLE001 - mails of strangers, through a parser of strangers
        logger.error("A mail in the bounce mailbox cannot be read: %s", type(error).__name__)
        report, is_unread = None, True
    if report is not None:
        noted = note_bounce(report=report)
        read.reports += 1
        read.noted += noted
    elif is_unread:
        read.unread += 1


@transaction.atomic
def _count(read: ReadMail, problem: str) -> None:
    day, _ = MailboxDay.objects.get_or_create(day=timezone.localdate())
    MailboxDay.objects.filter(pk=day.pk).update(
        mails=F("mails") + read.mails,
        noted=F("noted") + read.noted,
        unread=F("unread") + read.unread,
        left=read.left,
        problem=storable(problem, MailboxDay.PROBLEM_LENGTH),
    )
