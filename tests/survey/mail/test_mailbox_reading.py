"""Reading the mailbox of reports: none is lost, none stops another, the unreadable is told."""

import mailbox
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from survey.mail import bounces
from survey.mail.bounces import ReadMail, note_bounce, note_bounces, read_mailbox
from survey.mail.delivery_reports import FailureReport
from survey.mail.outbox import send_due_messages
from survey.models import (
    Campaign,
    Invitation,
    MailboxDay,
    Membership,
    Message,
    Role,
    User,
)
from survey.services.organisations.account_mail import post_set_password_mails
from tests.survey.mail.mail_server import mail_server
from tests.survey.mail.reports import EXIM, parts, plain
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
FLAGS = b"* 3 FETCH (FLAGS (\\Seen))\r\n"
EXISTS = b"* 9 EXISTS\r\n* 1 RECENT\r\n"


@pytest.fixture
def campaign() -> Campaign:
    campaign = open_campaign_of(organisation_with_manager()[0])
    Message.objects.update(state="sent", sent_at=timezone.now())
    return campaign


@pytest.fixture
def messages(campaign: Campaign) -> list[Message]:
    return list(Message.objects.order_by("invitation__recipient__email")[:3])


def bounced() -> set[object]:
    return set(Message.objects.filter(state="bounced").values_list("pk", flat=True))


class Talking(socketserver.ThreadingTCPServer):
    """An IMAP server that tells what has changed whenever it likes."""

    daemon_threads = True
    block_on_close = False
    mails: dict[int, bytes]
    before: bytes = b""
    behind: bytes = b""
    seen: list[int]
    refuses: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    hangs_up_at: int | None = None
    uid_behind = False


class ImapTalk(socketserver.StreamRequestHandler):
    """As much of IMAP as a folder of unread mails needs."""

    server: Talking
    timeout = 20

    def handle(self) -> None:
        """Answer until the client is gone."""
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            answer = self.answer(command)
            if answer is None:
                return
            ended = b"NO not now" if answer == b"NO" else b"OK done"
            told = b"" if answer == b"NO" else answer
            self.wfile.write(told + f"{tag} ".encode() + ended + b"\r\n")

    def answer(self, command: str) -> bytes | None:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith("SELECT"):
            return b"* 3 EXISTS\r\n"
        if command.startswith("UID SEARCH"):
            found = [uid for uid in self.server.mails if uid not in self.server.seen]
            return EXISTS + FLAGS + b"* SEARCH " + " ".join(map(str, found)).encode() + b"\r\n"
        if command.startswith("UID FETCH"):
            return self.mail(int(command.split()[2]))
        if command.startswith("UID STORE"):
            self.server.seen.append(int(command.split()[2]))
            return b"* 1 FETCH (FLAGS (\\Seen))\r\n" + EXISTS
        return b""

    def mail(self, uid: int) -> bytes | None:
        server = self.server
        if uid == server.hangs_up_at:
            return None
        if uid in server.refuses:
            return b"NO"
        content = server.mails[uid]
        if uid in server.quoted:
            body = b'* 1 FETCH (UID %d BODY[]<0> "%s")\r\n' % (uid, content)
        elif server.uid_behind:
            body = b"* 1 FETCH (BODY[]<0> {%d}\r\n%s UID %d)\r\n" % (len(content), content, uid)
        else:
            body = b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(content), content)
        return server.before + body + server.behind


@contextmanager
def imap_server(settings: Settings, mails: list[bytes]) -> Iterator[Talking]:
    with Talking(("127.0.0.1", 0), ImapTalk) as server:
        server.mails, server.seen = dict(enumerate(mails, 7)), []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.BOUNCE_MAILBOX = f"imap://rutin:sesame@127.0.0.1:{server.server_address[1]}/INBOX"
        yield server
        server.shutdown()


@pytest.mark.parametrize("uid_behind", [False, True])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (FLAGS, b""), (b"", FLAGS), (EXISTS, EXISTS), (FLAGS + EXISTS, FLAGS),
        (b"* 2 FETCH (UID 99 FLAGS (\\Seen))\r\n", b"* 2 FETCH (UID 99 FLAGS ())\r\n"),
        (b"* 2 FETCH (UID 99 BODY[]<0> {3}\r\nHi!)\r\n", b""),
    ],
)  # fmt: skip
def test_what_a_server_tells_at_the_same_moment_loses_no_mail(
    messages: list[Message], settings: Settings, before: bytes, behind: bytes, uid_behind: bool
) -> None:
    with imap_server(settings, [parts(one.pk) for one in messages]) as server:
        server.before, server.behind, server.uid_behind = before, behind, uid_behind
        read = read_mailbox()

    assert read == ReadMail(mails=3, reports=3, noted=3)
    assert (bounced(), server.seen) == ({one.pk for one in messages}, [7, 8, 9])


def test_a_mail_that_is_not_handed_over_stays_unread_and_stops_no_other(
    messages: list[Message], settings: Settings
) -> None:
    with imap_server(settings, [parts(one.pk) for one in messages]) as server:
        server.refuses = frozenset({7})
        first = (read_mailbox(), list(server.seen))
        server.refuses = frozenset()
        second = (read_mailbox(), server.seen)

    assert first == (ReadMail(mails=3, reports=2, noted=2, left=1), [8, 9])
    assert second == (ReadMail(mails=1, reports=1, noted=1), [8, 9, 7])
    assert MailboxDay.objects.get().left == 0


def test_a_short_mail_in_quotes_is_a_mail_like_any_other(
    messages: list[Message], settings: Settings
) -> None:
    with imap_server(settings, [b'Subject: \\"hello\\"', parts(messages[0].pk)]) as server:
        server.quoted = frozenset({7})
        read = read_mailbox()

    assert read == ReadMail(mails=2, reports=1, noted=1)
    assert server.seen == [7, 8]


def test_a_server_that_hangs_up_half_way_loses_nothing_and_is_told(
    messages: list[Message], settings: Settings
) -> None:
    with imap_server(settings, [parts(one.pk) for one in messages]) as server:
        server.hangs_up_at = 8
        broken = (read_mailbox(), list(server.seen), len(bounced()))
        day = MailboxDay.objects.get()
        server.hangs_up_at = None
        whole = read_mailbox()

    assert broken == (None, [7], 1)
    assert (day.mails, day.noted, day.problem[:40]) == (
        1,
        1,
        "Mailbox: expected to read it, found comm",
    )
    assert whole == ReadMail(mails=2, reports=2, noted=2)
    assert (MailboxDay.objects.get().noted, MailboxDay.objects.get().problem) == (3, "")


@pytest.mark.parametrize("kind", ["imap", "maildir", "mbox"])
def test_a_mail_that_could_not_be_handled_stays_unread_until_it_was(
    messages: list[Message], settings: Settings, tmp_path: Path, kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    contents = [parts(one.pk) for one in messages]

    def noting(*, report: FailureReport) -> bool:
        if report.message_id == messages[1].pk:
            raise RuntimeError("a row that is locked")
        return note_bounce(report=report)

    with imap_server(settings, contents):
        if kind != "imap":
            box = (
                mailbox.Maildir(tmp_path / "b")
                if kind == "maildir"
                else mailbox.mbox(tmp_path / "b")
            )
            for content in contents:
                box.add(content)
            box.close()
            settings.BOUNCE_MAILBOX = f"{kind}://{tmp_path}/b"
        monkeypatch.setattr(bounces, "note_bounce", noting)
        first = read_mailbox()
        monkeypatch.setattr(bounces, "note_bounce", note_bounce)
        rest = [read_mailbox(), read_mailbox()]

    assert first == ReadMail(mails=3, reports=2, noted=2, left=1)
    assert rest == [ReadMail(mails=1, reports=1, noted=1), ReadMail()]
    assert bounced() == {one.pk for one in messages}


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_mails_that_no_parser_writes_again_are_kept_as_they_were(
    messages: list[Message], settings: Settings, tmp_path: Path, kind: str
) -> None:
    odd = b"Subject: \xff\xfe\nContent-Type: text/plain; charset=no-such\n\n\xe4\xf6\xfc"
    box = mailbox.Maildir(tmp_path / "b") if kind == "maildir" else mailbox.mbox(tmp_path / "b")
    for content in (odd, parts(messages[0].pk)):
        box.add(content)
    box.close()
    settings.BOUNCE_MAILBOX = f"{kind}://{tmp_path}/b"

    read = [read_mailbox(), read_mailbox()]

    files = [place for place in (tmp_path / "b").rglob("*") if place.is_file()]
    kept = b"".join(place.read_bytes() for place in files or [tmp_path / "b"])
    assert read == [ReadMail(mails=2, reports=1, noted=1), ReadMail()]
    assert odd in kept.replace(b"Status: RO\n", b"")


def test_what_could_not_be_read_is_counted_and_shown_to_administrators_alone(
    client: Client, campaign: Campaign, messages: list[Message]
) -> None:
    ada = User.objects.create_user("ada@example.com")
    Membership.objects.create(organisation=campaign.organisation, user=ada, role=Role.ADMINISTRATOR)
    read = note_bounces(mails=[parts(messages[0].pk), parts(None), plain(None, EXIM), b"Hello"])
    bounces._count(read, "")
    bounces._count(ReadMail(left=2), "Mailbox: expected to read it, found nothing.")
    pages = []
    for user in (ada, User.objects.get(email="maria@example.com")):
        client.force_login(user)
        pages.append(client.get(reverse("diagnostics:home")).text)

    told = ["2 mails of the last 14 days look like reports", "2 mails in that mailbox could not be",
            "Mailbox: expected to read it, found nothing."]  # fmt: skip
    assert read == ReadMail(mails=4, reports=1, noted=1, unread=2)
    assert [[words in page for words in told] for page in pages] == [[True] * 3, [False] * 3]


def test_a_mailbox_that_cannot_be_opened_is_told_by_the_command_and_on_the_page(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BOUNCE_MAILBOX = f"maildir://{tmp_path}/absent"

    with pytest.raises(CommandError, match="that exists, found maildir"):
        call_command("read_bounces")

    assert "that exists, found maildir" in MailboxDay.objects.get().problem


def test_a_report_about_the_server_counts_against_no_address(messages: list[Message]) -> None:
    reasons = ["5.7.1 550 blocked as spam", "5.1.1 550 nobody", "4.4.1 no route for five days"]
    for message, reason in zip(messages, reasons, strict=True):
        note_bounce(report=FailureReport(message.pk, reason))

    found = Invitation.objects.filter(messages__in=messages).values_list("messages", "bounced")
    assert dict(found) == dict(zip([one.pk for one in messages], [False, True, False], strict=True))
    assert bounced() == {one.pk for one in messages}


def test_a_report_of_no_mail_of_ours_changes_nothing(messages: list[Message]) -> None:
    before = list(Message.objects.order_by("pk").values())

    read = note_bounces(mails=[parts(uuid4()), parts(None), b""])

    assert (read.noted, list(Message.objects.order_by("pk").values())) == (0, before)


def test_a_mail_to_an_account_names_itself_and_is_shown_when_it_comes_back(
    settings: Settings, campaign: Campaign
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@rutin.example"
    lars = User.objects.get(email="lars@example.com")
    Message.objects.all().delete()
    post_set_password_mails(user_ids=[lars.pk])
    message = Message.objects.get()
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        send_due_messages()

    noted = note_bounces(mails=[parts(message.pk)])

    lars.refresh_from_db()
    assert server.messages[0]["Message-ID"] == f"<{message.pk}@localhost>"
    assert server.senders == {"lars@example.com": f"bounces+{message.pk.hex}@rutin.example"}
    assert (noted.noted, lars.mail_problem) == (1, "5.1.1 550 5.1.1 nobody of that name")
