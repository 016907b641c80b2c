"""What is stored, for the works council: who sees it, and what it says before and after."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from survey.models import Campaign, Function, Membership, Organisation, Release, Role, User
from survey.selectors.units.planned_units import Outcome, PlannedUnit, planned_units
from survey.services.campaigns import launch_campaign
from survey.services.opening.opening import open_campaign
from survey.services.running.code_sheets import make_code_sheet
from survey.services.running.latecomers import add_latecomer, invite_latecomers
from survey.services.setup.head_counts import enter_head_counts
from tests.survey.opening.opening_scenes import closed_campaign
from tests.survey.staff_scenes import (
    confirm_counts,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db
NOTHING, FIGURES, VERDICT = Outcome(False, False), Outcome(True, False), Outcome(True, True)
# If six of ten answer, the workshop's four stay alone; whatever holds one team only is not told.
PLAN = (
    PlannedUnit("Acme Service", (FIGURES, NOTHING)),
    PlannedUnit("Region North", (FIGURES, NOTHING)),
    PlannedUnit("Field team Ålesund", (VERDICT, VERDICT)),
    PlannedUnit("Workshop", (FIGURES, NOTHING)),
)


def member(organisation: Organisation, role: Role) -> User:
    user = User.objects.create_user(f"{role}@example.com")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def text_of(client: Client, user: User, campaign: Campaign) -> str:
    client.force_login(user)
    answer = client.get(reverse("survey:campaign-stored", args=[campaign.id]))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("role", Role)
def test_who_checks_a_campaign_sees_the_page_and_nobody_else(client: Client, role: Role) -> None:
    organisation, _ = organisation_with_manager()
    campaign = draft_campaign(organisation)
    client.force_login(member(organisation, role))

    answer = client.get(reverse("survey:campaign-stored", args=[campaign.id]))
    home = client.get("/").content.decode()

    may_check = role in (Role.COUNCIL, Role.ADMINISTRATOR, Role.MANAGER)
    assert answer.status_code == (200 if may_check else 404)
    assert (f"/campaigns/{campaign.id}/stored/" in home) is may_check


def test_another_organisations_council_gets_not_found(client: Client) -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    client.force_login(member(theirs, Role.COUNCIL))

    assert client.get(f"/campaigns/{campaign.id}/stored/").status_code == 404


def test_the_plan_before_launch_and_after_it_is_the_same() -> None:
    organisation, _ = organisation_with_manager()
    people = people_csv(north=20, workshop=8)

    assert planned_units(draft_campaign(organisation, people=people)) == PLAN
    assert planned_units(open_campaign_of(organisation, people=people)) == PLAN


def test_people_without_mail_are_part_of_the_plan_before_launch_and_after_it() -> None:
    organisation, manager = organisation_with_manager()
    draft = draft_campaign(organisation, people=people_csv(north=20, workshop=3))
    place = ("N2", Function.OPERATIONS)
    without = planned_units(draft)[3]

    enter_head_counts(campaign=draft, counts={place: 9}, by=manager)
    confirm_counts(draft)
    planned = planned_units(draft)[3]
    running = launch_campaign(campaign=draft, by=manager)

    assert without == PlannedUnit("Workshop", (NOTHING, NOTHING))
    assert planned == PlannedUnit("Workshop", (VERDICT, FIGURES))
    assert planned_units(running)[3] == planned


def test_people_and_codes_that_are_added_change_no_plan() -> None:
    organisation, manager = organisation_with_manager()
    campaign = open_campaign_of(organisation, people=people_csv(north=20, workshop=3))
    before = planned_units(campaign)
    workshop = campaign.units.get(code="N2")

    make_code_sheet(unit=workshop, function=Function.OPERATIONS, count=9, by=manager)
    add_latecomer(
        unit=workshop, email="l@example.com", name="", function=Function.SALES, by=manager
    )
    invite_latecomers(campaign_id=campaign.pk)

    assert planned_units(campaign) == before


def test_where_nobody_could_confirm_the_plan_knows_the_raised_floor() -> None:
    organisation, manager = organisation_with_manager()
    draft = draft_campaign(organisation, people=people_csv(north=20, workshop=8))
    User.objects.exclude(pk=manager.pk).delete()

    assert planned_units(draft)[3] == PlannedUnit("Workshop", (NOTHING, NOTHING))


def test_a_leader_on_the_list_counts_in_the_company_only() -> None:
    organisation, _ = organisation_with_manager()
    leader = "lars@example.com,Lars Lead,N1,operations\n"
    alone = people_csv(north=4, workshop=0) + leader

    field_team = planned_units(draft_campaign(organisation, people=alone))[2]

    assert field_team == PlannedUnit("Field team Ålesund", (NOTHING, NOTHING))


def test_the_page_says_what_is_kept_and_for_how_long(client: Client) -> None:
    organisation, _ = organisation_with_manager()
    campaign = draft_campaign(organisation, people=people_csv(north=20, workshop=8))

    text = text_of(client, member(organisation, Role.COUNCIL), campaign)

    for sentence in (
        "At most 2 hours.",
        "Until 14 days after close.",
        "Until 12 months after close.",
        "is about fewer than 5 answers.",
        "distributions need 10 answers.",
        "Workshop Figures of its own Only together with other units",
        "Nothing has been released.",
    ):
        assert sentence in text, sentence


@pytest.mark.django_db(transaction=True)
def test_after_the_release_the_page_has_its_fingerprint_and_log_and_no_size(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    campaign = open_campaign(campaign_id=closed_campaign().campaign.id)

    text = text_of(client, member(campaign.organisation, Role.COUNCIL), campaign)

    assert Release.objects.get().digest in text
    assert re.findall("ballots opened|key destroyed", text) == ["key destroyed", "ballots opened"]
    assert "Team N2 Figures and verdict of its own" in text
    assert "Team N3 Figures of its own" in text
    assert "Team N1 Only together with other units" in text
    units = re.sub(r"Team N\d", "", text.split("were published")[1].split("Release and ledger")[0])
    assert not re.search(r"\d", units)


def test_the_page_asks_as_often_for_many_people_as_for_few(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    organisation, manager = organisation_with_manager()
    campaign = open_campaign_of(organisation, people=people_csv(north=40, workshop=20))
    client.force_login(manager)

    with django_assert_max_num_queries(15):
        client.get(f"/campaigns/{campaign.id}/stored/")
