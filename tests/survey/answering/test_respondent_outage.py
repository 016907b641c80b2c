"""A database that does not answer: 503, and the filled form is kept."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client

from survey.models import Ballot, Draft, Invitation
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db(transaction=True)
Outage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign()


@pytest.fixture
def entered(client: Client, small: SmallCampaign) -> Client:
    client.get(f"/s/{small.tokens[0]}")
    return client


@contextmanager
def no_writes() -> Iterator[None]:
    """Hold a lock from another connection, so that every write fails soon."""
    if connection.vendor == "sqlite":
        with _sqlite_locked("IMMEDIATE"):
            yield
    else:
        with _postgresql_locked("EXCLUSIVE"):
            yield


@contextmanager
def no_reads() -> Iterator[None]:
    """Hold a lock from another connection, so that even looking up the link fails."""
    if connection.vendor == "sqlite":
        with _sqlite_locked("EXCLUSIVE"):
            yield
    else:
        with _postgresql_locked("ACCESS EXCLUSIVE"):
            yield


@contextmanager
def _sqlite_locked(mode: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute(f"BEGIN {mode}")
        yield
        other.execute("ROLLBACK")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 30000")


@contextmanager
def _postgresql_locked(mode: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    with psycopg.connect(**connection.get_connection_params() | {"context": None}) as other:
        other.execute(f"LOCK TABLE survey_invitation, survey_draft IN {mode} MODE")
        yield
        other.rollback()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")


@pytest.mark.parametrize("outage", [no_writes, no_reads])
def test_a_submit_that_fails_keeps_every_answer_in_the_page(
    entered: Client, outage: Outage
) -> None:
    filled = {"TF1": "4", "RB2": "none", "background-role": "selling"}
    with outage():
        answer = entered.post("/answer/submit/", filled)
    page = answer.content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    kept.pop("csrfmiddlewaretoken")
    assert answer.status_code == 503
    assert kept == filled
    assert not Invitation.objects.filter(done=True).exists()
    assert entered.post("/answer/submit/", kept)["Location"] == "/answer/thanks/"
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("outage", [no_writes, no_reads])
def test_a_page_that_cannot_be_saved_is_kept_and_sent_again(
    entered: Client, outage: Outage
) -> None:
    with outage():
        answer = entered.post("/answer/1/", {"TF1": "4", "to": "next"})
        assert entered.post("/answer/save/", {"TF1": "4"}).status_code == 503
    assert answer.status_code == 503
    assert '<form method="post">' in answer.content.decode()
    assert '<input type="hidden" name="to" value="next">' in answer.content.decode()
    assert Draft.objects.count() == 0
    assert entered.post("/answer/1/", {"TF1": "4", "to": "next"})["Location"] == "/answer/2/"


def test_what_was_posted_is_escaped_on_the_way_back(entered: Client) -> None:
    with no_reads():
        answer = entered.post("/answer/1/", {"TF1": '"><script>alert(1)</script>'})
    assert answer.status_code == 503
    assert b"<script>alert" not in answer.content


def test_a_link_opened_during_the_outage_says_to_try_again(
    entered: Client, small: SmallCampaign
) -> None:
    with no_reads():
        answers = [entered.get(f"/s/{small.tokens[0]}"), entered.get("/answer/")]
    for answer in answers:
        assert answer.status_code == 503
        assert "Please try again in a moment" in answer.content.decode()
        assert small.tokens[0].encode() not in answer.content
    assert answers[0]["Referrer-Policy"] == "no-referrer"
