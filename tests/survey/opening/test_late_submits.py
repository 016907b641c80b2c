"""A submit at the very end of the grace, while the opening begins."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from survey.errors import UnknownTokenError
from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, CampaignUnit, Release
from survey.services.ballots import submit
from survey.services.opening.opening import open_campaign
from survey.signals import campaign_released
from tests.survey.opening.opening_scenes import closed_campaign, invite
from tests.survey.small_campaign import opened_ballots

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 20  # seconds; a deadlock shows as an error of the database before
GIVEN = 28


@pytest.fixture
def token(settings: Settings, tmp_path: Path) -> str:
    """Return the link of somebody who has not answered yet when the grace ends."""
    settings.KEY_DIR = tmp_path / "keys"
    campaign = closed_campaign().campaign
    Campaign.objects.update(accepts_until=timezone.now())
    return invite(campaign, CampaignUnit.objects.get(code="N2"), "sales", leads=False)


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def submit_late(token: str, before_ballot: Callable[[], None]) -> None:
    """Submit in time, and do something between the mark on the invitation and the ballot."""

    def pause(execute: Callable[..., object], sql: str, *arguments: object) -> object:
        if sql.startswith('INSERT INTO "survey_ballot"'):
            before_ballot()
        return execute(sql, *arguments)

    try:
        with connection.execute_wrapper(pause):
            end = Campaign.objects.get().accepts_until
            assert end is not None
            submit(token=token, answers=Answers(), now=end - timedelta(seconds=1))
    finally:
        connections.close_all()


def test_a_submit_under_way_when_the_opening_begins_is_counted(
    token: str, others: ThreadPoolExecutor
) -> None:
    marked, begun = Event(), Event()

    def wait_for_the_opening() -> None:
        marked.set()
        assert begun.wait(WAIT)
        # Now the opening waits for the lock that this submit holds; it gets a moment to do so.
        Event().wait(0.5)

    late = others.submit(submit_late, token, wait_for_the_opening)
    assert marked.wait(WAIT)
    begun.set()
    open_campaign(campaign_id=Campaign.objects.get().pk)
    late.result(WAIT)

    assert opened_ballots(Campaign.objects.get()) == GIVEN + 1
    assert Ballot.objects.count() == 0


def test_a_submit_that_comes_while_the_ballots_are_opened_is_refused(
    token: str, others: ThreadPoolExecutor
) -> None:
    late: list[Future[None]] = []

    def submit_now(**_: object) -> None:
        late.append(others.submit(submit_late, token, lambda: None))
        Event().wait(0.5)

    campaign_released.connect(submit_now, weak=False)
    try:
        open_campaign(campaign_id=Campaign.objects.get().pk)
    finally:
        campaign_released.disconnect(submit_now)

    with pytest.raises(UnknownTokenError):
        late[0].result(WAIT)
    assert Release.objects.get().counts["content"]["answers"] is not None
    assert opened_ballots(Campaign.objects.get()) == GIVEN
    assert Ballot.objects.count() == 0
