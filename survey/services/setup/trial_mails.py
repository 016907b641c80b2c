"""Test mails: sent like invitations, confirmed by whoever received one."""

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import StateError
from survey.mail.addresses import address_as_sent
from survey.mail.messages import trial_mail
from survey.mail.sending import mail_server, try_to_send
from survey.models import Campaign, CampaignState, TrialMail
from survey.queue import later
from survey.services.states import wrong_state

MOST: Final = 20  # of one campaign; the page must not become a way to send mail to anybody


@transaction.atomic
def request_trial_mail(
    *, campaign: Campaign, email: str, language: str, now: datetime | None = None
) -> TrialMail:
    """Queue a test mail of a draft."""
    address = address_as_sent(email)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != CampaignState.DRAFT:
        raise wrong_state(locked, gettext("%(campaign)s: expected a draft, found “%(state)s”."))
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
    later("survey.tasks.send_trial_mail", trial.pk)
    return trial


def deliver_trial_mail(*, trial_id: UUID) -> None:
    """Send the mail and note what the server said; a second call sends nothing."""
    trial = TrialMail.objects.filter(pk=trial_id, sent_at=None).first()
    if trial is None:
        return
    with mail_server() as line:
        failure = try_to_send(partial(trial_mail, trial, trial_link(trial)), line)
    noted = TrialMail.objects.filter(pk=trial_id)
    if failure is None:
        noted.update(sent_at=timezone.now(), problem="")
    else:
        noted.update(problem=failure.reason)


@transaction.atomic
def confirm_trial_mail(*, trial: TrialMail, now: datetime | None = None) -> None:
    """Note that the mail was received; the first confirmation counts."""
    TrialMail.objects.filter(pk=trial.pk, confirmed_at=None).update(
        confirmed_at=now or timezone.now()
    )


def trial_link(trial: TrialMail) -> str:
    """Return the address at which the mail is confirmed; never built from a request's host."""
    return f"{settings.SITE_URL}{reverse('survey:trial-confirm', args=[trial.pk])}"
