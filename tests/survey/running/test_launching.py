"""Launch: what the checklist asks for, what is frozen, and that it happens once or not at all."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.dispatch import receiver
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from survey.errors import KeyUnavailableError, StateError
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Invitation,
    LaunchProblem,
    LedgerEntry,
    Message,
    Recipient,
    TrialMail,
    Unit,
    Who,
)
from survey.release.exclusions import ExclusionRules
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token, token_hash
from survey.selectors.launch.checklist import launch_checklist
from survey.services.campaigns import discard_campaign, launch_campaign, request_launch
from survey.services.organisations.trees import import_people
from survey.services.running.launching import carry_out_launch, prepare_keys
from survey.services.schedule import run_due_work
from survey.signals import campaign_launching
from tests.survey.staff_scenes import (
    confirm_counts,
    draft_campaign,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return draft_campaign(organisation_with_manager()[0])


def failed_checks(campaign: Campaign) -> dict[str, str]:
    return {
        check.code: check.detail
        for check in launch_checklist(campaign, now=timezone.now())
        if not check.passed
    }


def test_launch_freezes_the_tree_and_the_questionnaire(campaign: Campaign) -> None:
    launch_campaign(campaign=campaign, by=Who.WORKER)
    Unit.objects.filter(code="N").update(name="Renamed")

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN
    assert campaign.instrument.is_frozen
    assert campaign.exclusion_rules == ExclusionRules().as_mapping()
    assert list(
        CampaignUnit.objects.order_by("position").values_list("code", "name", "parent__code")
    ) == [
        ("C", "Acme Service", None),
        ("N", "Region North", "C"),
        ("N1", "Field team Ålesund", "N"),
        ("N2", "Workshop", "N"),
    ]


def test_launch_writes_an_invitation_and_a_waiting_mail_for_every_person(
    campaign: Campaign,
) -> None:
    moment = timezone.now()

    launch_campaign(campaign=campaign, now=moment, by=Who.WORKER)

    invitations = Invitation.objects.filter(campaign=campaign)
    assert sorted(invitations.values_list("recipient__email", "unit__code", "function")) == sorted(
        (f"{unit.lower()}-{n}@example.com", unit, "sales" if n % 3 == 2 else "operations")
        for unit, count in (("N1", 6), ("N2", 3))
        for n in range(count)
    )
    ((*message, due_at),) = Message.objects.values_list(
        "kind", "round", "state", "attempts", "due_at"
    ).distinct()
    assert message == ["invitation", 0, "waiting", 0]
    assert moment - timedelta(milliseconds=1) <= due_at <= timezone.now()
    assert Message.objects.count() == 9
    assert set(Recipient.objects.values_list("unit_code", "function")) == {("", "")}


def test_each_invitation_holds_the_hash_of_the_token_that_its_mail_will_carry(
    campaign: Campaign,
) -> None:
    launch_campaign(campaign=campaign, by=Who.WORKER)

    key = load_token_key(campaign.id)
    for invitation in Invitation.objects.filter(campaign=campaign):
        assert bytes(invitation.token_hash) == token_hash(derive_token(key, invitation.id))


def test_whoever_leads_a_unit_is_invited_as_a_leader() -> None:
    people = people_csv() + "Lars@Example.com,Lars,N1,operations\n"
    campaign = draft_campaign(organisation_with_manager()[0], people=people)

    launch_campaign(campaign=campaign, by=Who.WORKER)

    leaders = Invitation.objects.filter(leads=True)
    assert list(leaders.values_list("recipient__email", "unit__code")) == [
        ("lars@example.com", "N1")
    ]


def test_a_second_launch_is_refused_and_writes_nothing(campaign: Campaign) -> None:
    launch_campaign(campaign=campaign, by=Who.WORKER)

    with pytest.raises(StateError, match="expected a draft to launch, found “Open"):
        launch_campaign(campaign=campaign, by=Who.WORKER)
    carry_out_launch(campaign_id=campaign.id)

    assert (Invitation.objects.count(), Message.objects.count()) == (9, 9)
    assert LedgerEntry.objects.filter(action="launched").count() == 1


def test_a_receiver_that_refuses_takes_the_whole_launch_back(campaign: Campaign) -> None:
    @receiver(campaign_launching)
    def refuse(**_: object) -> None:
        raise StateError("no pattern set")

    try:
        with pytest.raises(StateError, match="no pattern set"):
            launch_campaign(campaign=campaign, by=Who.WORKER)
    finally:
        campaign_launching.disconnect(refuse)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert (Invitation.objects.count(), CampaignUnit.objects.count()) == (0, 0)


def test_a_draft_is_launched_by_the_worker_once_its_canary_was_opened(
    campaign: Campaign, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with pytest.raises(StateError, match="has not opened the test ballot yet"):
        request_launch(campaign=campaign, by=Who.WORKER)
    prepare_keys(campaign_id=campaign.id)

    with django_capture_on_commit_callbacks(execute=True):
        request_launch(campaign=campaign, by=Who.WORKER)

    assert campaign.state == CampaignState.LAUNCHING
    queued = DBTaskResult.objects.get(task_path="survey.tasks.launch_campaign")
    assert queued.args_kwargs["args"] == [str(campaign.id)]
    carry_out_launch(campaign_id=campaign.id)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_launch_that_the_worker_refuses_is_a_draft_again_and_says_why(
    campaign: Campaign,
) -> None:
    prepare_keys(campaign_id=campaign.id)
    request_launch(campaign=campaign, by=Who.WORKER)
    Campaign.objects.filter(pk=campaign.pk).update(purpose="")

    carry_out_launch(campaign_id=campaign.id)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert campaign.launch_problem == LaunchProblem.CHECKLIST
    assert campaign.get_launch_problem_display() == "one of the points below did not hold."


def test_a_launch_without_its_key_is_refused_by_a_reason_that_every_language_has(
    campaign: Campaign, settings: Settings
) -> None:
    prepare_keys(campaign_id=campaign.id)
    request_launch(campaign=campaign, by=Who.WORKER)
    Path(settings.KEY_DIR, f"{campaign.id}.key").unlink()

    carry_out_launch(campaign_id=campaign.id)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.launch_problem) == (CampaignState.DRAFT, LaunchProblem.KEYS)


def test_a_launch_without_the_key_file_is_refused(campaign: Campaign, settings: Settings) -> None:
    prepare_keys(campaign_id=campaign.id)
    Path(settings.KEY_DIR, f"{campaign.id}.key").unlink()

    with pytest.raises(KeyUnavailableError, match="expected a key of 64 bytes"):
        launch_campaign(campaign=campaign, by=Who.WORKER)

    assert Invitation.objects.count() == 0


def test_the_checklist_of_a_complete_draft_waits_for_the_worker_only(campaign: Campaign) -> None:
    assert failed_checks(campaign) == {
        "canary": "The background worker has not opened the test ballot yet. Is it running?"
    }


def test_the_checklist_says_what_became_of_a_drafts_key(
    campaign: Campaign, settings: Settings
) -> None:
    prepare_keys(campaign_id=campaign.id)
    file = Path(settings.KEY_DIR, f"{campaign.id}.key")
    content = file.read_bytes()
    file.unlink()
    later = timezone.now() + timedelta(hours=3)

    run_due_work(later)
    told = [check.detail for check in launch_checklist(campaign, now=later) if not check.passed]
    file.write_bytes(content)
    run_due_work(later)

    words = "The background worker cannot open the test ballot"
    assert told == [f"{words}: there is no file of this campaign's key."]
    assert failed_checks(campaign) == {}


def test_the_checklist_names_every_point_that_is_not_in_order(campaign: Campaign) -> None:
    prepare_keys(campaign_id=campaign.id)
    import_people(campaign=campaign, rows=())
    TrialMail.objects.all().delete()
    Campaign.objects.filter(pk=campaign.pk).update(
        closes_at=timezone.now() - timedelta(hours=1), languages=["en", "tlh"], contact=" "
    )
    campaign.refresh_from_db()

    assert failed_checks(campaign) == {
        "people": "0 people are invited. At least 5 are needed.",
        "dates": "The closing time must lie after the opening time and in the future.",
        "languages": "The questionnaire is not complete in: tlh.",
        "legal": "Missing: contact.",
        "trial": "Nobody has confirmed a test mail with the present words yet.",
        "heads": "Confirmed once, and changed since, or by somebody who acts here. Wait to be "
        "confirmed by Cora Council.",
    }


def test_the_checklist_names_units_that_lost_their_place_in_the_tree(campaign: Campaign) -> None:
    prepare_keys(campaign_id=campaign.id)
    Unit.objects.filter(code="N").update(until=timezone.localdate())
    confirm_counts(campaign)

    assert failed_checks(campaign) == {
        "tree": "No path to the top of the tree: Field team Ålesund, Workshop."
    }


def test_a_scheduled_campaign_sends_at_its_opening_and_takes_no_answers_before() -> None:
    opens = timezone.now() + timedelta(days=2)
    campaign = draft_campaign(organisation_with_manager()[0], opens_at=opens)

    launch_campaign(campaign=campaign, by=Who.WORKER)

    assert set(Message.objects.values_list("due_at", flat=True)) == {opens}
    assert not campaign.accepts_answers(timezone.now())
    assert campaign.accepts_answers(opens)


def test_discarding_deletes_a_draft_and_nothing_that_was_launched(campaign: Campaign) -> None:
    other = draft_campaign(campaign.organisation)
    launch_campaign(campaign=other, by=Who.WORKER)

    discard_campaign(campaign=campaign, by=Who.WORKER)
    with pytest.raises(StateError, match="expected a draft to discard, found “Open"):
        discard_campaign(campaign=other, by=Who.WORKER)

    assert list(Campaign.objects.all()) == [other]
    assert set(Recipient.objects.values_list("campaign", flat=True)) == {other.id}
