"""A draft owns its plan of units and leaders; only a launch that was agreed to makes it true."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.dispatch import receiver
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from survey.errors import EndingsError, StateError
from survey.import_files.units import UnitRow
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Invitation,
    LaunchProblem,
    LedgerEntry,
    Message,
    Unit,
    UnitPlan,
    Upload,
    User,
    Who,
)
from survey.selectors.units.planned_units import planned_units
from survey.selectors.units.unit_plans import (
    EndedUnit,
    LaunchChanges,
    NewLeader,
    launch_changes,
    units_at_launch,
)
from survey.services.campaigns import discard_campaign, launch_campaign, request_launch
from survey.services.opening.closing import close_campaign
from survey.services.running.launching import carry_out_launch, prepare_keys
from survey.services.setup.unit_plans import agree_to_endings, keep_plan
from survey.services.setup.uploads import confirm_upload
from survey.signals import campaign_launching
from tests.survey.database_dump import dump
from tests.survey.staff_scenes import (
    confirm_counts,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db
# The region and its team have got other leaders, and the workshop gave way to a depot.
OTHER_UNITS = (
    "code,name,parent,leader_email,leader_name\n"
    "C,Acme Service,,,\n"
    "N,Region North,C,eve@example.com,Eve Else\n"
    "N1,Field team Alesund,N,lars@example.com,Lars Lead\n"
    "N3,Depot,N,dora@example.com,Dora Depot\n"
)
OTHER_PEOPLE = people_csv(north=6, workshop=0) + "depot@example.com,Dan,n3,sales\n"
OF_DRAFTS = {  # tables that hold what belongs to a campaign that is not launched
    "survey_campaign", "survey_campaignkey", "survey_recipient", "survey_trialmail",
    "survey_unitplan", "survey_upload", "django_session",
    "survey_draftauthor", "survey_draftheadcount", "survey_headcountconfirmation",
    "survey_ledgerentry",  # says what was done with drafts, too
}  # fmt: skip


def live() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is stored but for what drafts hold and what the worker is to do."""
    tables = dump(connection)
    return {
        name: rows
        for name, rows in tables.items()
        if name not in OF_DRAFTS and not name.startswith("django_tasks")
    }


def set_password_mails() -> int:
    """Count what asks for one: in the outbox, and tasks that will put some there."""
    asked = DBTaskResult.objects.filter(task_path__contains="set_password").count()
    return asked + Message.objects.filter(kind="set_password").count()


def upload(manager: Client, campaign: Campaign, **files: str) -> None:
    """Bring files to a draft and confirm their preview, as a manager does."""
    address = reverse("survey:setup-people", args=[campaign.id])
    next_step = reverse("survey:setup-questionnaire", args=[campaign.id])
    brought = {
        name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in files.items()
    }
    answer = manager.post(address, brought)
    assert answer.status_code == 302
    confirmed = manager.post(answer.headers["Location"])
    assert confirmed.headers["Location"] == next_step
    confirm_counts(campaign)


def planned(manager: Client, campaign: Campaign, *, is_rehearsal: bool = False) -> Campaign:
    """Give a draft the other units, and people who work there."""
    Campaign.objects.filter(pk=campaign.pk).update(is_rehearsal=is_rehearsal)
    campaign.refresh_from_db()
    upload(manager, campaign, units=OTHER_UNITS, people=OTHER_PEOPLE)
    return campaign


def agreed(campaign: Campaign) -> Campaign:
    today = timezone.localdate()
    digest = launch_changes(campaign, today).digest
    agree_to_endings(campaign=campaign, digest=digest, on=today)
    return campaign


def tree() -> dict[str, tuple[str, str]]:
    """Return name and leader of today's units."""
    return {
        unit.code: (
            unit.name,
            ", ".join(unit.leaderships.filter(until=None).values_list("user__email", flat=True)),
        )
        for unit in Unit.objects.on(timezone.localdate()).order_by("code")
    }


@pytest.fixture
def running() -> Campaign:
    """Return an open campaign of the organisation in which drafts are made."""
    return open_campaign_of(organisation_with_manager()[0])


@pytest.fixture
def draft(running: Campaign) -> Campaign:
    return draft_campaign(running.organisation, name="Autumn survey")


@pytest.fixture
def manager(running: Campaign, client: Client) -> Client:
    """Return the browser of the organisation's manager, signed in."""
    client.force_login(running.organisation.memberships.get(role="manager").user)
    return client


@contextmanager
def refused_launch() -> Iterator[None]:
    @receiver(campaign_launching)
    def refuse(**_: object) -> None:
        raise RuntimeError("no room left")

    try:
        yield
    finally:
        campaign_launching.disconnect(refuse)


@pytest.mark.parametrize("is_rehearsal", [False, True])
def test_a_drafts_file_even_a_rehearsals_rewrites_nothing_of_the_live_organisation(
    manager: Client,
    draft: Campaign,
    is_rehearsal: bool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    before = live()
    DBTaskResult.objects.all().delete()  # what the fixtures queued

    with django_capture_on_commit_callbacks(execute=True):
        planned(manager, draft, is_rehearsal=is_rehearsal)
    confirmed = live()
    planned_codes = [unit.code for unit in units_at_launch(draft, timezone.localdate())]
    discard_campaign(campaign=draft, by=Who.WORKER)

    assert sorted(planned_codes) == ["C", "N", "N1", "N3"]
    assert confirmed == before
    assert live() == before
    assert (UnitPlan.objects.count(), set_password_mails(), mail.outbox) == (0, 0, [])


def test_a_rehearsal_touches_no_accounts_leaders_or_mails_from_its_file_to_its_end(
    manager: Client,
    running: Campaign,
    draft: Campaign,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    untouched = ("survey_unit", "survey_leadership", "survey_user", "survey_membership")
    before = {name: rows for name, rows in live().items() if name in untouched}
    theirs = list(running.invitations.order_by("pk").values())
    DBTaskResult.objects.all().delete()  # what the fixtures queued

    with django_capture_on_commit_callbacks(execute=True):
        rehearsal = launch_campaign(
            campaign=planned(manager, draft, is_rehearsal=True), by=Who.WORKER
        )
    units = dict(rehearsal.units.values_list("code", "unit__code"))
    invited = dict(rehearsal.invitations.values_list("unit__code", "function").distinct())
    close_campaign(campaign=rehearsal, by=Who.WORKER)

    assert units == {"C": "C", "N": "N", "N1": "N1", "N3": None}
    assert invited["N3"] == "sales"
    assert {name: rows for name, rows in live().items() if name in untouched} == before
    assert list(running.invitations.order_by("pk").values()) == theirs
    assert (set_password_mails(), UnitPlan.objects.count()) == (0, 0)


def test_the_launch_lists_all_that_it_ends_and_who_uses_it_now(
    manager: Client, draft: Campaign
) -> None:
    used = ("Spring survey",)

    changes = launch_changes(planned(manager, draft), timezone.localdate())

    assert changes == LaunchChanges(
        from_plan=True,
        created=1,
        changed=1,
        accounts=("dora@example.com", "eve@example.com"),
        ended_units=(EndedUnit("N2", "Workshop", used),),
        leaders=(
            NewLeader(
                "N",
                "Region North",
                "Eve Else (eve@example.com)",
                "Nora North (nora@example.com)",
                used,
            ),
            NewLeader("N3", "Depot", "Dora Depot (dora@example.com)", "", ()),
        ),
        digest=changes.digest,
    )
    assert (changes.needs_agreement, changes.campaigns) == (True, used)


def test_no_launch_ends_what_a_running_campaign_uses_before_that_was_agreed_to(
    manager: Client,
    draft: Campaign,
) -> None:
    planned(manager, draft)
    prepare_keys(campaign_id=draft.id)
    before = live()

    with pytest.raises(EndingsError, match="expected your agreement to everything that changes"):
        request_launch(campaign=draft, by=Who.WORKER)
    with pytest.raises(EndingsError):
        launch_campaign(campaign=draft, by=Who.WORKER)

    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT
    assert live() == before


def test_a_launch_that_was_agreed_to_makes_the_plan_true_and_says_so_in_the_log(
    manager: Client,
    draft: Campaign,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    DBTaskResult.objects.all().delete()  # what the fixtures queued
    with django_capture_on_commit_callbacks(execute=True):
        launch_campaign(campaign=agreed(planned(manager, draft)), by=Who.WORKER)

    assert tree() == {
        "C": ("Acme Service", ""),
        "N": ("Region North", "eve@example.com"),
        "N1": ("Field team Alesund", "lars@example.com"),
        "N3": ("Depot", "dora@example.com"),
    }
    assert list(draft.units.values_list("code", "unit__code")) == [
        ("C", "C"), ("N", "N"), ("N3", "N3"), ("N1", "N1"),
    ]  # fmt: skip
    detail = LedgerEntry.objects.get(campaign=draft, action="launched").detail
    assert {name: value for name, value in detail.items() if type(value) is int} == {
        "floor": 5,
        "sensitive_floor": 10,
        "retention_months": 12,
        "units": 4,
        "invited": 7,
        "without_mail": 0,
        "units_created": 1,
        "units_changed": 1,
        "units_ended": 1,
        "leaders_replaced": 1,
        "leaders_appointed": 1,
        "accounts_created": 2,
    }
    assert (set_password_mails(), UnitPlan.objects.count()) == (1, 0)


def test_a_launch_that_fails_after_applying_the_plan_takes_all_of_it_back(
    manager: Client, draft: Campaign
) -> None:
    agreed(planned(manager, draft))
    before = live()

    with refused_launch(), pytest.raises(RuntimeError, match="no room left"):
        launch_campaign(campaign=draft, by=Who.WORKER)

    assert live() == before
    assert UnitPlan.objects.filter(campaign=draft).exists()


def test_a_launch_that_fails_for_any_reason_is_a_draft_again_and_says_so(draft: Campaign) -> None:
    prepare_keys(campaign_id=draft.id)
    request_launch(campaign=draft, by=Who.WORKER)

    with refused_launch(), pytest.raises(RuntimeError, match="no room left"):
        carry_out_launch(campaign_id=draft.id)

    draft.refresh_from_db()
    assert (draft.state, draft.launch_problem) == (CampaignState.DRAFT, LaunchProblem.OTHER)


def test_what_ends_is_asked_for_again_where_it_has_changed_since_the_agreement(
    manager: Client, running: Campaign, draft: Campaign
) -> None:
    planned(manager, draft)
    prepare_keys(campaign_id=draft.id)
    digest = launch_changes(draft, timezone.localdate()).digest
    request_launch(campaign=draft, agreed_digest=digest, by=Who.WORKER)
    nora = User.objects.get(email="nora@example.com")
    nora.leaderships.update(user=User.objects.create_user("nils@example.com", name="Nils New"))

    carry_out_launch(campaign_id=draft.id)

    draft.refresh_from_db()
    assert (draft.state, draft.launch_problem) == (CampaignState.DRAFT, LaunchProblem.ENDINGS)
    assert tree()["N"] == ("Region North", "nils@example.com")
    assert not draft.units.exists()
    running.refresh_from_db()
    assert running.state == CampaignState.OPEN


def test_nothing_is_asked_where_no_running_campaign_uses_what_ends(
    manager: Client, running: Campaign
) -> None:
    Campaign.objects.filter(pk=running.pk).update(state=CampaignState.RELEASED)
    draft = planned(manager, draft_campaign(running.organisation, name="Autumn survey"))

    launch_campaign(campaign=draft, by=Who.WORKER)

    assert tree()["N"] == ("Region North", "eve@example.com")
    assert "N2" not in tree()


def test_the_manager_reads_the_list_and_agrees_to_it_on_the_page(
    manager: Client, draft: Campaign
) -> None:
    prepare_keys(campaign_id=planned(manager, draft).id)
    page = manager.get(reverse("survey:campaign-detail", args=[draft.id]))
    text = " ".join(strip_tags(page.content.decode()).split())
    launch = reverse("survey:campaign-launch", args=[draft.id])
    digest = page.context["page"].changes.digest

    without = manager.post(launch, {"digest": digest}, follow=True).content.decode()
    draft.refresh_from_db()
    state_without = draft.state
    manager.post(launch, {"digest": digest, "is_agreed": "on"})

    assert "This launch changes what Spring survey uses now" in text
    assert "Workshop N2 – used now by Spring survey" in text
    assert (
        "Region North: Eve Else (eve@example.com) in place of Nora North (nora@example.com)" in text
    )
    assert "found none to the list as it is now" in without
    assert state_without == CampaignState.DRAFT
    draft.refresh_from_db()
    assert draft.state == CampaignState.LAUNCHING


def test_a_new_leaders_answer_to_a_running_campaign_no_longer_counts_in_the_unit(
    running: Campaign,
) -> None:
    person = running.recipients.get(email="n1-0@example.com")
    units = OTHER_UNITS.replace("eve@example.com,Eve Else", f"{person.email},Ann")
    draft = draft_campaign(running.organisation, name="Autumn survey")
    before = Invitation.objects.get(recipient=person).leads
    rows = [UnitRow(*line.split(",")) for line in units.splitlines()[1:]]
    keep_plan(campaign=draft, rows=rows, root_name="")

    draft.recipients.filter(unit_code="N2").update(unit_code="N3")
    confirm_counts(draft)
    launch_campaign(campaign=agreed(draft), by=Who.WORKER)

    assert (before, Invitation.objects.get(recipient=person).leads) == (False, True)


def test_the_forecast_and_the_invitations_of_a_draft_follow_its_own_plan(
    manager: Client, draft: Campaign
) -> None:
    people = OTHER_PEOPLE + "eve@example.com,Eve,N1,operations\n"
    upload(manager, draft, units=OTHER_UNITS, people=people)

    names = [unit.name for unit in planned_units(draft)]
    launch_campaign(campaign=agreed(draft), by=Who.WORKER)

    assert names == ["Acme Service", "Region North", "Depot", "Field team Alesund"]
    assert list(
        draft.invitations.filter(leads=True).values_list("recipient__email", "unit__code")
    ) == [("eve@example.com", "N1")]


def test_people_alone_leave_a_drafts_units_and_the_organisations_tree_takes_their_place_if_asked(
    manager: Client,
    draft: Campaign,
) -> None:
    upload(manager, planned(manager, draft), people=OTHER_PEOPLE)
    kept = [unit.code for unit in units_at_launch(draft, timezone.localdate())]
    export = manager.get(reverse("survey:campaign-units-csv", args=[draft.id]))

    address = reverse("survey:setup-people", args=[draft.id])
    answer = manager.post(
        address,
        {
            "people": SimpleUploadedFile("people.csv", people_csv().encode()),
            "uses_present_tree": "on",
        },
    )
    manager.post(answer.headers["Location"])

    assert sorted(kept) == ["C", "N", "N1", "N3"]
    assert export.content.decode("utf-8-sig").replace("\r\n", "\n") == OTHER_UNITS
    assert not UnitPlan.objects.filter(campaign=draft).exists()
    assert launch_changes(draft, timezone.localdate()) == LaunchChanges()
    assert CampaignUnit.objects.filter(campaign=draft).count() == 0


def test_the_list_names_leaders_by_address_whatever_name_a_file_gives_them(
    manager: Client, draft: Campaign
) -> None:
    mallory = User.objects.create_user("mallory@example.com", name="Mallory")
    draft.organisation.units.get(code="N2").leaderships.all().delete()
    today = timezone.localdate()
    digests = []
    for address in ("eve@example.com", mallory.email):
        upload(
            manager, draft, people=OTHER_PEOPLE,
            units=OTHER_UNITS.replace("eve@example.com", address),
        )  # fmt: skip
        digests.append(launch_changes(draft, today).digest)

    assert launch_changes(draft, today).leaders[0].leader == "Mallory (mallory@example.com)"
    assert digests[0] != digests[1]


def test_a_new_leader_of_a_unit_that_nobody_leads_is_agreed_to_as_well(
    manager: Client, draft: Campaign
) -> None:
    units = (
        "code,name,parent,leader_email,leader_name\n"
        "C,Acme Service,,,\nN,Region North,C,,\nN1,Field team Ålesund,N,,\n"
        "N2,Workshop,N,maria@example.com,\n"
    )
    upload(manager, draft, units=units, people=people_csv())

    changes = launch_changes(draft, timezone.localdate())

    workshop = NewLeader(
        "N2", "Workshop", "Maria Manager (maria@example.com)", "", ("Spring survey",)
    )
    assert (changes.leaders, changes.needs_agreement) == ((workshop,), True)


def test_files_confirmed_after_the_launch_change_nothing_of_it(
    manager: Client, draft: Campaign
) -> None:
    address = reverse("survey:setup-people", args=[draft.id])
    file = SimpleUploadedFile("people.csv", people_csv(north=7).encode())
    preview = manager.post(address, {"people": file}).headers["Location"]
    pending = Upload.objects.get()
    launch_campaign(campaign=draft, by=Who.WORKER)
    before = live()

    with pytest.raises(StateError, match="expected a draft to import people into, found “Open"):
        confirm_upload(upload=pending)
    with pytest.raises(StateError):
        keep_plan(campaign=draft, rows=(), root_name="")

    assert manager.post(preview).status_code == 404
    assert live() == before
