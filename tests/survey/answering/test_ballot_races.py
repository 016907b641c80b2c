"""Simultaneous submits and saves, on threads with connections of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connections

from survey.errors import StateError, UnknownTokenError
from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, Draft, Invitation, Who
from survey.sealing import boxes, keys
from survey.sealing.tokens import derive_token
from survey.selectors.respondents import read_draft
from survey.services import ballots
from survey.services.running.cancelling import cancel_campaign
from survey.services.running.links import replace_link
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
WAIT = 60  # seconds


def at_once(actions: Sequence[Callable[[], object]]) -> None:
    """Run the actions at the same moment and raise what any of them raised."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        barrier.wait(WAIT)
        try:
            action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        for result in [pool.submit(run, action) for action in actions]:
            result.result(WAIT)


def test_simultaneous_submits_of_one_link_give_one_ballot() -> None:
    small = open_small_campaign(invitations=5)
    for token in small.tokens:
        at_once(
            [
                lambda token=token, point=point: ballots.submit(  # type: ignore[misc]
                    token=token, answers=Answers({"TF1": point % 7 + 1})
                )
                for point in range(THREADS)
            ]
        )
    assert Ballot.objects.count() == 5
    assert Invitation.objects.filter(done=True).count() == 5


def test_simultaneous_saves_of_one_link_lose_no_answer() -> None:
    small = open_small_campaign()
    codes = [item.code for _, item in small.instrument.items()][:THREADS]
    at_once(
        [
            lambda code=code: ballots.save_draft(  # type: ignore[misc]
                token=small.tokens[0], answers=Answers({code: 5})
            )
            for code in codes
        ]
    )
    assert read_draft(small.tokens[0]).items == dict.fromkeys(codes, 5)
    assert Draft.objects.count() == 1


def test_simultaneous_submits_of_many_links_are_all_kept() -> None:
    small = open_small_campaign(invitations=2 * THREADS)
    at_once(
        [
            lambda token=token: ballots.submit(token=token, answers=Answers())  # type: ignore[misc]
            for token in small.tokens
        ]
    )
    key = keys.load_private_key(small.campaign.id)
    units = [boxes.open_box(key, ballot.box)["unit"] for ballot in Ballot.objects.all()]
    assert units == [str(small.unit.id)] * (2 * THREADS)


def submit_if_allowed(token: str) -> None:
    """Submit as a page does, which tells a refusal and goes on."""
    with suppress(StateError, UnknownTokenError):
        ballots.submit(token=token, answers=Answers())


def test_no_ballot_outlives_a_cancellation_at_the_same_moment() -> None:
    small = open_small_campaign(invitations=THREADS)

    at_once(
        [
            *(lambda token=token: submit_if_allowed(token) for token in small.tokens),
            lambda: cancel_campaign(campaign=small.campaign, by=Who.WORKER),
        ]
    )

    assert Ballot.objects.count() == 0
    assert set(Invitation.objects.values_list("done", "revoked")) == {(False, True)}


def test_nobody_answers_twice_by_a_new_link_asked_for_at_the_same_moment() -> None:
    campaign = open_campaign_of(organisation_with_manager()[0])
    key = keys.load_token_key(campaign.id)
    for old in list(Invitation.objects.all()):
        token = derive_token(key, old.id)
        at_once(
            [
                lambda token=token: submit_if_allowed(token),  # type: ignore[misc]
                lambda old=old: replace_link(invitation_id=old.id, by=Who.WORKER),  # type: ignore[misc]
            ]
        )

    working = Invitation.objects.filter(revoked=False)
    for invitation in working:
        ballots.submit(token=derive_token(key, invitation.id), answers=Answers())

    assert (working.count(), Ballot.objects.count()) == (9, 9)
    assert Campaign.objects.get().invitations.filter(done=True).count() == 9
