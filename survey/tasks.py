"""Work for the background worker; every task may run twice with one effect.

Services queue tasks by their names (`survey.queue`); a name that was queued must stay.
"""

from uuid import UUID

from django_tasks import task

from survey.mail.bounces import read_mailbox
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, Function, TrialMail, User
from survey.services.keys.alarms import post_key_alarms
from survey.services.ledger import asked_by
from survey.services.opening.alarms import post_opening_alarms
from survey.services.opening.closing import open_closed_campaign
from survey.services.opening.passphrases import wrap_key as wrap
from survey.services.organisations.account_mail import post_set_password_mails
from survey.services.running import latecomers, launching, links
from survey.services.running.cancelling import finish_cancellation as finish
from survey.services.setup.trial_mails import post_trial_mail


@task()
def send_set_password_mail(user_id: str, attempt: int = 1) -> None:
    """Put the mail into the outbox; only tasks that were queued earlier ask for it."""
    post_set_password_mails(user_ids=[UUID(user_id)])


@task()
def queue_set_password_mails(user_ids: list[str]) -> None:
    """Put the set-password mail of each new account into the outbox."""
    post_set_password_mails(user_ids=[UUID(user_id) for user_id in user_ids])


@task()
def prepare_keys(campaign_id: str) -> None:
    """Make a draft's keys here and prove that ballots sealed for them can be opened here."""
    launching.prepare_keys(campaign_id=UUID(campaign_id))


@task()
def send_trial_mail(trial_id: str) -> None:
    """Put a draft's test mail into the outbox; only tasks that were queued earlier ask for it."""
    for trial in TrialMail.objects.filter(pk=trial_id, sent_at=None):
        post_trial_mail(trial=trial)


@task()
def launch_campaign(campaign_id: str) -> None:
    """Launch the campaign that its manager asked to launch."""
    launching.carry_out_launch(campaign_id=UUID(campaign_id))


@task()
def wrap_key(campaign_id: str) -> None:
    """Put a launched campaign's private key under the works council's passphrase."""
    wrap(campaign_id=UUID(campaign_id))


@task()
def invite_latecomers(campaign_id: str) -> int:
    """Write the invitations of people added while the campaign is open; return how many."""
    return latecomers.invite_latecomers(campaign_id=UUID(campaign_id))


@task()
def replace_link(invitation_id: str, by: str = "") -> None:
    """Replace a lost link, or one that went to a wrong address, by a new one.

    by: the account that asked; tasks that were queued earlier name none.
    """
    links.replace_link(invitation_id=UUID(invitation_id), by=asked_by(by))


@task()
def move_person(invitation_id: str, unit_id: str, function: str, by: str = "") -> None:
    """Invite somebody for another unit or function, with a new link.

    by: the account that asked; tasks that were queued earlier name none.
    """
    links.move_person(
        invitation_id=UUID(invitation_id),
        unit_id=UUID(unit_id),
        function=Function(function),
        by=asked_by(by),
    )


@task()
def finish_cancellation(campaign_id: str) -> None:
    """Wipe what a cancelled campaign, or a discarded draft, left in files; destroy its key."""
    finish(campaign_id=UUID(campaign_id))


@task()
def send_messages() -> int:
    """Send every message that is due; return how many the server accepted."""
    return send_due_messages()


@task()
def open_ballots(campaign_id: str) -> None:
    """Open a closed campaign's ballots and release its results."""
    open_closed_campaign(campaign_id=UUID(campaign_id))


@task()
def tell_of_failed_opening(campaign_id: str, user_id: str, attempt: int = 1) -> None:
    """Put the alarm into the outbox; only tasks that were queued earlier ask for it."""
    for campaign in Campaign.objects.filter(pk=campaign_id):
        users = User.objects.filter(pk=user_id)
        post_opening_alarms(users=users, campaign=campaign, problem=len(campaign.opening_alarms))


@task()
def read_bounces() -> None:
    """Go through the unread mail of the bounce mailbox."""
    read_mailbox()


@task()
def send_key_alarm(user_id: str, campaign_id: str, since: str, attempt: int = 1) -> None:
    """Put the alarm into the outbox; only tasks that were queued earlier ask for it."""
    for campaign in Campaign.objects.filter(pk=campaign_id):
        post_key_alarms(users=User.objects.filter(pk=user_id), campaign=campaign, since=since)
