"""Attacks: single answers and figures of units come into one account, whichever comes second."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.access import ResultRight, roles_of
from survey.access import CampaignRight, holders_of, roles_in
from survey.errors import ChecklistError, InputError
from survey.import_files.problems import FileProblemsError
from survey.models import Campaign, Leadership, Membership, Organisation, Role, Unit, User, Who
from survey.selectors.accounts.roles_apart import MixedAccount, mixed_accounts
from survey.selectors.launch.checklist import launch_checklist
from survey.services.organisations.founding import add_member, remove_member
from survey.services.organisations.leaderships import appoint, end_leadership
from survey.services.organisations.trees import import_units
from survey.services.running.launching import launch_campaign
from survey.services.setup.imports import NamedFile, check_files, read_units
from survey.services.setup.unit_plans import keep_plan
from tests.survey.mixed_accounts import mixed_account
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
ANALYST = "ann@example.com"
FILE = "code,name,parent,leader_email\nC,Company,,\nN,North,C,ann@example.com\nS,South,C,\n"


@pytest.fixture
def acme() -> Organisation:
    organisation = Organisation.objects.create(name="Acme")
    Unit.objects.create(organisation=organisation, code="N", name="North")
    return organisation


def give(organisation: Organisation, *roles: Role, email: str = ANALYST) -> User:
    return add_member(
        organisation=organisation, email=email, roles=roles, name="Ann", by=Who.COMMAND
    ).user


def north(organisation: Organisation) -> Unit:
    return organisation.units.get(code="N")


def test_an_analyst_becomes_deputy_or_leader(acme: Organisation) -> None:
    give(acme, Role.ANALYST)

    for kind in Leadership.Kind:
        with pytest.raises(InputError, match=r"^Ann \(ann@example.com\): expected somebody who "
                           r"reads no single answers of Acme, found an analyst\."):  # fmt: skip
            appoint(unit=north(acme), email="Ann@Example.com", kind=kind, by=Who.WORKER)
    assert not Leadership.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EXECUTIVE])
def test_an_analyst_is_made_manager_or_executive(acme: Organisation, role: Role) -> None:
    give(acme, Role.ANALYST)

    with pytest.raises(InputError, match=f"cannot be {role.label} too. Name somebody else"):
        give(acme, role)
    assert list(Membership.objects.values_list("role", flat=True)) == ["analyst"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EXECUTIVE])
def test_a_manager_or_executive_is_made_analyst(acme: Organisation, role: Role) -> None:
    give(acme, role)

    with pytest.raises(InputError, match=f"no figures of units of Acme, found {role.label}"):
        give(acme, Role.ANALYST)
    with pytest.raises(InputError, match="found Campaign manager"):
        give(acme, Role.ANALYST, Role.MANAGER, email="new@example.com")


def test_a_deputy_is_made_analyst(acme: Organisation) -> None:
    leadership = appoint(
        unit=north(acme), email=ANALYST, kind=Leadership.Kind.DEPUTY, by=Who.WORKER
    )

    with pytest.raises(InputError, match="found Deputy of North"):
        give(acme, Role.ANALYST)
    end_leadership(leadership=leadership, on=timezone.localdate(), by=Who.WORKER)
    with pytest.raises(InputError, match="found Deputy of North"):
        give(acme, Role.ANALYST)  # the last day counts
    Leadership.objects.update(since=date(2024, 1, 1), until=timezone.localdate() - timedelta(1))
    give(acme, Role.ANALYST)


def test_the_command_refuses_it_and_takes_roles(acme: Organisation) -> None:
    give(acme, Role.EXECUTIVE)
    asked = (ANALYST, "--organisation", "Acme", "--role")

    with pytest.raises(CommandError, match="found HR or executive"):
        call_command("add_member", *asked, "analyst")
    with pytest.raises(CommandError, match="expected the role analyst in Acme, found executive"):
        call_command("remove_member", *asked, "analyst")
    call_command("remove_member", *asked, "executive")
    call_command("add_member", *asked, "analyst")

    assert list(Membership.objects.values_list("role", flat=True)) == ["analyst"]


def test_the_units_page_refuses_it(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    unit = Unit.objects.create(organisation=organisation, code="N", name="North")
    give(organisation, Role.ANALYST)
    client.force_login(manager)

    page = client.post(
        f"/organisations/{organisation.pk}/units/{unit.pk}/", {"kind": "deputy", "email": ANALYST}
    )

    assert "found an analyst" in page.text
    assert not Leadership.objects.exists()


def test_a_file_of_units_names_the_analyst_as_a_leader(acme: Organisation) -> None:
    give(acme, Role.ANALYST)
    people = NamedFile("people.csv", b"email,name,unit,function\na@example.com,A,N,sales\n")

    with pytest.raises(FileProblemsError) as refused:
        check_files(organisation=acme, units=NamedFile("units.csv", FILE.encode()), people=people)
    with pytest.raises(InputError, match="found an analyst"):
        import_units(organisation=acme, rows=read_units(FILE.encode()).rows, by=Who.WORKER)

    assert str(refused.value) == (
        "units.csv, line 3, column 4 (leader_email): expected somebody who may lead a unit, found "
        "an analyst, who reads single answers and so no figures of units."
    )
    assert not Leadership.objects.exists()


def test_whoever_was_made_analyst_after_the_upload_is_refused_at_the_launch() -> None:
    organisation, _ = organisation_with_manager()
    campaign = draft_campaign(organisation, people=people_csv())
    rows = read_units(FILE.encode()).rows
    keep_plan(campaign=campaign, rows=rows, root_name="")
    give(organisation, Role.ANALYST)

    check = next(c for c in launch_checklist(campaign, now=timezone.now()) if c.code == "tree")
    with pytest.raises(ChecklistError):
        launch_campaign(campaign=Campaign.objects.get(), by=Who.WORKER)

    assert not check.passed
    assert not Leadership.objects.filter(user__email=ANALYST).exists()


def test_roles_in_two_organisations_do_not_meet(acme: Organisation) -> None:
    other = Organisation.objects.create(name="Other")
    give(acme, Role.ANALYST)
    give(other, Role.MANAGER, Role.EXECUTIVE)
    give(acme, Role.COUNCIL, Role.ADMINISTRATOR)

    assert mixed_accounts() == ()


def roles_by_hand(organisation: Organisation, user: User, role: str) -> None:
    Membership.objects.create(organisation=organisation, user=user, role=role)


def bulk(organisation: Organisation, user: User, role: str) -> None:
    Membership.objects.bulk_create([Membership(organisation=organisation, user=user, role=role)])


def changed(organisation: Organisation, user: User, role: str) -> None:
    given = Membership.objects.create(organisation=organisation, user=user, role="council")
    Membership.objects.filter(pk=given.pk).update(role=role)


def moved(organisation: Organisation, user: User, role: str) -> None:
    other = User.objects.create_user("other@example.com")
    Membership.objects.create(organisation=organisation, user=other, role=role)
    Membership.objects.filter(user=other).update(user=user)


def lead(organisation: Organisation, user: User, until: date | None = None) -> Leadership:
    return Leadership.objects.create(
        unit=north(organisation), user=user, since=date(2024, 1, 1), until=until
    )


Grant = Callable[[Organisation, User, str], None]


@pytest.mark.parametrize("grant", [roles_by_hand, bulk, changed, moved])
@pytest.mark.parametrize(
    ("first", "second"),
    [("analyst", "manager"), ("analyst", "executive"), ("manager", "analyst"),
     ("executive", "analyst")],
)  # fmt: skip
def test_the_database_refuses_a_second_role_past_every_service(
    acme: Organisation, grant: Grant, first: str, second: str
) -> None:
    user = User.objects.create_user(ANALYST)
    roles_by_hand(acme, user, first)

    with pytest.raises(IntegrityError, match="roles apart"), transaction.atomic():
        grant(acme, user, second)


def test_the_database_refuses_to_let_an_analyst_lead(acme: Organisation) -> None:
    user, other = User.objects.create_user(ANALYST), User.objects.create_user("o@example.com")
    roles_by_hand(acme, user, "analyst")
    ended = lead(acme, user, until=date(2024, 2, 1))
    theirs = lead(acme, other)

    attacks: tuple[Callable[[], object], ...] = (
        lambda: lead(acme, user),
        lambda: lead(acme, user, until=timezone.localdate() + timedelta(days=30)),
        lambda: Leadership.objects.filter(pk=ended.pk).update(until=None),
        lambda: Leadership.objects.filter(pk=theirs.pk).update(user=user),
    )
    for attack in attacks:
        with pytest.raises(IntegrityError, match="roles apart"), transaction.atomic():
            attack()


def test_the_database_refuses_to_make_a_leader_an_analyst(acme: Organisation) -> None:
    user = User.objects.create_user(ANALYST)
    lead(acme, user)

    with pytest.raises(IntegrityError, match="roles apart"), transaction.atomic():
        roles_by_hand(acme, user, "analyst")
    Leadership.objects.update(until=timezone.localdate())
    roles_by_hand(acme, user, "analyst")


def test_an_account_that_has_both_is_named_and_reads_no_answers(client: Client) -> None:
    organisation = Organisation.objects.create(name="Acme")
    Unit.objects.create(organisation=organisation, code="N", name="North")
    user = mixed_account(organisation, north(organisation), ANALYST)
    administrator = give(organisation, Role.ADMINISTRATOR, email="ada@example.com")
    client.force_login(administrator)
    told = client.get("/").text
    client.force_login(user)
    own, workbench = client.get("/").text, client.get("/workbench/")

    assert mixed_accounts() == (MixedAccount("Ann (ann@example.com)", "Acme", "Leader of North"),)
    assert "Ann (ann@example.com) is analyst of Acme, and also Leader of North." in told
    assert "Your role as analyst of Acme rests" in own
    assert "Ann (ann@example.com) is analyst" not in own
    assert [check.id for check in run_checks(databases=["default"])].count("rutin.W006") == 1
    assert not roles_in(user, organisation.pk).may(CampaignRight.READ_ROWS)
    assert not roles_in(user, organisation.pk).may(ResultRight.ANALYSE)
    assert not holders_of(CampaignRight.READ_ROWS, organisation_id=organisation.pk).exists()
    assert not roles_of(User.objects.get(pk=user.pk)).analyses
    assert workbench.status_code == 404

    end_leadership(
        leadership=Leadership.objects.get(), on=timezone.localdate() - timedelta(1), by=Who.WORKER
    )

    assert mixed_accounts() == ()
    assert roles_in(user, organisation.pk).may(CampaignRight.READ_ROWS)


def test_an_account_that_has_both_may_lose_either() -> None:
    organisation = Organisation.objects.create(name="Acme")
    Unit.objects.create(organisation=organisation, code="N", name="North")
    mixed_account(organisation, north(organisation), ANALYST)

    remove_member(organisation=organisation, email=ANALYST, roles=(Role.ANALYST,), by=Who.COMMAND)

    assert mixed_accounts() == ()
    assert Leadership.objects.count() == 1
