"""What a changed tree of units leaves in the ledger, on its page and in its file."""

import csv
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.import_files.units import UnitRow, read_units
from survey.models import Campaign, LedgerEntry, Organisation, Role, User, Who
from survey.selectors.ledger.entries import campaign_ledger, organisation_ledgers
from survey.services.campaigns import launch_campaign
from survey.services.organisations.trees import import_units
from survey.services.setup.unit_plans import keep_plan
from tests.survey.ledger.ledger_scenes import last_entry, member
from tests.survey.staff_scenes import confirm_counts, draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
HEADER = "code,name,parent\n"
COMPANY = {"code": "C", "name": "Acme"}
NORTH = {"code": "N", "name": "North"}
SOUTH = {"code": "S", "name": "South"}
FIRST = "C,Acme,\nN,North,C\nS,South,C\nN1,Team,N\nN2,Workshop,N\n"
# A team changes its region, a workshop its name; the depot is new, the south gone.
SECOND = "C,Acme,\nN,North,C\nN1,Team,C\nN2,Depot and workshop,N\nN3,Depot,N\n"


@pytest.fixture
def organisation() -> Organisation:
    return organisation_with_manager()[0]


def imported(organisation: Organisation, text: str, *, days: int = 0) -> list[tuple[str, object]]:
    """Bring the tree in line with a file; return what was noted of units."""
    before = last_entry()
    rows = read_units((HEADER + text).encode()).rows
    on = timezone.localdate() + timedelta(days=days)
    import_units(organisation=organisation, rows=rows, on=on, by=Who.WORKER)
    return [
        (entry.action, entry.detail["tree"]) for entry in LedgerEntry.objects.filter(pk__gt=before)
    ]


def test_a_first_tree_stands_with_all_its_units(organisation: Organisation) -> None:
    assert imported(organisation, FIRST) == [
        ("units added", [
            {"code": "C", "name": "Acme", "under": None},
            {**NORTH, "under": COMPANY},
            {**SOUTH, "under": COMPANY},
            {"code": "N1", "name": "Team", "under": NORTH},
            {"code": "N2", "name": "Workshop", "under": NORTH},
        ]),
    ]  # fmt: skip


def test_each_unit_that_a_later_tree_changes_stands_with_what_it_was(
    organisation: Organisation,
) -> None:
    imported(organisation, FIRST)

    assert imported(organisation, SECOND, days=30) == [
        ("units added", [{"code": "N3", "name": "Depot", "under": NORTH}]),
        ("units moved", [
            {"code": "N1", "name": "Team", "under": COMPANY, "formerly_under": NORTH},
        ]),
        ("units renamed", [
            {"code": "N2", "name": "Depot and workshop", "formerly": "Workshop"},
        ]),
        ("units ended", [{**SOUTH, "formerly_under": COMPANY}]),
    ]  # fmt: skip


def test_a_unit_that_comes_back_is_added_and_the_same_tree_again_is_nothing(
    organisation: Organisation,
) -> None:
    imported(organisation, FIRST)
    imported(organisation, SECOND, days=30)

    third = SECOND + "S,South,N\n"
    assert imported(organisation, third, days=60) == [("units added", [{**SOUTH, "under": NORTH}])]
    assert imported(organisation, third, days=61) == []


def launched(organisation: Organisation, teams: int) -> Campaign:
    """Return a campaign whose launch has put teams under another region."""
    draft = draft_campaign(organisation)
    tree = (
        UnitRow("C", "Acme Service"), UnitRow("N", "Region North", "C"), UnitRow("W", "West", "C"),
        UnitRow("N1", "Field team Ålesund", "W"), UnitRow("N2", "Workshop", "W"),
    )  # fmt: skip
    more = tuple(UnitRow(f"T{number:03}", f"Team {number}", "N") for number in range(teams))
    keep_plan(campaign=draft, rows=(*tree, *more), root_name="")
    confirm_counts(draft)
    launch_campaign(campaign=draft, by=User.objects.get(email="maria@example.com"))
    return draft


def test_pages_tell_the_first_units_and_the_file_all_of_them(
    client: Client, organisation: Organisation
) -> None:
    campaign = launched(organisation, teams=500)
    client.force_login(User.objects.get(email="maria@example.com"))

    told = {
        row.entry.action: row.detail
        for row in campaign_ledger(campaign).rows
        if "tree" in row.entry.detail
    }
    answer = client.get(reverse("survey:campaign-ledger-csv", args=[campaign.pk]))

    assert told == {
        "units added": "West (W): under Acme Service (C); Team 0 (T000): under Region North (N); "
        "Team 1 (T001): under Region North (N); Team 2 (T002): under Region North (N); "
        "Team 3 (T003): under Region North (N); and 496 more, in the file",
        "units moved": "Field team Ålesund (N1): under West (W), formerly under Region North (N); "
        "Workshop (N2): under West (W), formerly under Region North (N)",
    }
    lines = [
        (line["action"], line["unit_code"], line["unit"], line["detail"])
        for line in csv.DictReader(answer.content.decode("utf-8-sig").splitlines())
        if line["action"].startswith("units")
    ]
    assert len(lines) == 503
    assert lines[0] == (
        "units moved", "N1", "Field team Ålesund",
        "under West (W), formerly under Region North (N)",
    )  # fmt: skip
    assert lines[-1] == ("units added", "T499", "Team 499", "under Region North (N)")


def test_the_organisations_page_has_what_a_launch_changes_in_the_tree(
    organisation: Organisation,
) -> None:
    launched(organisation, teams=0)
    council = member(organisation, Role.COUNCIL, email="cara@example.com")

    (ledger,) = organisation_ledgers(council)

    assert {row.entry.action for row in ledger.page.rows if "tree" in row.entry.detail} == {
        "units added", "units moved",
    }  # fmt: skip
