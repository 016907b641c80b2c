"""A server that refuses everybody brands nobody: mails wait, it is told once, and they go again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import StateError
from survey.mail.outbox import send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import (
    Campaign,
    Invitation,
    MailTrouble,
    Membership,
    Message,
    Recipient,
    Role,
    User,
    Who,
)
from survey.selectors.deliveries import deliveries_of
from survey.selectors.mail_troubles import mail_state_for
from survey.services.running.links import resend_invitation
from survey.services.running.reminders import send_reminder
from survey.services.running.resending import resend_failed
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.mail.rough_server import RoughServer
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RELAY = "554 5.7.1 <{}>: Relay access denied"
REFUSALS = {
    "blocked sender": ("MAIL", "550 5.7.1 sender blocked"),
    "sign-in required": ("MAIL", "530 5.7.0 authentication required"),
    "words alone": ("MAIL", "550 go away"),
    "relay denied": ("RCPT", "554 5.7.1 relay access denied"),
    "system full": ("RCPT", "452 4.3.1 system storage"),
    "routing": ("RCPT", "550 5.4.6 mail loops"),
    "quota of the sender": ("RCPT", "550 5.4.5 daily sending quota exceeded"),
    "no word why": ("RCPT", "550 rejected"),
    "later, no word why": ("RCPT", "451 try again"),
    "no mail wanted": ("DATA", "554 5.7.0 no mail today"),
    "content": (".", "550 5.6.0 content refused"),
    "content, by words": (".", "550 looks like spam"),
}


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    """Return an open campaign whose people have mailboxes at several companies."""
    campaign = open_campaign_of(manager.memberships.get().organisation)
    for number, recipient in enumerate(Recipient.objects.order_by("email")):
        recipient.email = recipient.email.replace("example.com", f"{'abc'[number % 3]}.example")
        recipient.save()
    return campaign


def invitations() -> set[tuple[str, int]]:
    return set(Message.objects.exclude(invitation=None).values_list("state", "attempts"))


def alarms() -> list[str]:
    return list(Message.objects.filter(kind="mail_alarm").values_list("user__email", flat=True))


def everybody() -> list[str]:
    return sorted(Recipient.objects.values_list("email", flat=True))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_of_everybody_costs_nobody_a_try_and_is_told_once(
    campaign: Campaign, rough: RoughServer, refusal: str
) -> None:
    rough.answers = dict([REFUSALS[refusal]])

    sent = [send_due_messages()]
    for wait in (BACKOFF[0], DAY):
        let_pass(wait)
        sent.append(send_due_messages())
    during = (invitations(), Invitation.objects.filter(bounced=True).count(), alarms())
    causes = list(MailTrouble.objects.values_list("cause", "is_general"))
    rough.answers = {}
    let_pass(DAY)
    after = [send_due_messages(), send_due_messages()]

    assert (sum(sent), during) == (0, ({("waiting", 0)}, 0, ["maria@example.com"]))
    assert causes == [(REFUSALS[refusal][1], True)]
    assert sorted(rough.taken) == sorted([*everybody(), "maria@example.com"])
    assert (after, invitations(), alarms()) == ([10, 0], {("sent", 1)}, ["maria@example.com"])
    assert not MailTrouble.objects.under_way().exists()


def test_a_server_that_refuses_is_asked_a_few_times_and_more_and_more_seldom(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.answers = {"MAIL": "550 5.7.1 sender blocked"}
    asked = []

    for minutes in (0, 1, 1, 4, 5, 25, 30):
        let_pass(timedelta(minutes=minutes))
        before = rough.senders
        send_due_messages()
        asked.append(rough.senders - before)

    assert asked == [1, 1, 0, 1, 0, 1, 1]


def test_mails_that_stay_in_the_house_go_while_those_that_leave_it_wait(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.of_recipients = {f"{name}.example": "554 5.7.1 relay denied" for name in "bc"}

    sent = 0
    for _ in range(3):
        sent += send_due_messages()
        let_pass(BACKOFF[2])

    inside = [email for email in everybody() if email.endswith("@a.example")]
    assert (sent, sorted(rough.taken)) == (4, sorted([*inside, "maria@example.com"]))
    assert invitations() == {("sent", 1), ("waiting", 0)}
    assert alarms() == ["maria@example.com"]
    assert not Invitation.objects.filter(bounced=True).exists()


def test_a_few_dead_mailboxes_among_others_are_no_trouble_of_the_server(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.of_recipients = dict.fromkeys(everybody()[:3], "550 5.1.1 gone")
    rough.of_recipients[everybody()[4]] = "550 rejected"

    assert send_due_messages() == 5
    assert invitations() == {("sent", 1), ("failed", 1)}
    assert Invitation.objects.filter(bounced=True).count() == 4
    assert (alarms(), MailTrouble.objects.count()) == ([], 0)


def test_another_spell_and_another_cause_are_told_anew(
    campaign: Campaign, rough: RoughServer
) -> None:
    told = []
    for answer in ("550 5.7.1 blocked", "550 5.7.1 blocked", "530 5.7.0 sign in"):
        rough.answers = {"MAIL": answer}
        Message.objects.exclude(invitation=None).update(state="waiting", attempts=0)
        let_pass(DAY)
        send_due_messages()
        told.append(len(alarms()))
        rough.answers = {}
        let_pass(DAY)
        send_due_messages()

    assert told == [1, 2, 3]
    assert MailTrouble.objects.exclude(ended_at=None).count() == 3


def test_no_round_of_reminders_is_used_up_by_a_server_that_refuses(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.answers = {"MAIL": "550 5.7.1 sender blocked"}
    Campaign.objects.update(opens_at=timezone.now() - 3 * DAY)
    campaign.refresh_from_db()
    send_due_messages()

    with pytest.raises(StateError, match="found one that refuses them"):
        send_reminder(campaign=campaign)
    campaign.refresh_from_db()
    before = campaign.reminder_round
    rough.answers = {}
    let_pass(DAY)
    send_due_messages()
    send_reminder(campaign=campaign)

    assert (before, campaign.reminder_round) == (0, 1)


def test_a_reminder_that_is_refused_waits_too_and_nothing_tells_that_it_was_for_somebody(
    client: Client, manager: User, campaign: Campaign, rough: RoughServer
) -> None:
    send_due_messages()
    Message.objects.update(sent_at=timezone.now() - 3 * DAY)
    Campaign.objects.update(opens_at=timezone.now() - 3 * DAY)
    campaign.refresh_from_db()
    Invitation.objects.exclude(recipient__email=everybody()[0]).update(done=True, used=True)
    send_reminder(campaign=campaign)
    rough.of_recipients = {everybody()[0]: RELAY.format(everybody()[0])}
    send_due_messages()
    client.force_login(manager)

    page = client.get(reverse("survey:campaign-detail", args=[campaign.pk]))

    assert set(Message.objects.filter(round=1).values_list("state", "attempts")) == {("waiting", 0)}
    assert [words in page.text for words in ("Relay access denied", everybody()[0])] == [False] * 2
    assert (page.context["page"].deliveries.waiting, alarms()) == (0, [])


def test_reminders_that_are_all_refused_are_told_of_without_a_name(
    client: Client, manager: User, campaign: Campaign, rough: RoughServer
) -> None:
    Message.objects.update(kind="reminder", round=1)
    rough.of_recipients = {email: RELAY.format(email) for email in everybody()}
    send_due_messages()
    client.force_login(manager)

    page = client.get(reverse("survey:campaign-detail", args=[campaign.pk])).text

    assert "554 5.7.1 Relay access denied" in page
    assert [email for email in everybody() if email in page] == []
    assert alarms() == ["maria@example.com"]


def test_failed_mails_are_offered_again_all_at_once_to_whoever_has_answered_too(
    client: Client, manager: User, campaign: Campaign, rough: RoughServer
) -> None:
    """As an older version left them: branded by what was the server's affair."""
    whole, gone = everybody()[:3], everybody()[3]
    Message.objects.update(state="sent", sent_at=timezone.now())
    failed = Message.objects.filter(invitation__recipient__email__in=whole)
    failed.update(state="failed", last_error="554 5.7.1 <x@y.example>: Relay access denied")
    Message.objects.filter(pk=failed[0].pk).update(state="bounced", last_error="5.7.1 550 spam")
    Message.objects.filter(invitation__recipient__email=gone).update(
        state="failed", last_error="550 5.1.1 no such user"
    )
    Invitation.objects.filter(recipient__email__in=[*whole, gone]).update(bounced=True)
    Invitation.objects.filter(recipient__email=whole[0]).update(done=True, used=True)
    client.force_login(manager)
    address = reverse("survey:campaign-detail", args=[campaign.pk])
    offered = client.get(address).text

    answers = [client.post(reverse("survey:campaign-resend", args=[campaign.pk]), follow=True).text
               for _ in range(2)]  # fmt: skip
    sent = send_due_messages()

    assert "The mails to 3 people did not go" in offered
    assert "once more to 3 people" in answers[0]
    assert "found none that could go now" in answers[1]
    assert (sent, sorted(rough.taken)) == (3, whole)
    assert list(Invitation.objects.filter(bounced=True).values_list("recipient__email")) == [
        (gone,)
    ]


def test_the_number_of_failed_mails_says_nothing_about_who_has_answered(
    campaign: Campaign,
) -> None:
    Message.objects.update(state="failed", last_error="554 relay denied")
    numbers = [deliveries_of(campaign).resendable]
    Invitation.objects.filter(recipient__email=everybody()[0]).update(done=True, used=True)
    numbers.append(deliveries_of(campaign).resendable)
    Invitation.objects.filter(recipient__email=everybody()[1]).update(bounced=True)  # a reminder
    numbers.append(deliveries_of(campaign).resendable)

    assert numbers == [9, 9, 9]
    assert resend_failed(campaign=campaign, by=Who.WORKER) == 9


def test_failed_mails_of_a_closed_campaign_are_not_sent_again(campaign: Campaign) -> None:
    Message.objects.update(state="failed", last_error="554 relay denied")
    Campaign.objects.update(state="closed")

    with pytest.raises(StateError, match="expected an open campaign"):
        resend_failed(campaign=campaign, by=Who.WORKER)
    assert invitations() == {("failed", 0)}


def test_an_administrator_reads_what_the_server_says_and_others_do_not(
    client: Client, manager: User, campaign: Campaign, rough: RoughServer
) -> None:
    ada = User.objects.create_user("ada@example.com")
    Membership.objects.create(organisation=campaign.organisation, user=ada, role=Role.ADMINISTRATOR)
    rough.answers = {"MAIL": "550 5.7.1 sender blocked"}
    Message.objects.create(kind="of a later version", user=ada)
    send_due_messages()
    client.force_login(ada)

    page = client.get(reverse("diagnostics:home")).text

    assert "550 5.7.1 sender blocked" in page
    assert "1 mail waits for a newer version of the product" in page
    assert mail_state_for(manager) is None


def test_a_single_mail_that_is_sent_again_is_nobody_elses_affair(
    campaign: Campaign, rough: RoughServer
) -> None:
    rough.answers = {"MAIL": "550 5.7.1 sender blocked"}
    send_due_messages()
    person = Recipient.objects.get(email=everybody()[0])

    resend_invitation(recipient=person, by=Who.WORKER)
    rough.answers = {}

    assert send_due_messages() == 2  # and the manager, whom the server takes mail for again
    assert alarms() == ["maria@example.com"]
