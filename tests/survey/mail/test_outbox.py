"""The outbox against a real mail server: once to everybody, retried, never with a foreign link."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from survey.mail.failure_reasons import reason_words
from survey.mail.outbox import BATCH, BATCHES, CLAIM, claim_batch, send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import Campaign, Invitation, Message, Recipient
from survey.sealing.tokens import token_hash
from tests.survey.mail.mail_server import MailServer, text_of
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LINK = re.compile(r"http://localhost:8000/s/([a-z2-7]{32})-[a-z2-7]{16}")


@pytest.fixture
def campaign() -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


def states() -> dict[str, tuple[str, int, str]]:
    rows = Message.objects.values_list(
        "invitation__recipient__email", "state", "attempts", "last_error"
    )
    return {email: (state, attempts, error) for email, state, attempts, error in rows}


def test_everybody_gets_one_mail_over_one_connection(
    campaign: Campaign, server: MailServer
) -> None:

    sent = send_due_messages()
    let_pass(timedelta(days=1))
    again = send_due_messages()

    assert (sent, again) == (9, 0)
    assert server.recipients() == sorted(Recipient.objects.values_list("email", flat=True))
    assert server.connections == 1
    assert set(states().values()) == {("sent", 1, "")}


def test_the_link_of_each_mail_is_that_of_its_own_invitation(
    campaign: Campaign, server: MailServer
) -> None:
    send_due_messages()

    for message in server.messages:
        tokens = set(LINK.findall(text_of(message)))
        html = message.get_body(("html",))
        assert html is not None
        assert set(LINK.findall(html.get_content())) == tokens
        invitation = Invitation.objects.get(recipient__email=str(message["To"]))
        assert [token_hash(token) for token in tokens] == [bytes(invitation.token_hash)]


def test_a_mail_says_who_asks_until_when_and_what_happens_to_answers(
    campaign: Campaign, server: MailServer
) -> None:
    Campaign.objects.update(closes_at="2030-06-07T09:00:00Z")
    send_due_messages()

    message = next(mail for mail in server.messages if mail["To"] == "n1-0@example.com")
    assert message["Subject"] == "Spring survey: Acme asks for your view"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Rutin <rutin@localhost>"
    assert LINK.sub("[link]", text_of(message)).strip().splitlines() == [
        "Dear Person 0,",
        "",
        (
            "Acme asks everybody in its service units how work with digital services really goes: "
            "Spring survey. It takes about eight minutes, and a phone is enough."
        ),
        "",
        "Your personal link, good for one set of answers:",
        "[link]",
        "",
        "The survey is open until 7 June 2030, 12:00 (Europe/Helsinki).",
        "",
        "What happens to your answers:",
        (
            "- They are sealed at once. Nobody can read single answers, not your leader and not "
            "the people who send this mail."
        ),
        "- Results are only made for groups of 5 answers or more, after the survey has closed.",
        "- Taking part is voluntary. The page explains everything before the first question.",
        "",
        "Responsible: Acme Ltd. Questions: privacy@example.com.",
        "Please do not pass this mail on: whoever has the link can answer in your place.",
    ]


def test_a_large_campaign_is_sent_in_runs_with_one_mail_for_each_person(
    server: MailServer,
) -> None:
    run = BATCH * BATCHES
    open_campaign_of(organisation_with_manager()[0], people=people_csv(north=run + 1, workshop=0))
    DBTaskResult.objects.all().delete()  # what the launch queued

    first = send_due_messages()
    queued = DBTaskResult.objects.filter(task_path="survey.tasks.send_messages").count()
    second = send_due_messages()

    assert (first, queued, second) == (run, 1, 1)
    assert DBTaskResult.objects.count() == queued
    assert len(set(server.recipients())) == len(server.messages) == run + 1
    assert server.connections == 2


def test_an_address_that_is_refused_for_good_fails_at_once_and_the_others_are_sent(
    campaign: Campaign, server: MailServer
) -> None:
    server.answers["n1-0@example.com"] = "550 no such user here"

    assert send_due_messages() == 8
    assert states()["n1-0@example.com"] == ("failed", 1, "550 no such user here")
    assert list(Invitation.objects.filter(bounced=True).values_list("recipient__email")) == [
        ("n1-0@example.com",)
    ]


def test_one_address_with_an_invisible_sign_stops_nobody_elses_mail(server: MailServer) -> None:
    open_campaign_of(organisation_with_manager()[0], people=people_csv(north=100, workshop=50))
    poisoned = {  # written into the table: from now on no door lets them in
        "n1-0@example.com": ("n1-0@example.com\u202c", "U+202C POP DIRECTIONAL FORMATTING"),
        "n1-7@example.com": ("n1-7@exam\u00adple.com", "U+00AD SOFT HYPHEN"),
        "n1-60@example.com": (f"n1-60@{'ü' * 60}.com", f"'{'ü' * 60}…'"),
        "n2-3@example.com": ("n2-3@straße.example", "n2-3@strasse.example"),
        "n2-49@example.com": ("jörg@example.com", "U+00F6 LATIN SMALL LETTER O WITH DIAERESIS"),
    }
    for address, (poison, _) in poisoned.items():
        Recipient.objects.filter(email=address).update(email=poison)
    # Neither database takes half a character.
    with pytest.raises(UnicodeEncodeError), transaction.atomic():
        Recipient.objects.filter(email="n1-1@example.com").update(email="n1-1@exa\udc80mple.com")

    sent = send_due_messages()
    first = states()
    let_pass(timedelta(days=1))
    again = send_due_messages()

    everybody_else = {email for email in first if email not in dict(poisoned.values())}
    assert (sent, again, len(everybody_else)) == (145, 0, 145)
    assert server.recipients() == sorted(everybody_else)
    assert {first[email] for email in everybody_else} == {("sent", 1, "")}
    for poison, named in poisoned.values():
        state, attempts, reason = first[poison]
        assert (state, attempts) == ("failed", 1)
        assert reason_words(reason).startswith("This address cannot be written to: expected ")
        assert named in reason_words(reason)
    assert states() == first
    assert Invitation.objects.filter(bounced=True).count() == len(poisoned)


def test_a_campaign_whose_mails_cannot_be_made_holds_up_no_other(server: MailServer) -> None:
    broken = open_campaign_of(organisation_with_manager()[0])
    whole = open_campaign_of(organisation_with_manager("Other", "other@example.com")[0])
    Campaign.objects.filter(pk=broken.pk).update(time_zone="Nowhere/At all")

    first = send_due_messages()
    Campaign.objects.filter(pk=broken.pk).update(time_zone="Europe/Helsinki")
    waiting = Message.objects.filter(invitation__campaign=broken)
    reasons = set(waiting.values_list("state", "last_error"))
    let_pass(BACKOFF[0])
    second = send_due_messages()

    assert (first, second) == (9, 9)
    assert reasons == {("waiting", "unexpected: ZoneInfoNotFoundError")}
    assert set(Message.objects.filter(invitation__campaign=whole).values_list("state")) == {
        ("sent",)
    }


def test_a_sender_that_cannot_be_written_brands_nobody_and_all_goes_once_it_is_right(
    campaign: Campaign, server: MailServer, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = f"bounces@{'ü' * 60}.com"

    first = send_due_messages()
    noted = set(states().values())
    settings.BOUNCE_ADDRESS = "bounces@example.com"
    let_pass(BACKOFF[0])
    second = send_due_messages()

    assert (first, second) == (0, 9)
    assert {(state, attempts) for state, attempts, _ in noted} == {("waiting", 1)}
    assert {error.startswith("unexpected: Unicode") for _, _, error in noted} == {True}
    assert not Invitation.objects.filter(bounced=True).exists()


def test_a_server_that_hangs_up_at_one_mail_costs_no_other_one_a_try(
    campaign: Campaign, server: MailServer
) -> None:
    server.answers["n1-0@example.com"] = "421 too many today"

    sent = [send_due_messages()]
    for wait in BACKOFF:
        let_pass(wait)
        sent.append(send_due_messages())

    assert sent == [8, 0, 0, 0, 0, 0]
    assert states()["n1-0@example.com"] == ("failed", 6, "421 too many today")
    assert {(state, attempts) for state, attempts, _ in states().values()} == {
        ("sent", 1), ("failed", 6),
    }  # fmt: skip


@pytest.mark.parametrize("ends_silently", [False, True])
@pytest.mark.parametrize("most_mails", [1, 4])
def test_a_server_that_takes_so_many_mails_over_one_connection_is_called_again(
    campaign: Campaign, server: MailServer, most_mails: int, ends_silently: bool
) -> None:
    server.most_mails, server.ends_silently = most_mails, ends_silently

    sent = send_due_messages()

    assert (sent, server.connections) == (9, -(-9 // most_mails))
    assert server.recipients() == sorted(Recipient.objects.values_list("email", flat=True))
    assert set(states().values()) == {("sent", 1, "")}


def test_a_server_that_takes_no_mail_over_any_connection_is_not_called_for_ever(
    campaign: Campaign, server: MailServer
) -> None:
    server.most_mails = 0

    assert send_due_messages() == 0
    assert server.connections == 1
    assert {state for email, state in states().items() if email} == {
        ("waiting", 0, "421 4.7.0 too many mails over one connection")
    }


def test_an_answer_that_no_database_takes_is_noted_without_its_odd_signs(
    campaign: Campaign, server: MailServer
) -> None:
    server.answers["n1-0@example.com"] = "550 no\x00 such\x1b[31m user"

    assert send_due_messages() == 8
    assert states()["n1-0@example.com"] == ("failed", 1, "550 no such[31m user")


def test_names_full_of_odd_signs_hold_up_no_mail(campaign: Campaign, server: MailServer) -> None:
    odd = "\x01\x07\x1b[31m\u202e\u2028=?utf-8?q?x?= \u0085" + "x" * 80
    Recipient.objects.update(name=odd)
    Campaign.objects.update(name=odd, mail_signature=odd)
    campaign.organisation.name = odd
    campaign.organisation.save()

    assert send_due_messages() == 9
    assert len(server.recipients()) == 9
    assert {str(message["Bcc"]) for message in server.messages} == {"None"}


def test_an_address_that_is_put_off_is_tried_again_later_and_later(
    campaign: Campaign, server: MailServer
) -> None:
    server.answers["n1-0@example.com"] = "451 try again later"
    waits = []

    for _ in range(len(BACKOFF) + 1):
        send_due_messages()
        message = Message.objects.get(invitation__recipient__email="n1-0@example.com")
        waits.append(round((message.due_at - timezone.now()) / MINUTE) * MINUTE)
        let_pass(message.due_at - timezone.now())

    assert tuple(waits[:-1]) == BACKOFF
    assert states()["n1-0@example.com"] == ("failed", 6, "451 try again later")
    assert len(server.messages) == 8


def test_a_mail_that_was_put_off_is_sent_once_the_server_takes_it(
    campaign: Campaign, server: MailServer
) -> None:
    server.answers["n1-0@example.com"] = "451 try again later"
    send_due_messages()
    server.answers.clear()

    let_pass(timedelta(seconds=55))
    assert send_due_messages() == 0
    let_pass(timedelta(seconds=5))
    assert send_due_messages() == 1
    assert states()["n1-0@example.com"] == ("sent", 2, "")


def test_a_server_that_is_down_costs_no_attempt(campaign: Campaign, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert send_due_messages() == 0

    assert set(states().values()) == {("waiting", 0, "unreachable: [Errno 111] Connection refused")}
    waits = {due_at - timezone.now() for due_at in Message.objects.values_list("due_at", flat=True)}
    assert {round(wait / MINUTE) for wait in waits} == {1}


def test_what_a_killed_worker_had_claimed_is_sent_after_the_claim(
    campaign: Campaign, server: MailServer
) -> None:
    claimed = claim_batch()

    assert (len(claimed), send_due_messages()) == (9, 0)
    let_pass(CLAIM - MINUTE)
    assert send_due_messages() == 0
    let_pass(MINUTE)
    assert send_due_messages() == 9
    assert set(states().values()) == {("sent", 1, "")}


def test_people_who_answered_get_no_reminder_and_the_revoked_no_mail_at_all(
    campaign: Campaign, server: MailServer
) -> None:
    Invitation.objects.filter(recipient__email="n1-0@example.com").update(revoked=True)
    send_due_messages()
    invited = len(server.messages)
    Message.objects.update(kind="reminder", round=1, state="waiting", due_at=timezone.now())
    Invitation.objects.filter(unit__code="N2").update(done=True, used=True)

    assert (invited, send_due_messages()) == (8, 5)
    assert Message.objects.filter(state="waiting").count() == 0


def test_no_name_can_add_a_header_or_an_address(campaign: Campaign, server: MailServer) -> None:
    attack = "x\r\nBcc: all@example.com\r\n\r\nbody"
    Recipient.objects.update(name=attack)
    Campaign.objects.update(name=attack)
    campaign.organisation.name = attack
    campaign.organisation.save()

    assert send_due_messages() == 9
    assert len(server.recipients()) == 9
    for message in server.messages:
        assert message["Bcc"] is None
        assert message["Subject"] == (
            "x Bcc: all@example.com body: x Bcc: all@example.com body asks for your view"
        )


def test_names_in_html_mail_are_text(campaign: Campaign, server: MailServer) -> None:
    Recipient.objects.update(name="<script>alert(1)</script>")

    send_due_messages()

    html = server.messages[0].get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "Dear &lt;script&gt;alert(1)&lt;/script&gt;," in html.get_content()
    assert "Dear <script>alert(1)</script>," in text_of(server.messages[0])


def test_without_the_key_mails_wait_and_say_why(
    campaign: Campaign, server: MailServer, settings: Settings
) -> None:
    Path(settings.KEY_DIR, f"{campaign.id}.key").unlink()

    for tries in range(8):  # more than a server that refuses gets
        let_pass(tries * timedelta(hours=12))
        assert send_due_messages() == 0
    assert {state for state, _, _ in states().values()} == {"waiting"}
    assert states()["n1-0@example.com"][2] == "no key"


def test_no_row_of_the_database_holds_a_token(campaign: Campaign, server: MailServer) -> None:
    send_due_messages()
    tokens = [LINK.findall(text_of(message))[0] for message in server.messages]

    stored = repr([list(model.objects.values()) for model in (Invitation, Message, Recipient)])

    assert [token for token in tokens if token in stored] == []
