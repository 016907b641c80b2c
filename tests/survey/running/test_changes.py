"""Extending and cancelling a campaign, and changing who leads a unit."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from survey.errors import InputError, KeyUnavailableError, StateError
from survey.instrument.answers import Answers
from survey.models import (
    Ballot,
    Campaign,
    Draft,
    Invitation,
    Leadership,
    LedgerEntry,
    Message,
    Participation,
    Recipient,
    Unit,
    User,
    Who,
)
from survey.policy import OPENING_RETRY, RECIPIENT_LIFE
from survey.sealing.keys import load_private_key, load_token_key
from survey.sealing.tokens import derive_token
from survey.services.ballots import save_draft, submit
from survey.services.campaigns import extend_campaign
from survey.services.opening.closing import close_campaign
from survey.services.organisations.leaderships import appoint, end_leadership
from survey.services.running.cancelling import cancel_campaign, finish_cancellation
from survey.services.running.participation import refresh_participation
from survey.services.schedule import delete_expired, queue_unfinished_cancellations
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

TODAY = date(2030, 5, 1)


@pytest.fixture
def campaign(db: None) -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


def tokens_of(campaign: Campaign) -> list[str]:
    key = load_token_key(campaign.id)
    return [derive_token(key, pk) for pk in campaign.invitations.values_list("id", flat=True)]


def test_the_close_moves_to_a_later_moment_and_the_ledger_says_so(campaign: Campaign) -> None:
    assert campaign.closes_at is not None
    before, later = campaign.closes_at, campaign.closes_at + timedelta(days=3)

    extend_campaign(campaign=campaign, closes_at=later, by=Who.WORKER)

    campaign.refresh_from_db()
    entry = LedgerEntry.objects.get(action="extended")
    assert campaign.closes_at == later
    assert entry.detail == {"from": before.isoformat(), "to": later.isoformat()}


def test_the_close_never_moves_back_nor_after_it(campaign: Campaign) -> None:
    assert campaign.closes_at is not None
    closes = campaign.closes_at
    later = closes + timedelta(days=3)

    with pytest.raises(StateError, match="expected a closing time after"):
        extend_campaign(campaign=campaign, closes_at=closes, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign before its closing time"):
        extend_campaign(campaign=campaign, closes_at=later, now=closes, by=Who.WORKER)
    close_campaign(campaign=campaign, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign before its closing time"):
        extend_campaign(campaign=campaign, closes_at=later, by=Who.WORKER)


@pytest.mark.django_db(transaction=True)
def test_cancelling_leaves_no_answer_no_address_and_no_key() -> None:
    campaign = open_campaign_of(organisation_with_manager()[0])
    first, second, *_ = tokens_of(campaign)
    submit(token=first, answers=Answers())
    save_draft(token=second, answers=Answers({"TF1": 4}))
    refresh_participation(campaign=campaign, day=timezone.localdate())

    cancel_campaign(campaign=campaign, by=Who.WORKER)
    finish_cancellation(campaign_id=campaign.id)
    finish_cancellation(campaign_id=campaign.id)

    left = (Ballot, Draft, Message, Participation, Recipient)
    assert {model.__name__: model.objects.count() for model in left} == {
        "Ballot": 0, "Draft": 0, "Message": 0, "Participation": 0, "Recipient": 0,
    }  # fmt: skip
    assert set(Invitation.objects.values_list("done", "revoked", "recipient")) == {
        (False, True, None)
    }
    with pytest.raises(KeyUnavailableError):
        load_private_key(campaign.id)
    actions = campaign.ledger.values_list("action", flat=True)
    assert sorted(actions) == [
        "cancelled", "head counts confirmed", "key destroyed", "launched",
    ]  # fmt: skip


def test_whoever_opens_a_link_of_a_cancelled_campaign_reads_so(
    campaign: Campaign, client: Client
) -> None:
    token = tokens_of(campaign)[0]
    submit(token=token, answers=Answers())
    cancel_campaign(campaign=campaign, by=Who.WORKER)

    answer = client.get(f"/s/{token}", follow=True)

    assert answer.status_code == 410
    assert "This survey was called off" in answer.content.decode()


def test_links_of_a_cancelled_campaign_lead_nowhere_after_two_weeks(campaign: Campaign) -> None:
    now = timezone.now()
    cancel_campaign(campaign=campaign, now=now, by=Who.WORKER)

    delete_expired(now + RECIPIENT_LIFE - timedelta(minutes=1))
    kept = Invitation.objects.count()
    delete_expired(now + RECIPIENT_LIFE)

    assert (kept, Invitation.objects.count()) == (9, 0)


def test_only_an_open_campaign_is_cancelled(campaign: Campaign) -> None:
    draft = draft_campaign(campaign.organisation)
    close_campaign(campaign=campaign, by=Who.WORKER)

    for other in (campaign, draft):
        with pytest.raises(StateError, match="expected an open campaign to cancel"):
            cancel_campaign(campaign=other, by=Who.WORKER)
    assert Invitation.objects.filter(revoked=False).count() == 9


def test_a_cancellation_that_was_not_finished_is_queued_again(campaign: Campaign) -> None:
    now = timezone.now()
    cancel_campaign(campaign=campaign, now=now, by=Who.WORKER)
    DBTaskResult.objects.filter(task_path="survey.tasks.finish_cancellation").delete()

    queue_unfinished_cancellations(now)
    early = DBTaskResult.objects.filter(task_path="survey.tasks.finish_cancellation").count()
    queue_unfinished_cancellations(now + OPENING_RETRY)
    queue_unfinished_cancellations(now + OPENING_RETRY)

    queued = DBTaskResult.objects.filter(task_path="survey.tasks.finish_cancellation")
    assert (early, queued.count()) == (0, 1)


def leaderships(unit: Unit) -> list[tuple[str, str, date | None]]:
    return sorted(unit.leaderships.values_list("user__email", "kind", "until"))


def test_a_new_leader_takes_the_place_of_the_present_one(campaign: Campaign) -> None:
    unit = Unit.objects.get(code="N1")
    Leadership.objects.update(since=TODAY - timedelta(days=30))

    appoint(unit=unit, email="New@example.com", name="Nina New", on=TODAY, by=Who.WORKER)

    assert leaderships(unit) == [
        ("lars@example.com", "leader", TODAY),
        ("new@example.com", "leader", None),
    ]
    assert User.objects.get(email="new@example.com").name == "Nina New"


def test_a_deputy_stands_in_beside_and_is_promoted(campaign: Campaign) -> None:
    unit = Unit.objects.get(code="N1")
    Leadership.objects.update(since=TODAY)

    appoint(
        unit=unit, email="dan@example.com", kind=Leadership.Kind.DEPUTY, on=TODAY, by=Who.WORKER
    )
    beside = leaderships(unit)
    appoint(unit=unit, email="dan@example.com", on=TODAY, by=Who.WORKER)

    assert beside == [("dan@example.com", "deputy", None), ("lars@example.com", "leader", None)]
    assert leaderships(unit) == [
        ("dan@example.com", "deputy", TODAY),
        ("dan@example.com", "leader", None),
        ("lars@example.com", "leader", TODAY),
    ]


def test_somebody_in_that_place_is_refused_and_an_end_is_an_end(campaign: Campaign) -> None:
    unit = Unit.objects.get(code="N1")
    leadership = unit.leaderships.get()

    with pytest.raises(InputError, match=r"expected somebody new, found lars@example\.com"):
        appoint(unit=unit, email="lars@example.com", by=Who.WORKER)
    end_leadership(leadership=leadership, by=Who.WORKER)
    end_leadership(leadership=leadership, on=TODAY, by=Who.WORKER)

    assert leaderships(unit) == [("lars@example.com", "leader", timezone.localdate())]


def test_a_new_leader_s_answer_counts_in_the_company_only(campaign: Campaign) -> None:
    appoint(unit=Unit.objects.get(code="N1"), email="n1-0@example.com", by=Who.WORKER)

    leading = Invitation.objects.filter(leads=True)
    assert list(leading.values_list("recipient__email", flat=True)) == ["n1-0@example.com"]
