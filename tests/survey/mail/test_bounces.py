"""Mails that come back: which reports count, how they arrive, and what the manager then sees.

Row 19 of the feature table (delivery states and bounces); that "sent" comes only after the
server accepted is shown in test_outbox.
"""

import json
import mailbox
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.jobs.worker import LeasingWorker
from survey.mail.bounces import note_bounce, read_mailbox
from survey.mail.delivery_reports import FailureReport, read_report
from survey.mail.outbox import send_due_messages
from survey.mail.signed_requests import LIFE, signature
from survey.models import Campaign, Invitation, Message, Recipient, User, Who
from survey.services.running.links import resend_invitation
from survey.services.running.reminders import send_reminder
from survey.services.schedule import run_due_work
from tests.survey.mail.mail_server import MailServer
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
SECRET = "a secret that both sides know, long enough"

# As a relay sends it that could not reach the mailbox's server, with the returned mail whole.
RELAY = """\
Return-Path: <>
From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: {arrived}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_relay"

--=_relay
Content-Type: text/plain; charset=us-ascii

I am sorry to inform you that your message could not be delivered.

--=_relay
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Arrival-Date: Mon, 2 Mar 2026 08:00:00 +0200

Final-Recipient: rfc822; n1-0@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <n1-0@example.com>:
    no such user here

--=_relay
Content-Type: message/rfc822

From: Rutin <rutin@localhost>
To: n1-0@example.com
Subject: Spring survey
Message-ID: <{message_id}@localhost>
MIME-Version: 1.0
Content-Type: text/plain

Your personal link
--=_relay--
"""
# As an exchange server sends it: only the headers of the mail come back, line ends are CRLF.
HEADERS_ONLY = """\
From: <postmaster@exchange.example>
To: {arrived}
Subject: Undeliverable: Spring survey
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b1"

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/html; charset="utf-8"

<p>Your message could not be delivered.</p>
--b2--
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns;exchange.example

Final-recipient: RFC822;n1-0@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp;554 5.2.2 mailbox full

--b1
Content-Type: text/rfc822-headers

From: Rutin <rutin@localhost>
Message-ID: <{message_id}@localhost>

--b1--
"""
OUT_OF_OFFICE = """\
From: n1-0@example.com
To: {arrived}
Subject: Out of office
Auto-Submitted: auto-replied
In-Reply-To: <{message_id}@localhost>

I am back on Monday.
"""


def report(form: str, message_id: object, **changes: str) -> bytes:
    fields = {"action": "failed", "status": "5.1.1", "arrived": "rutin@localhost"} | changes
    return form.format(message_id=message_id, **fields).encode()


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    """Return an open campaign whose invitations were all accepted by the server."""
    campaign = open_campaign_of(manager.memberships.get().organisation)
    Message.objects.update(state="sent", sent_at=timezone.now())
    return campaign


@pytest.fixture
def message(campaign: Campaign) -> Message:
    return Message.objects.get(invitation__recipient__email="n1-0@example.com")


def states() -> dict[str, str]:
    found = Message.objects.exclude(state="sent")
    return dict(found.values_list("invitation__recipient__email", "state"))


def test_reports_of_several_servers_tell_which_mail_failed_and_why() -> None:
    known = uuid4()
    verp = f"bounces+{known.hex}@rutin.example"
    without = {"status": "", "arrived": f"Bounces <{verp}>"}

    assert [
        read_report(report(RELAY, known)),
        read_report(report(HEADERS_ONLY, known).replace(b"\n", b"\r\n")),
        read_report(report(RELAY, "lost", arrived=verp)),
        read_report(report(HEADERS_ONLY, "lost", **without)),
    ] == [
        FailureReport(known, "5.1.1 550 5.1.1 <n1-0@example.com>: no such user here"),
        FailureReport(known, "5.1.1 554 5.2.2 mailbox full"),
        FailureReport(known, "5.1.1 550 5.1.1 <n1-0@example.com>: no such user here"),
        FailureReport(known, "554 5.2.2 mailbox full"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        report(RELAY, uuid4(), action="delayed", status="4.4.1"),
        report(RELAY, uuid4(), action="delivered", status="2.0.0"),
        report(OUT_OF_OFFICE, uuid4()),
        report(RELAY, "not-ours"),
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"Content-Type: message/delivery-status\n\nAction: failed\n\n",
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
        ),
    ],
    ids=["delayed", "delivered", "out of office", "foreign", "empty", "bytes", "bare", "nested"],
)
def test_any_other_mail_is_no_report_of_a_failure(content: bytes) -> None:
    assert read_report(content) is None


def test_a_mail_names_itself_to_whoever_returns_it_and_not_its_link(
    campaign: Campaign, message: Message, server: MailServer, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@rutin.example"
    Message.objects.update(state="waiting")

    send_due_messages()

    sent = next(mail for mail in server.messages if mail["To"] == "n1-0@example.com")
    assert sent["From"] == settings.DEFAULT_FROM_EMAIL
    assert server.senders["n1-0@example.com"] == f"bounces+{message.id.hex}@rutin.example"
    assert sent["Message-ID"] == f"<{message.id}@localhost>"


def test_a_mail_that_came_back_is_shown_and_its_address_corrected(
    client: Client, manager: User, campaign: Campaign, message: Message
) -> None:
    client.force_login(manager)
    recipient = Recipient.objects.get(invitation__messages=message)
    person = reverse("survey:person-detail", args=[campaign.id, recipient.pk])

    noted = [note_bounce(report=FailureReport(message.id, "5.1.1 no such user")) for _ in range(2)]

    page = client.get(reverse("survey:campaign-detail", args=[campaign.id])).content.decode()
    assert noted == [True, False]
    assert states() == {"n1-0@example.com": "bounced"}
    assert page.count(f'href="{person}"') == 1
    assert page.count("5.1.1 no such user") == 1
    assert "Came back" in client.get(person).content.decode()
    listed = client.get(reverse("survey:person-list", args=[campaign.id])).content.decode()
    assert listed.count("Came back") == 1
    resend_invitation(recipient=recipient, by=Who.WORKER)
    assert states() == {"n1-0@example.com": "waiting"}
    assert not Invitation.objects.filter(bounced=True).exists()


def test_a_reminder_that_came_back_is_shown_to_nobody(
    client: Client, manager: User, campaign: Campaign
) -> None:
    client.force_login(manager)
    Message.objects.update(sent_at=timezone.now() - timedelta(days=3))
    Campaign.objects.update(opens_at=timezone.now() - timedelta(days=3))
    send_reminder(campaign=campaign)
    Message.objects.filter(round=1).update(state="sent")
    addresses = [
        reverse("survey:campaign-detail", args=[campaign.id]),
        reverse("survey:person-list", args=[campaign.id]),
    ]
    before = [client.get(address).content for address in addresses]

    reminder = Message.objects.filter(round=1)[0]
    noted = note_bounce(report=FailureReport(reminder.id, "5.2.2 full"))

    masked = [client.get(address).content for address in addresses]
    assert noted
    assert Invitation.objects.get(bounced=True) == reminder.invitation
    assert [len(page) for page in masked] == [len(page) for page in before]
    assert b"5.2.2" not in b"".join(masked)


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_the_command_reads_each_mail_of_a_local_mailbox_once(
    tmp_path: Path, message: Message, kind: str
) -> None:
    path = tmp_path / "bounces"
    box = mailbox.Maildir(path) if kind == "maildir" else mailbox.mbox(path)
    for content in (report(RELAY, message.id), report(OUT_OF_OFFICE, message.id)):
        box.add(content)
    box.close()
    output = StringIO()

    for _ in range(2):
        call_command("read_bounces", f"{kind}://{path}", stdout=output)

    assert output.getvalue().splitlines() == [
        "2 unread mails, 1 reports of failure, 1 noted.",
        "0 unread mails, 0 reports of failure, 0 noted.",
    ]
    assert states() == {"n1-0@example.com": "bounced"}


def looks() -> list[str]:
    """Return how the worker's looks into the mailbox stand."""
    found = DBTaskResult.objects.filter(task_path="survey.tasks.read_bounces")
    return [
        str(status) for status in found.order_by("enqueued_at").values_list("status", flat=True)
    ]


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_a_configured_mailbox_every_five_minutes(
    tmp_path: Path, message: Message, settings: Settings
) -> None:
    box = mailbox.Maildir(tmp_path / "bounces")
    box.add(report(RELAY, message.id))
    now = timezone.now()
    run_due_work(now)
    without_a_mailbox = looks()
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/bounces"

    run_due_work(now)
    run_due_work(now + timedelta(hours=1))  # the first still waits
    waiting = looks()
    LeasingWorker(worker_id="one", interval=0.01, until_idle=True).run()
    run_due_work(timezone.now() + timedelta(minutes=4))
    too_early = looks()
    run_due_work(timezone.now() + timedelta(minutes=6))

    assert (without_a_mailbox, waiting) == ([], ["READY"])
    assert (too_early, looks()) == (["SUCCESSFUL"], ["SUCCESSFUL", "READY"])
    assert states() == {"n1-0@example.com": "bounced"}


def test_a_mailbox_that_cannot_be_read_is_told_to_the_log_and_stops_no_worker(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/absent"

    assert read_mailbox() is None

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "The bounce mailbox could not be read. Mailbox: expected imaps://" in caplog.text


class ImapHandler(socketserver.StreamRequestHandler):
    """As much of an IMAP server as one unread mail needs."""

    content = b""
    seen: list[str] = []  # noqa: RUF012 - one server a test, emptied by it
    timeout = 20

    def handle(self) -> None:
        """Answer until the client is gone."""
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.wfile.write(b"".join(self.answer(command)) + f"{tag} {self.end}\r\n".encode())

    def answer(self, command: str) -> Iterator[bytes]:
        self.end = "OK done"
        if command.startswith("LOGIN") and command != 'LOGIN rutin "pass word"':
            self.end = "NO wrong password"
        elif command == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("SELECT"):
            yield b"* 1 EXISTS\r\n"
        elif command.startswith("UID SEARCH"):
            yield b"* SEARCH\r\n" if self.seen else b"* SEARCH 7\r\n"
        elif command.startswith("UID FETCH"):
            yield b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n" % len(self.content)
            yield self.content + b")\r\n"
        elif command.startswith("UID STORE"):
            self.seen.append(command)


def test_the_command_reads_a_mailbox_over_imap_and_never_tells_the_password(
    message: Message, settings: Settings
) -> None:
    ImapHandler.content = report(HEADERS_ONLY, message.id)
    ImapHandler.seen.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), ImapHandler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{server.server_address[1]}/Bounces"
        settings.BOUNCE_MAILBOX = f"imap://rutin:pass%20word@{place}"
        output = StringIO()
        call_command("read_bounces", stdout=output)
        call_command("read_bounces", stdout=output)
        settings.BOUNCE_MAILBOX = f"imap://rutin:another@{place}"
        with pytest.raises(CommandError, match="found b'wrong password'") as refused:
            call_command("read_bounces", stdout=output)
        server.shutdown()

    assert output.getvalue().splitlines()[:2] == [
        "1 unread mails, 1 reports of failure, 1 noted.",
        "0 unread mails, 0 reports of failure, 0 noted.",
    ]
    assert ImapHandler.seen == [r"UID STORE 7 +FLAGS (\Seen)"]
    assert states() == {"n1-0@example.com": "bounced"}
    assert "another" not in str(refused.value)


def test_the_command_says_what_mailbox_it_expected(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX: expected the address of a mailbox"):
        call_command("read_bounces")
    with pytest.raises(CommandError, match=r"expected imaps://.*, found imap\."):
        call_command("read_bounces", "imap://user:secret@mail.example.com/in")
    with pytest.raises(CommandError, match=r"that exists, found maildir: .*absent"):
        call_command("read_bounces", f"maildir://{tmp_path}/absent")


def post_report(body: bytes, *, at: float, secret: str = SECRET, kind: str = "") -> int:
    signed = signature(body, secret=secret, at=int(at))
    return (
        Client(enforce_csrf_checks=True)
        .post(
            "/hooks/bounces/",
            body,
            content_type=kind or "message/rfc822",
            headers={"Rutin-Signature": signed},
        )
        .status_code
    )


def test_a_mail_service_reports_by_a_signed_request(message: Message, settings: Settings) -> None:
    now = time.time()
    body = report(RELAY, message.id)
    switched_off = post_report(body, at=now)
    settings.BOUNCE_WEBHOOK_SECRET = SECRET

    refused = [
        post_report(body, at=now, secret="another secret"),
        post_report(body, at=now - LIFE - 5),
        Client().post("/hooks/bounces/", body, content_type="message/rfc822").status_code,
        Client().get("/hooks/bounces/").status_code,
    ]
    before = states()
    taken = [post_report(body, at=now), post_report(body, at=now), post_report(b"?", at=now)]

    assert (switched_off, refused, before) == (404, [403, 403, 403, 405], {})
    assert taken == [204, 204, 422]
    assert states() == {"n1-0@example.com": "bounced"}


def test_a_signed_request_may_be_plain_json(message: Message, settings: Settings) -> None:
    settings.BOUNCE_WEBHOOK_SECRET = SECRET
    named = {"message_id": f"<{message.id}@localhost>", "reason": "550 no\r\nsuch\0 user"}
    bodies = [json.dumps(fields).encode() for fields in (named, {"message_id": 7}, ["x"], {})]

    answers = [post_report(body, at=time.time(), kind="application/json") for body in bodies]

    message.refresh_from_db()
    assert answers == [204, 422, 422, 422]
    assert (message.state, message.last_error) == ("bounced", "550 no such user")


def test_a_report_with_a_sign_that_no_database_takes_is_noted_like_any_other(
    message: Message, settings: Settings
) -> None:
    settings.BOUNCE_WEBHOOK_SECRET = SECRET
    body = report(RELAY, message.id).replace(
        b"Diagnostic-Code: smtp; ", b"Diagnostic-Code: smtp; \0"
    )

    assert b"\0" in body
    assert post_report(body, at=time.time()) == 204
    assert states() == {"n1-0@example.com": "bounced"}
