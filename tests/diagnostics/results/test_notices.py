"""Leaders are told of results by one mail with a link that asks for a login."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.results.selectors.notices import notices_of
from diagnostics.results.services.notices import tell_leaders
from diagnostics.tasks import send_result_notices
from survey.mail.outbox import send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import Leadership, Message, MessageState, User
from survey.services.schedule import queue_due_messages
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.survey.mail.outbox_clock import let_pass

pytestmark = pytest.mark.django_db
READERS = {
    "manager": {"role": "manager"},
    "analyst": {"role": "analyst"},
    "leader": {"leads": "oulu"},
    "council": {"role": "council"},
}


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company with a leader of two units and a deputy."""
    stored = store_example()
    leader = stored.person("leader@example.com", leads="oulu")
    Leadership.objects.create(
        unit_id=str(stored.units["kemi"].unit_id), user=leader, since="2024-01-01"
    )
    stored.person("deputy@example.com", leads="turku", kind="deputy")
    return stored


def client_of(example: StoredExample, **rights: str) -> Client:
    client = Client()
    client.force_login(example.person("reader@example.com", **rights))
    return client


def addresses(example: StoredExample) -> tuple[str, str]:
    return tuple(
        reverse(f"diagnostics:{name}", args=[example.campaign.pk])
        for name in ("leaders-tell", "download-list")
    )  # type: ignore[return-value]


def send(minutes: float = 0) -> int:
    let_pass(timedelta(minutes=minutes))
    return send_due_messages()


def test_hr_tells_every_leader_once_and_the_page_says_how_far_it_is(
    example: StoredExample, django_capture_on_commit_callbacks: object
) -> None:
    tell, page = addresses(example)
    client = client_of(example, role="executive")
    assert "Tell 2 leaders" in client.get(page).text
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert "2 mails are on their way." in client.post(tell, follow=True).text
    assert DBTaskResult.objects.filter(task_path__endswith="send_messages").count() == 1
    assert client.get(tell).status_code == 405
    assert send() == 2
    assert "2 leaders were told." in client.get(page).text
    assert "Tell 1 leader" not in client.get(page).text
    example.person("new@example.com", leads="umea")
    assert "Tell 1 leader" in client.get(page).text
    client.post(tell)
    client.post(tell)
    assert send() == 1
    assert sorted(message.to[0] for message in mail.outbox) == [
        "deputy@example.com",
        "leader@example.com",
        "new@example.com",
    ]


def test_a_leader_whose_account_is_switched_off_is_not_told(example: StoredExample) -> None:
    tell_leaders(campaign=example.campaign)
    User.objects.filter(email="deputy@example.com").update(is_active=False)
    assert send() == 1
    assert [message.to for message in mail.outbox] == [["leader@example.com"]]


def test_a_task_that_was_queued_before_sends_the_notices(example: StoredExample) -> None:
    tell_leaders(campaign=example.campaign)
    assert send_result_notices.call(str(example.campaign.pk)) == 2
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("reader", READERS)
def test_nobody_but_hr_may_tell(example: StoredExample, reader: str) -> None:
    tell, page = addresses(example)
    client = client_of(example, **READERS[reader])
    assert client.post(tell).status_code == 404
    assert "Tell the leaders" not in client.get(page).text
    assert not notices_of(example.campaign).exists()


def test_the_mail_holds_links_that_ask_for_a_login_and_nothing_else(
    example: StoredExample, settings: Settings
) -> None:
    tell_leaders(campaign=example.campaign)
    send()
    message = next(one for one in mail.outbox if one.to == ["leader@example.com"])
    assert message.subject == "Autumn 2026: results of your unit at Nordlift Service"
    assert message.attachments == []
    text, html = str(message.body), str(message.alternatives[0][0])  # type: ignore[attr-defined]
    for unit in ("oulu", "kemi"):
        path = reverse(
            "diagnostics:unit-detail", args=[example.campaign.pk, example.units[unit].pk]
        )
        assert f"{settings.SITE_URL}{path}" in text
        assert f'href="{settings.SITE_URL}{path}"' in html
        sign_in = Client().get(path).headers["Location"]
        assert sign_in.startswith(reverse("survey:account-sign-in"))
    assert "Assertive" not in text + html
    assert "Responsive" not in text + html


class DownBackend(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages: Any) -> int:  # noqa: ANN401
        """Refuse."""
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def test_a_server_that_is_down_is_tried_again_and_given_up_at_last(
    example: StoredExample, settings: Settings
) -> None:
    tell_leaders(campaign=example.campaign)
    DBTaskResult.objects.all().delete()  # the first try, which is made here
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    assert send() == 0
    waiting = notices_of(example.campaign).filter(state=MessageState.WAITING)
    assert waiting.count() == 2
    queued = DBTaskResult.objects.filter(task_path__endswith="send_messages")
    queue_due_messages(timezone.now())
    assert (send(), queued.count()) == (0, 0)  # not due yet
    assert set(waiting.values_list("attempts", flat=True)) == {1}
    for wait in BACKOFF:
        let_pass(wait)
        if wait == BACKOFF[0]:
            queue_due_messages(timezone.now())
            assert queued.count() == 1
        send()
    failed = notices_of(example.campaign).filter(state=MessageState.FAILED)
    reason = "unreachable: Connection unexpectedly closed"
    assert {notice.last_error for notice in failed} == {reason}
    page = client_of(example, role="executive").get(addresses(example)[1]).text
    assert "The mails to these leaders did not go:" in page
    assert page.count("The mail server could not be reached.") == 2


def test_who_leads_no_unit_any_more_is_not_told(example: StoredExample) -> None:
    tell_leaders(campaign=example.campaign)
    Leadership.objects.filter(user__email="deputy@example.com").update(until="2025-01-01")
    assert send() == 1
    assert [message.to for message in mail.outbox] == [["leader@example.com"]]


def test_one_leader_with_an_invisible_sign_stops_no_other_leaders_mail(
    example: StoredExample,
) -> None:
    tell_leaders(campaign=example.campaign)
    User.objects.filter(email="deputy@example.com").update(email="deputy@example.com\u202c")
    first = notices_of(example.campaign).get(user__email__startswith="deputy")
    Message.objects.filter(pk=first.pk).update(due_at=timezone.now() - timedelta(hours=1))

    assert send() == 1
    assert send(minutes=600) == 0

    assert [message.to for message in mail.outbox] == [["leader@example.com"]]
    first.refresh_from_db()
    assert (first.state, first.attempts) == (MessageState.FAILED, 1)
    page = client_of(example, role="executive").get(addresses(example)[1]).text
    assert "found U+202C POP DIRECTIONAL FORMATTING as character 19." in page
