"""Test mails: sent like invitations, confirmed by whoever received one."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import StateError
from survey.mail.addresses import address_as_sent
from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import trial_mail
from survey.mail.posting import post
from survey.mail.sending import MailFailure
from survey.models import Campaign, Message, MessageState, TrialMail
from survey.services.states import locked_draft

KIND: Final = "trial"
MOST: Final = 20  # of one campaign; the page must not become a way to send mail to anybody


@transaction.atomic
def request_trial_mail(
    *, campaign: Campaign, email: str, language: str, now: datetime | None = None
) -> TrialMail:
    """Queue a test mail of a draft."""
    address = address_as_sent(email)
    locked = locked_draft(campaign, gettext("%(campaign)s: expected a draft, found “%(state)s”."))
    if locked.trial_mails.count() >= MOST:
        raise StateError(
            gettext("%(campaign)s: expected at most %(most)d test mails, found %(most)d sent.")
            % {"campaign": locked.name, "most": MOST}
        )
    trial = TrialMail.objects.create(
        campaign=locked,
        email=address,
        language=language,
        requested_at=now or timezone.now(),
    )
    post_trial_mail(trial=trial)
    return trial


def post_trial_mail(*, trial: TrialMail) -> None:
    """Put the mail into the outbox."""
    post([Message(kind=KIND, campaign_id=trial.campaign_id, detail=str(trial.pk))])


def _compose(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return the mail, None if it has arrived or proves nothing, its words being others now."""
    trial = TrialMail.objects.filter(pk=message.detail, sent_at=None, confirmed_at=None).first()
    return trial_mail(trial, trial_link(trial)) if trial is not None else None


def _note_sent(message: Message) -> None:
    TrialMail.objects.filter(pk=message.detail).update(sent_at=timezone.now(), problem="")


def _note_failure(message: Message, failure: MailFailure, _is_over: bool) -> None:
    TrialMail.objects.filter(pk=message.detail).update(problem=failure.reason)


@transaction.atomic
def confirm_trial_mail(*, trial: TrialMail, now: datetime | None = None) -> None:
    """Note that the mail was received; the first confirmation counts.

    It may still wait in the outbox, if the server took it and could not say so.
    """
    Message.objects.filter(
        kind=KIND, campaign=trial.campaign_id, detail=str(trial.pk), state=MessageState.WAITING
    ).delete()
    TrialMail.objects.filter(pk=trial.pk, confirmed_at=None).update(
        confirmed_at=now or timezone.now()
    )


def trial_link(trial: TrialMail) -> str:
    """Return the address at which the mail is confirmed; never built from a request's host."""
    return f"{settings.SITE_URL}{reverse('survey:trial-confirm', args=[trial.pk])}"


TRIAL: Final = MailKind(_compose, sent=_note_sent, failed=_note_failure)
