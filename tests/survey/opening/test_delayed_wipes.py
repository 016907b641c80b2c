"""A wipe behind an open reader stops nobody, is said on the page and is tried again."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import WipeError
from survey.instrument.answers import Answers
from survey.models import (
    Action,
    Ballot,
    Campaign,
    CampaignState,
    Membership,
    Release,
    User,
    WipeDelay,
)
from survey.sealing import keys
from survey.services.ballots import submit
from survey.services.keys.destruction import wipe_and_destroy_key
from survey.services.retention import wiping
from survey.services.retention.deletion import delete_old_answers
from survey.services.retention.wiping import wipe_deleted_rows
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiping, "PAUSES", (0.0, 0.0, 0.0))


@contextmanager
def reader(table: str = "survey_ballot") -> Iterator[None]:
    """Read a table in a transaction that stays open, as pg_dump does."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        cursor.fetchone()
        yield
        cursor.execute("COMMIT")


@contextmanager
def refused(error: Exception) -> Iterator[None]:
    """Let every rewrite fail."""

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401
        if sql.startswith("VACUUM"):
            raise error
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        yield


def waits() -> object:
    with connection.cursor() as cursor:
        cursor.execute(PLACE[connection.vendor])
        return cursor.fetchone()[0]


def test_a_wipe_behind_a_reader_is_refused_and_leaves_the_settings_as_they_were() -> None:
    open_small_campaign()
    before = waits()
    with reader(), pytest.raises(WipeError, match="for longer"):
        wipe_deleted_rows((Ballot,))
    after = waits()
    wipe_deleted_rows((Ballot,))

    assert before == after == waits()


def test_respondents_are_not_held_up_by_a_wipe_that_waits_for_a_reader() -> None:
    """Behind a rewrite that waits, whoever needs the table would wait as long."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's readers keep out every writer, whether or not there is a wipe")
    small = open_small_campaign(invitations=6)
    is_wiped, seen = Event(), []

    def answer() -> None:
        with closing(connection):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            for token in small.tokens:
                submit(token=token, answers=Answers({"TF1": 2}))
                seen.append(is_wiped.is_set())

    answering = Thread(target=answer)
    with reader():
        answering.start()
        with pytest.raises(WipeError):
            wipe_deleted_rows((Ballot,))
        is_wiped.set()
        answering.join(60)

    assert (len(seen), Ballot.objects.count()) == (6, 6)


def cancelled() -> SmallCampaign:
    small = open_small_campaign()
    Campaign.objects.update(state=CampaignState.CANCELLED)
    small.campaign.refresh_from_db()
    return small


def released() -> Campaign:
    campaign = open_small_campaign().campaign
    now = timezone.now()
    Campaign.objects.update(state=CampaignState.RELEASED, closed_at=now - timedelta(days=1000))
    Release.objects.create(
        campaign=campaign, frozen_at=now, digest="0" * 64, software_version="1", counts={}
    )
    campaign.refresh_from_db()
    return campaign


def told(campaign: Campaign) -> str:
    user, _ = User.objects.get_or_create(email="council@pumps.example")
    Membership.objects.get_or_create(organisation=campaign.organisation, user=user, role="council")
    client = Client()
    client.force_login(user)
    page = client.get(reverse("survey:campaign-stored", args=[campaign.pk])).text
    return " ".join(page.split())


REFUSALS = {
    "a reader": (WipeError("found somebody who reads it."), "found somebody who reads it."),
    "a full disk": (OperationalError("disk is full: (secret)"), "OperationalError"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_key_stays_and_the_page_says_what_is_not_wiped_and_why(name: str) -> None:
    error, reason = REFUSALS[name]
    campaign = cancelled().campaign
    for _ in range(2):
        with refused(error), pytest.raises(type(error)):
            wipe_and_destroy_key(campaign=campaign)
    page, delay = told(campaign), WipeDelay.objects.get()
    has_key = len(keys.load_private_key(campaign.pk)) == 32
    wipe_and_destroy_key(campaign=campaign)

    assert (delay.what, delay.tries, delay.problem, has_key) == ("cancelled", 2, reason, True)
    assert delay.since < delay.tried_at
    assert "not wiped from the files of the database yet: everything that a cancelled" in page
    assert "tried 2 times" in page
    assert reason in page
    assert "secret" not in page
    assert "not wiped from the files" not in told(campaign)
    assert not WipeDelay.objects.exists()


def test_old_answers_are_wiped_at_a_later_tick_and_the_page_says_so_meanwhile() -> None:
    campaign, now = released(), timezone.now()
    tried = []
    with refused(WipeError("found a reader.")):
        for minutes in range(12):
            delete_old_answers(now + timedelta(minutes=minutes))
            tried.append(WipeDelay.objects.get().tries)
    page, delay = told(campaign), WipeDelay.objects.get()
    delete_old_answers(now + timedelta(minutes=30))

    assert tried == [1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6]
    assert (delay.what, delay.since) == ("answers", now)
    assert "the answers whose time is over" in page
    assert campaign.ledger.filter(action=Action.ANSWERS_WIPED).count() == 1
    assert not WipeDelay.objects.exists()
