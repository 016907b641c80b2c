"""A post after the sign-in has run out: sign in, come back, and what was typed is still there."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from survey import kept_posts
from survey.models import Campaign, User
from survey.policy import KEPT_POSTS
from tests.survey.database_dump import dump
from tests.survey.staff_scenes import PASSWORD, draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
TYPED = "Why we ask, in words that took an hour.\nAnd a second line."
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def draft(manager: User) -> Campaign:
    return draft_campaign(manager.memberships.get().organisation)


def sign_in(client: Client, address: str) -> tuple[int, str]:
    """Sign in on a page and return what is shown after it."""
    answer = client.post(
        address, {"username": "maria@example.com", "password": PASSWORD}, follow=True
    )
    return answer.status_code, answer.content.decode()


def kept_in(page: str) -> dict[str, str]:
    found = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def kept_post(client: Client) -> str:
    """Return what lies in a browser's session, decrypted."""
    request = RequestFactory().get("/")
    request.session = client.session
    return repr(kept_posts.kept_post(request))


def test_a_form_s_text_is_there_after_the_sign_in_and_is_sent_with_one_press(
    client: Client, draft: Campaign
) -> None:
    address = f"/campaigns/{draft.pk}/name/"
    gone = client.post(address, {"name": "Autumn survey", "purpose": TYPED})
    assert (gone.status_code, gone["Location"]) == (302, f"/sign-in/?next={address}")

    status, page = sign_in(client, gone["Location"])
    assert (status, kept_in(page)) == (200, {"name": "Autumn survey", "purpose": TYPED})
    assert "And a second line." in re.sub(r"<input[^>]*>", "", page)
    assert Campaign.objects.get().name == "Spring survey"

    assert client.post(address, kept_in(page)).status_code == 302
    assert (Campaign.objects.get().name, "second line" in Campaign.objects.get().purpose) == (
        "Autumn survey", True,
    )  # fmt: skip
    assert "Not sent yet" not in client.get(address).content.decode()


@pytest.mark.parametrize("action", ["launch", "remind", "close", "discard", "extend", "cancel"])
def test_no_page_that_takes_posts_ends_in_a_bare_refusal(
    client: Client, draft: Campaign, action: str
) -> None:
    gone = client.post(f"/campaigns/{draft.pk}/{action}/")
    status, page = sign_in(client, gone["Location"])

    assert (status, "Nothing was done" in page) == (200, True)
    assert Campaign.objects.filter(pk=draft.pk, state="draft").exists()


def test_whoever_wants_it_no_more_forgets_it(client: Client, draft: Campaign) -> None:
    address = f"/campaigns/{draft.pk}/discard/"
    sign_in(client, client.post(address)["Location"])
    dropped = client.post(address, {"kept_post_dropped": "yes"})

    assert (dropped["Location"], Campaign.objects.count()) == ("/", 1)
    assert "Delete the draft?" in client.get(address).content.decode()


def test_secrets_are_neither_kept_nor_shown(client: Client, draft: Campaign) -> None:
    secrets = {"passphrase": "correct horse battery", "repeated": "correct horse battery"}
    passwords = {"old_password": "the old one is long", "new_password1": "the new one is long"}
    seed = {"seed": "0123456789abcdef" * 4}  # what a sheet of codes is drawn from
    for address, fields in (
        (f"/campaigns/{draft.pk}/passphrase/", secrets), ("/password/", passwords),
        (f"/campaigns/{draft.pk}/codes/", seed),
    ):  # fmt: skip
        client = Client()
        gone = client.post(address, {**fields, "note": "kept all the same"})
        kept = kept_post(client)
        _, page = sign_in(client, gone["Location"])

        assert [value for value in fields.values() if value in page or value in kept] == []
        if "/password/" in address:
            assert kept_in(page) == {"note": "kept all the same"}
            assert "Files and passwords are not kept" in page


def test_nothing_of_it_can_be_read_in_the_database_and_it_ends_after_an_hour(
    client: Client, draft: Campaign
) -> None:
    address = f"/campaigns/{draft.pk}/name/"
    gone = client.post(address, {"name": "Autumn survey", "purpose": "ZEBRA-CROSSING"})
    stored = Session.objects.get()

    assert "ZEBRA" not in repr(stored.get_decoded())
    assert "ZEBRA" not in repr(dump(connection))
    assert stored.expire_date <= timezone.now() + timedelta(hours=1)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        _, page = sign_in(client, gone["Location"])
        assert "ZEBRA" not in page


def test_the_session_lasts_as_long_as_any_once_somebody_is_signed_in(
    client: Client, draft: Campaign
) -> None:
    sign_in(client, client.post(f"/campaigns/{draft.pk}/name/", {"name": "x"})["Location"])

    assert client.session.get_expiry_age() > 24 * 3600


def test_a_script_s_request_leads_the_whole_page_to_the_sign_in(
    client: Client, draft: Campaign
) -> None:
    address = f"/campaigns/{draft.pk}/name/"
    answer = client.post(address, {"purpose": TYPED}, headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/sign-in/?next={address}")
    assert TYPED.splitlines()[0] in sign_in(client, answer["HX-Redirect"])[1]


def test_a_page_older_than_the_sign_in_in_another_tab_keeps_its_text(
    manager: User, draft: Campaign
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    address = f"/campaigns/{draft.pk}/name/"
    client.get(address)
    fields = {"name": "Autumn", "purpose": TYPED, "csrfmiddlewaretoken": "a" * 64}

    ours = client.post(address, fields, headers={"origin": "http://testserver"})
    foreign = client.post(address, fields, headers={"origin": "https://elsewhere.example"})

    assert (ours.status_code, kept_in(ours.content.decode())) == (
        403, {"name": "Autumn", "purpose": TYPED},
    )  # fmt: skip
    assert (foreign.status_code, TYPED[:10] in foreign.content.decode()) == (403, False)


def test_nobody_fills_the_database_by_posting_without_a_sign_in(draft: Campaign) -> None:
    address = f"/campaigns/{draft.pk}/name/"
    for _ in range(KEPT_POSTS + 20):
        Client().post(address, {"purpose": "x" * 1000})
    assert Session.objects.count() == KEPT_POSTS

    Session.objects.all().delete()
    assert Client().post(address, {"purpose": "x" * 300_000}).status_code == 302


def test_what_is_too_long_is_said_to_be_lost_and_nothing_else_is(
    client: Client, draft: Campaign
) -> None:
    gone = client.post(f"/campaigns/{draft.pk}/name/", {"purpose": "x" * 300_000})
    _, page = sign_in(client, gone["Location"])

    assert (kept_in(page), "Not sent yet" in page) == ({}, True)
