"""Signing in and out, and passwords set by a link that no request can bend."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from survey import tasks
from survey.mail.outbox import send_due_messages
from survey.models import Message, User
from survey.policy import PASSWORD_LINK_SPACING, WRONG_PASSWORDS, WRONG_PASSWORDS_SPAN
from survey.services.organisations.account_mail import post_set_password_mails
from survey.services.organisations.accounts import create_leader_account, request_password_reset
from survey.services.schedule import run_due_work
from tests.survey.mail.mail_server import mail_server
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import PASSWORD, organisation_with_manager

pytestmark = pytest.mark.django_db
LINK = re.compile(r"(https?://[^/\s]+)(/password/set/\S+)")


def set_password_path(user: User) -> str:
    """Return the path in the mail that the worker sends."""
    mail.outbox.clear()
    post_set_password_mails(user_ids=[user.id])
    send_due_messages()
    (sent,) = mail.outbox
    match = LINK.search(str(sent.body))
    assert match is not None
    assert match.group(1) == "http://localhost:8000"
    return match.group(2)


def signs_in(email: str, password: str, **client: str) -> bool:
    """Tell whether an address and a password open the site."""
    form = {"username": email, "password": password}
    return Client(**client).post("/sign-in/", form).status_code == 302  # type: ignore[arg-type]


def test_signing_in_ignores_the_address_s_case_and_leads_back_to_the_page_asked_for(
    client: Client,
) -> None:
    organisation_with_manager()

    answer = client.post(
        "/sign-in/?next=/campaigns/",
        {"username": "Maria@Example.com", "password": PASSWORD, "next": "/campaigns/"},
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/campaigns/")
    assert client.get("/campaigns/").status_code == 200


def test_signing_in_never_leads_to_another_site(client: Client) -> None:
    organisation_with_manager()

    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post(
            "/sign-in/", {"username": "maria@example.com", "password": PASSWORD, "next": target}
        )
        assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    organisation_with_manager()

    for username in ("maria@example.com", "nobody@example.com"):
        answer = client.post("/sign-in/", {"username": username, "password": "wrong"})
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() == [
            "Expected the address and password of an account, found no match."
        ]


def test_ten_wrong_passwords_pause_an_account_from_that_address_only_and_then_it_opens() -> None:
    organisation_with_manager()
    User.objects.create_user("nora@example.com", PASSWORD)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        for _ in range(WRONG_PASSWORDS - 1):
            assert not signs_in("Maria@example.com", "wrong")
        form = {"username": "maria@example.com", "password": "wrong"}
        locked = Client().post("/sign-in/", form)
        right = Client().post("/sign-in/", form | {"password": PASSWORD})
        elsewhere = signs_in("maria@example.com", PASSWORD, REMOTE_ADDR="192.0.2.7")
        colleague = signs_in("nora@example.com", PASSWORD)

    assert (locked.status_code, right.status_code) == (429, 429)
    assert "Please wait a quarter of an hour" in right.content.decode()
    assert (elsewhere, colleague) == (True, True)
    kept = repr(AccessAttempt.objects.values())
    assert "maria@example.com" in kept
    assert PASSWORD not in kept
    later = moment + WRONG_PASSWORDS_SPAN + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        assert signs_in("maria@example.com", PASSWORD)
        run_due_work(later)
    assert not AccessAttempt.objects.exists()


def test_signing_out_takes_a_post(client: Client) -> None:
    _, manager = organisation_with_manager()
    client.force_login(manager)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/campaigns/").status_code == 302


def test_asking_for_a_reset_answers_alike_for_every_address(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    _, manager = organisation_with_manager()
    answers = []

    with django_capture_on_commit_callbacks(execute=True):
        for email in ("Maria@Example.com", "nobody@example.com"):
            answer = client.post("/password/reset/", {"email": email}, follow=True)
            answers.append((answer.redirect_chain, answer.status_code))

    assert answers[0] == answers[1] == ([("/password/reset/sent/", 302)], 200)
    posted = Message.objects.values_list("kind", "user", "state")
    assert list(posted) == [("set_password", manager.id, "waiting")]
    assert DBTaskResult.objects.filter(task_path="survey.tasks.send_messages").count() == 1


def test_the_link_comes_from_the_site_s_own_address_whatever_host_a_request_names(
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    organisation_with_manager()

    for host in ("evil.example", "localhost:8000@evil.example", "evil.example:80", "LOCALHOST"):
        User.objects.update(password_link_at=None)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                "/password/reset/",
                {"email": "maria@example.com"},
                headers={"host": host, "x-forwarded-host": "evil.example"},
            )
        send_due_messages()

    assert len(mail.outbox) == 3  # one of the hosts is none
    for sent in mail.outbox:
        assert "evil" not in str(sent.message())
        assert {match[0] for match in LINK.findall(str(sent.body))} == {"http://localhost:8000"}


def test_an_imported_leader_sets_a_password_once_and_signs_in(client: Client) -> None:
    leader = create_leader_account(email="Lars@Example.com", name="Lars Lead")
    path = set_password_path(leader)

    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0]
    saved = client.post(where, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    used_up = Client().get(path, follow=True)

    assert "token" not in urlsplit(where).query
    assert where.endswith("/set-password/")
    assert saved.headers["Location"] == "/password/set/done/"
    assert client.get(saved.headers["Location"]).status_code == 200
    assert "This link works no longer" in used_up.content.decode()
    assert signs_in("lars@example.com", PASSWORD)


def test_only_the_newest_link_works_and_a_new_one_comes_once_in_a_quarter_of_an_hour(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    moment = timezone.now().replace(microsecond=123456)
    with time_machine.travel(moment, tick=False):
        leader = create_leader_account(email="lars@example.com")
        first = set_password_path(leader)
        again = set_password_path(leader)  # a second try of the same mail

    def asks(after: timedelta) -> int:
        """Return how many mails are queued once somebody asks."""
        DBTaskResult.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            request_password_reset(email="Lars@example.com", now=moment + after)
        return DBTaskResult.objects.count()

    def opens(path: str, after: timedelta) -> bool:
        with time_machine.travel(moment + after, tick=False):
            return Client().get(path).status_code == 302

    soon = PASSWORD_LINK_SPACING - timedelta(seconds=1)
    assert (asks(soon), opens(first, soon), opens(again, soon)) == (0, True, True)
    assert asks(PASSWORD_LINK_SPACING) == 1
    assert asks(PASSWORD_LINK_SPACING) == 0
    with time_machine.travel(moment + PASSWORD_LINK_SPACING, tick=False):
        newest = set_password_path(leader)
    assert [opens(path, PASSWORD_LINK_SPACING) for path in (first, again, newest)] == [
        False, False, True,
    ]  # fmt: skip


def test_a_link_lives_a_day_and_then_its_page_says_how_to_get_another() -> None:
    leader = create_leader_account(email="lars@example.com")
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        path = set_password_path(leader)
    assert "for 24 hours, and only until you ask for another" in str(mail.outbox[0].body)

    day = timedelta(days=1)
    with time_machine.travel(moment + day - timedelta(minutes=1), tick=False):
        assert Client().get(path).status_code == 302
    with time_machine.travel(moment + day + timedelta(minutes=1), tick=False):
        page = Client().get(path)
    assert page.status_code == 200
    assert "This link works no longer" in page.content.decode()
    assert 'href="/password/reset/">Send a new link' in page.content.decode()


def test_a_short_password_is_refused_with_the_reason(client: Client) -> None:
    leader = create_leader_account(email="lars@example.com")
    where = client.get(set_password_path(leader), follow=True).redirect_chain[-1][0]

    answer = client.post(where, {"new_password1": "short", "new_password2": "short"})

    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "new_password2": ["This password is too short. It must contain at least 10 characters."]
    }


def test_a_switched_off_account_gets_no_mail_and_cannot_sign_in(client: Client) -> None:
    leader = create_leader_account(email="lars@example.com")
    User.objects.update(is_active=False)

    send_due_messages()
    tasks.send_set_password_mail.call(str(leader.id))
    send_due_messages()

    assert mail.outbox == []
    assert not Message.objects.exists()


def test_a_set_password_mail_that_the_server_puts_off_is_tried_again_and_its_reason_noted(
    settings: Settings,
) -> None:
    leader = create_leader_account(email="lars@example.com")
    waits = []
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.answers["lars@example.com"] = "451 try again later"
        for _ in range(6):
            send_due_messages()
            message = Message.objects.get(user=leader)
            wait = message.due_at - timezone.now()
            waits.append(round(wait.total_seconds() / 60))
            let_pass(wait)

    assert waits[:-1] == [1, 5, 30, 120, 480]
    assert (message.state, message.attempts) == ("failed", 6)
    leader.refresh_from_db()
    assert leader.mail_problem == "451 try again later"


def test_without_a_mail_server_a_set_password_mail_waits_and_says_why(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    leader = create_leader_account(email="lars@example.com")

    for _ in range(8):
        send_due_messages()
        let_pass(timedelta(minutes=1))

    message = Message.objects.get(user=leader)
    leader.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)
    assert leader.mail_problem == "unreachable: [Errno 111] Connection refused"


def test_a_newer_set_password_mail_takes_the_place_of_one_that_waits() -> None:
    leader = create_leader_account(email="lars@example.com")

    post_set_password_mails(user_ids=[leader.pk])

    assert send_due_messages() == 1
    assert [message.to for message in mail.outbox] == [["lars@example.com"]]


def test_mails_to_staff_that_are_done_are_forgotten_after_two_weeks() -> None:
    for email in ("sent@example.com", "waiting@example.com"):
        create_leader_account(email=email)
    Message.objects.filter(user__email="sent@example.com").update(state="sent")
    now = timezone.now()

    run_due_work(now + timedelta(days=13))
    early = Message.objects.count()
    run_due_work(now + timedelta(days=14, minutes=1))

    assert early == 2
    assert list(Message.objects.values_list("user__email", flat=True)) == ["waiting@example.com"]


def test_the_password_page_changes_the_password_and_keeps_this_browser_signed_in(
    client: Client,
) -> None:
    _, manager = organisation_with_manager()
    client.force_login(manager)
    new = "another long password"

    answer = client.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        follow=True,
    )

    assert answer.redirect_chain == [("/password/changed/", 302)]
    assert answer.status_code == 200
    assert signs_in("maria@example.com", new)
