"""Drafts, ballots and the one transaction that turns the first into the second."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from survey.errors import InputError, StateError, UnknownTokenError
from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, CampaignState, Draft, Invitation, Pool, Response
from survey.policy import GRACE
from survey.sealing import boxes, keys
from survey.sealing.drafts import draft_id
from survey.selectors.respondents import find_respondent, read_draft
from survey.services import ballots
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign(invitations=2)


def opened(small: SmallCampaign) -> list[dict[str, Any]]:
    key = keys.load_private_key(small.campaign.id)
    return [boxes.open_box(key, ballot.box) for ballot in Ballot.objects.all()]


def test_a_submitted_ballot_holds_every_item_and_nothing_of_the_invitation(
    small: SmallCampaign,
) -> None:
    given = Answers({"TF1": 7, "RB2": None}, {"role": "selling"})
    ballots.submit(token=small.tokens[0], answers=given)
    codes = [item.code for _, item in small.instrument.items()]
    assert opened(small) == [
        {
            "unit": str(small.unit.id),
            "function": "operations",
            "leads": False,
            "planned": True,
            "answers": dict.fromkeys(codes) | {"TF1": 7},
            "background": {
                "role": "selling",
                "years_company": None,
                "years_unit": None,
                "digital_use": None,
            },
        }
    ]


def test_every_ballot_and_draft_has_one_size(small: SmallCampaign) -> None:
    full = Answers({item.code: 4 for _, item in small.instrument.items()}, {"role": "leading"})
    for token, answers in zip(small.tokens, (Answers(), full), strict=True):
        ballots.save_draft(token=token, answers=answers)
    assert {len(draft.ciphertext) for draft in Draft.objects.all()} == {4096 + 40}
    for token, answers in zip(small.tokens, (Answers(), full), strict=True):
        ballots.submit(token=token, answers=answers)
    assert {len(ballot.box) for ballot in Ballot.objects.all()} == {4096 + 48}


def test_submitting_marks_the_invitation_and_deletes_the_draft(small: SmallCampaign) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 2}))
    assert Draft.objects.count() == 0
    assert sorted(Invitation.objects.values_list("done", flat=True)) == [False, True]


def test_submitting_again_changes_nothing(small: SmallCampaign) -> None:
    ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 2}))
    box = bytes(Ballot.objects.get().box)
    ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 7}))
    assert bytes(Ballot.objects.get().box) == box


def test_a_submit_that_comes_between_look_up_and_mark_is_not_doubled(small: SmallCampaign) -> None:
    waiting = [True]

    def submit_first(execute: Callable[..., object], sql: str, *arguments: object) -> object:
        if waiting and sql.startswith('UPDATE "survey_invitation"'):
            waiting.clear()
            ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 2}))
        return execute(sql, *arguments)

    with connection.execute_wrapper(submit_first):
        ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 5}))

    assert [content["answers"]["TF1"] for content in opened(small)] == [2]


def test_submitting_again_after_close_is_no_error(small: SmallCampaign) -> None:
    ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 2}))
    Campaign.objects.update(state=CampaignState.CLOSED)
    ballots.submit(token=small.tokens[0], answers=Answers({"TF1": 2}))
    assert Ballot.objects.count() == 1


def test_a_draft_keeps_the_newest_answer_to_each_item(small: SmallCampaign) -> None:
    token = small.tokens[0]
    ballots.save_draft(token=token, answers=Answers({"TF1": 2, "TF2": 5}, {"role": "selling"}))
    ballots.save_draft(token=token, answers=Answers({"TF1": None}, {"role": None}))
    assert read_draft(token) == Answers({"TF1": None, "TF2": 5}, {"role": None})
    assert read_draft(small.tokens[1]) == Answers()


def test_a_draft_is_found_by_its_token_only_and_names_no_invitation(small: SmallCampaign) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    draft = Draft.objects.get()
    assert bytes(draft.pk) == draft_id(small.tokens[0])
    assert {field.name for field in Draft._meta.get_fields()} == {"id", "campaign", "ciphertext"}
    assert b"TF1" not in bytes(draft.ciphertext)


def test_a_withdrawn_draft_is_gone_and_the_link_still_works(small: SmallCampaign) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    ballots.withdraw_draft(secret=small.tokens[0])
    ballots.withdraw_draft(secret=small.tokens[0])
    assert Draft.objects.count() == 0
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 3}))
    assert read_draft(small.tokens[0]).items == {"TF1": 3}


def test_no_draft_is_taken_after_the_ballot(small: SmallCampaign) -> None:
    ballots.submit(token=small.tokens[0], answers=Answers())
    with pytest.raises(StateError, match="expected an invitation without a ballot"):
        ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (Answers({"XX1": 3}), "expected a code that rutin-core asks operations, found another"),
        (Answers({"TF1": 8}), "TF1: expected 1 to 7 or nothing, found another value"),
        (Answers({"TF1": 0}), "TF1: expected 1 to 7 or nothing, found another value"),
        (Answers({}, {"role": "king"}), "one of its options, found another"),
        (Answers({}, {"age": "40"}), "one of its options, found another"),
    ],
)
def test_what_the_instrument_does_not_ask_is_refused_whole(
    small: SmallCampaign, answers: Answers, message: str
) -> None:
    for service in (ballots.save_draft, ballots.submit):
        with pytest.raises(InputError, match=message):
            service(token=small.tokens[0], answers=answers)
    assert (Draft.objects.count(), Ballot.objects.count()) == (0, 0)
    assert not Invitation.objects.filter(done=True).exists()


def test_a_submit_counts_until_ten_minutes_after_close(small: SmallCampaign) -> None:
    end = timezone.now() + GRACE
    Campaign.objects.update(state=CampaignState.CLOSED, accepts_until=end)
    early, late = small.tokens
    ballots.submit(token=early, answers=Answers(), now=end - timedelta(seconds=1))
    with pytest.raises(StateError, match="expected one open for answers, found closed"):
        ballots.submit(token=late, answers=Answers(), now=end)
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize(
    "state",
    [
        CampaignState.DRAFT,
        CampaignState.LAUNCHING,
        CampaignState.RELEASED,
        CampaignState.CANCELLED,
    ],
)
def test_no_other_state_takes_answers(small: SmallCampaign, state: str) -> None:
    Campaign.objects.update(state=state)
    for service in (ballots.save_draft, ballots.submit):
        with pytest.raises(StateError, match=f"found {state}"):
            service(token=small.tokens[0], answers=Answers({"TF1": 1}))


def test_a_revoked_link_is_unknown(small: SmallCampaign) -> None:
    Invitation.objects.update(revoked=True)
    with pytest.raises(UnknownTokenError):
        ballots.submit(token=small.tokens[0], answers=Answers())
    assert Ballot.objects.count() == 0


def test_random_and_mutated_tokens_find_nobody(small: SmallCampaign) -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    token = small.tokens[0]
    mutated = {
        token[:place] + letter + token[place + 1 :]
        for place in range(len(token))
        for letter in alphabet
        if letter != token[place]
    }
    odd = {token.upper(), token[:-1], token + "a", " " + token, token + "\n", "", token * 2}
    random = {"".join(secrets.choice(alphabet) for _ in token) for _ in range(1000)}
    assert len(mutated) == 32 * 31
    assert [guess for guess in mutated | odd | random if find_respondent(guess)] == []
    assert find_respondent(token) is not None


@pytest.mark.parametrize("model", [Invitation, Draft, Ballot, Response])
def test_no_time_is_kept_beside_an_answer(model: type[models.Model]) -> None:
    times = (models.DateField, models.TimeField, models.DurationField)
    columns = model._meta.local_fields
    assert [column.name for column in columns if isinstance(column, times)] == []


@pytest.mark.parametrize("model", [Draft, Ballot, Response])
def test_nothing_counts_up_beside_an_answer(model: type[models.Model]) -> None:
    key = model._meta.pk
    assert isinstance(key, models.UUIDField | models.BinaryField)
    related = {field.related_model for field in model._meta.local_fields if field.is_relation}
    assert related <= {Campaign, Pool}
