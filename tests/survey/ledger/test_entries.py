"""Each thing that changes whose answers count, who may read or what is kept leaves its entry."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from survey.models import (
    Action,
    Campaign,
    LedgerEntry,
    Message,
    MessageState,
    Organisation,
    Role,
    UnitReport,
    User,
    Who,
)
from survey.sealing import passphrases
from survey.selectors.ledger.words import who_words
from survey.services.campaigns import close_campaign
from survey.services.running.launching import prepare_keys
from survey.services.running.links import replace_link, request_new_link
from survey.services.running.wrong_units import settle_report
from survey.services.schedule import delete_addresses
from tests.survey.ledger.ledger_scenes import (
    ADDRESS,
    COMMAND,
    MANAGER,
    NORTH,
    NOT_NOTED,
    NOWHERE,
    WORKER,
    WORKSHOP,
    last_entry,
    member,
    newest_entries,
    post,
    recipient_of,
    texts_of,
    work,
)
from tests.survey.staff_scenes import (
    UNITS,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
)

pytestmark = pytest.mark.django_db
NAME = "Spring survey"
Deed = Callable[[Client, Campaign], Any]
PASSPHRASE = "seven quiet herons over the lake"


@pytest.fixture
def organisation() -> Organisation:
    return organisation_with_manager()[0]


@pytest.fixture
def manager(client: Client, organisation: Organisation) -> Client:
    client.force_login(User.objects.get(email="maria@example.com"))
    return client


def _person(page: str, *tasks: str, **fields: object) -> Deed:
    """Send one of the forms about somebody in operations of N1, and let the worker follow."""

    def do(client: Client, campaign: Campaign) -> None:
        post(client, page, campaign.pk, recipient_of(campaign), **fields)
        work(*tasks)

    return do


def _move(client: Client, campaign: Campaign) -> None:
    workshop = campaign.units.get(code="N2").pk
    _person("person-move", "move_person", unit=workshop, function="sales")(client, campaign)


def _add(client: Client, campaign: Campaign) -> None:
    fields = {"unit": campaign.units.get(code="N2").pk, "function": "sales"}
    post(client, "person-add", campaign.pk, email="late@example.com", name="Lena Late", **fields)
    work("invite_latecomers")


def _fail_all(client: Client, campaign: Campaign) -> None:
    Message.objects.filter(invitation__campaign=campaign).update(
        state=MessageState.FAILED, last_error="server 550 no"
    )
    post(client, "campaign-resend", campaign.pk)


def _settle(client: Client, campaign: Campaign) -> None:
    invitation = campaign.invitations.get(recipient__email=ADDRESS)
    UnitReport.objects.create(invitation=invitation, text="N3", function="sales")
    post(client, "unit-report-settle", campaign.pk, recipient_of(campaign))


def _codes(page: str, **fields: object) -> Deed:
    def do(client: Client, campaign: Campaign) -> None:
        unit = campaign.units.get(code="N2").pk
        post(client, page, campaign.pk, unit=unit, function="sales", **fields)

    return do


def _page(address: str, **fields: object) -> Deed:
    return lambda client, campaign: post(client, address, campaign.pk, **fields)


def about(
    action: str,
    place: tuple[str, str] = NOWHERE,
    function: str = "",
    detail: Mapping[str, object] | None = None,
    *,
    who: tuple[str, str, str] = MANAGER,
    has_time: bool = True,
    campaign: str = NAME,
) -> tuple[Any, ...]:
    """Return an entry as newest_entries() does."""
    return (action, who, place, function, detail or {}, campaign, has_time)


def of_person(action: str, **detail: str) -> tuple[Any, ...]:
    """Return an entry about somebody in operations of N1: the day only."""
    return about(action, NORTH, "operations", detail, has_time=False)


RUNNING: dict[str, tuple[Deed, list[tuple[Any, ...]]]] = {
    "add": (_add, [about("person added", WORKSHOP, "sales", has_time=False)]),
    "move": (_move, [about("person moved", WORKSHOP, "sales", {
        "from_unit_code": "N1", "from_unit": "Field team Ålesund", "from_function": "operations",
    }, has_time=False)]),
    "correct an address": (
        _person("person-detail", "replace_link", email="new@example.com", name="Nina New"),
        [of_person("address corrected"), of_person("link renewed")],
    ),
    "correct a name": (_person("person-detail", email=ADDRESS, name="Nina New"), []),
    "renew": (_person("person-replace-link", "replace_link"), [of_person("link renewed")]),
    "revoke": (_person("person-revoke-link"), [of_person("link revoked")]),
    "resend": (_person("person-resend"), [of_person("invitation resent")]),
    "resend what failed": (
        _fail_all, [about("failed mails resent", detail={"count": 9}, has_time=False)],
    ),
    "make codes": (
        _codes("code-list", count=3), [about("codes made", WORKSHOP, "sales", {"count": 3})],
    ),
    "revoke codes": (
        _codes("code-revoke"), [about("codes revoked", WORKSHOP, "sales", {"count": 0})],
    ),
    "close": (_page("campaign-close"), [about("closed")]),
    "cancel": (_page("campaign-cancel", is_sure="on"), [about("cancellation asked")]),
    "settle a report": (_settle, [of_person("report settled")]),
    "remind": (_page("campaign-remind"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNNING)
def test_each_change_of_a_running_campaign_leaves_its_entry(
    manager: Client, organisation: Organisation, name: str
) -> None:
    campaign = open_campaign_of(organisation)
    deed, expected = RUNNING[name]
    before = last_entry()

    deed(manager, campaign)

    assert newest_entries(before) == expected


def test_what_is_noted_is_the_same_for_whoever_has_answered(organisation: Organisation) -> None:
    campaign = open_campaign_of(organisation)
    campaign.invitations.filter(recipient__email="n1-1@example.com").update(done=True, used=True)
    before = last_entry()

    for invitation in campaign.invitations.filter(
        recipient__email__in=(ADDRESS, "n1-1@example.com")
    ):
        replace_link(invitation_id=invitation.pk, by=Who.WORKER)

    assert (
        newest_entries(before)
        == [about("link renewed", NORTH, "operations", who=WORKER, has_time=False)] * 2
    )


def test_a_closing_time_that_moves_and_is_taken_back_stands_with_both_times(
    manager: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)
    first = campaign.closes_at
    assert first is not None
    before = last_entry()

    moved = [(first + timedelta(days=days)).replace(second=0, microsecond=0) for days in (20, 10)]
    for moment in moved:
        Campaign.objects.filter(pk=campaign.pk).update(told_closes_at=None)
        wall = moment.astimezone(ZoneInfo(campaign.time_zone))
        post(manager, "campaign-extend", campaign.pk, closes_at=f"{wall:%Y-%m-%dT%H:%M}")

    entries = newest_entries(before)
    assert [entry[:2] for entry in entries] == [
        ("extended", MANAGER), ("extension taken back", MANAGER),
    ]  # fmt: skip
    ends = [datetime.fromisoformat(entry[4][end]) for entry in entries for end in ("from", "to")]
    assert ends == [first, moved[0], *moved]


def test_a_launch_stands_with_its_asker_also_where_the_clock_queued_the_task(
    manager: Client, organisation: Organisation
) -> None:
    draft = draft_campaign(organisation)
    prepare_keys(campaign_id=draft.pk)
    before = last_entry()

    post(manager, "campaign-launch", draft.pk)
    work("launch_campaign")

    draft.refresh_from_db()
    asked, launched = newest_entries(before)
    assert asked == about("launch asked for")
    assert launched[:2] == ("launched", MANAGER)
    assert draft.closes_at is not None
    assert launched[4] == {
        "units": 4,
        "invited": 9,
        "without_mail": 0,
        "people": [
            {
                "unit_code": code, "unit": name, "function": function,
                "invited": invited, "without_mail": 0,
            }
            for (code, name), function, invited in (
                (NORTH, "operations", 4), (NORTH, "sales", 2),
                (WORKSHOP, "operations", 2), (WORKSHOP, "sales", 1),
            )
        ],
        "questionnaire": "rutin-core 2",
        "questionnaire_fingerprint": draft.instrument.digest,
        "languages": ["en"],
        "asks_attention_check": True,
        "asks_markers": True,
        "gives_rows": False,
        "launched_alone": False,
        "floor": 5,
        "sensitive_floor": 10,
        "exclusion_rules": {
            "attention_check": True, "uniform_share": 0.9, "item_total": 0.3,
            "item_total_answers": 50,
        },
        "retention_months": 12,
        "has_passphrase": False,
        "closes_at": draft.closes_at.isoformat(),
        **dict.fromkeys((
            "units_created", "units_changed", "units_ended", "leaders_replaced",
            "leaders_appointed", "accounts_created",
        ), 0),
    }  # fmt: skip


def test_leaders_that_a_launch_appoints_and_ends_stand_with_it(organisation: Organisation) -> None:
    from survey.import_files.units import read_units
    from survey.services.campaigns import launch_campaign
    from survey.services.setup.unit_plans import keep_plan

    draft = draft_campaign(organisation)
    files = UNITS.replace("nora@example.com,Nora North", "eve@example.com,Eve")
    keep_plan(campaign=draft, rows=read_units(files.encode()).rows, root_name="")
    before = last_entry()

    launch_campaign(campaign=draft, by=User.objects.get(email="maria@example.com"))

    north = ("N", "Region North")
    assert newest_entries(before)[:2] == [
        about("leader ended", north, detail={"address": "nora@example.com", "name": "Nora North"}),
        about("leader appointed", north, detail={"address": "eve@example.com", "name": "Eve"}),
    ]


def test_appointments_stand_with_unit_and_account(
    manager: Client, organisation: Organisation
) -> None:
    draft_campaign(organisation)
    unit = organisation.units.get(code="N1")
    before = last_entry()

    for kind, email in (("deputy", "dan@example.com"), ("leader", "dan@example.com")):
        post(manager, "unit-leaders", organisation.pk, unit.pk, email=email, name="Dan", kind=kind)
    dan = User.objects.get(email="dan@example.com")
    post(manager, "leadership-end", organisation.pk, unit.pk, dan.pk)

    given = {"address": "dan@example.com", "name": "Dan"}
    lars = {"address": "lars@example.com", "name": "Lars Lead"}
    assert newest_entries(before) == [
        about(action, NORTH, detail=account, campaign="")
        for action, account in (
            ("deputy appointed", given), ("deputy ended", given), ("leader ended", lars),
            ("leader appointed", given), ("leader ended", given),
        )
    ]  # fmt: skip


def test_a_command_s_user_is_the_process_s_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "mallory")

    call_command("create_organisation", "Acme", manager="anna@acme.example", manager_name="Anna")

    assert {entry[1] for entry in newest_entries(0)} == {COMMAND}
    assert {who_words(entry) for entry in LedgerEntry.objects.all()} == {
        f"command line ({COMMAND[2]})"
    }


def test_roles_that_commands_give_stand_once_each() -> None:
    call_command("create_organisation", "Acme", manager="anna@acme.example", manager_name="Anna")
    for _ in range(2):
        call_command("add_member", "cleo@acme.example", organisation="Acme", role=["analyst"])

    anna = {"address": "anna@acme.example", "name": "Anna"}
    assert newest_entries(0) == [
        about("role given", who=COMMAND, campaign="", detail=detail)
        for detail in (
            {**anna, "role": "manager"},
            {**anna, "role": "administrator"},
            {"address": "cleo@acme.example", "name": "", "role": "analyst"},
        )
    ]


def test_roles_that_a_command_takes_away_stand_as_well() -> None:
    call_command("create_organisation", "Acme", manager="anna@acme.example", manager_name="Anna")
    before = last_entry()
    twice = ("--role=administrator", "--role=administrator")
    call_command("remove_member", "anna@acme.example", "--organisation=Acme", *twice)
    with pytest.raises(CommandError, match="expected the role administrator in Acme"):
        call_command(
            "remove_member", "anna@acme.example", organisation="Acme", role=["administrator"]
        )

    assert newest_entries(before) == [
        about(
            "role taken", who=COMMAND, campaign="",
            detail={"address": "anna@acme.example", "name": "Anna", "role": "administrator"},
        )
    ]  # fmt: skip


def test_a_passphrase_stands_with_the_council_s_account(
    client: Client, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrases, "EFFORT", 1)
    monkeypatch.setattr(passphrases, "MEMORY", 8192)
    draft = draft_campaign(organisation)
    prepare_keys(campaign_id=draft.pk)
    client.force_login(member(organisation, Role.COUNCIL, email="cara@example.com"))
    before = last_entry()

    post(
        client,
        "campaign-passphrase",
        draft.pk,
        passphrase=PASSPHRASE,
        repeated=PASSPHRASE,
        is_understood="on",
    )

    cara = ("account", "cara@example.com", "cara")
    assert newest_entries(before) == [about("passphrase set", who=cara)]


def test_a_draft_and_an_account_that_go_leave_their_entries_readable(
    manager: Client, organisation: Organisation
) -> None:
    draft = draft_campaign(organisation)
    before = last_entry()

    post(manager, "campaign-discard", draft.pk)
    User.objects.get(email="maria@example.com").delete()

    assert newest_entries(before) == [about("draft discarded")]
    assert not Campaign.objects.exists()


def test_a_task_that_was_queued_before_it_named_an_account_is_still_done(
    organisation: Organisation,
) -> None:
    from survey.tasks import move_person
    from survey.tasks import replace_link as replace_link_task

    campaign = open_campaign_of(organisation)
    invitation = campaign.invitations.get(recipient__email=ADDRESS)
    before = last_entry()

    replace_link_task.func(str(invitation.pk))
    invitation = campaign.invitations.get(recipient__email=ADDRESS)
    unit = campaign.units.get(code="N2")
    move_person.func(str(invitation.pk), str(unit.pk), "operations")

    assert [entry[:2] for entry in newest_entries(before)] == [
        ("link renewed", NOT_NOTED), ("person moved", NOT_NOTED),
    ]  # fmt: skip


def test_an_account_that_is_gone_when_its_task_is_done_is_not_taken_for_the_worker(
    organisation: Organisation,
) -> None:
    campaign = open_campaign_of(organisation)
    other = member(organisation, Role.MANAGER, email="mike@example.com")
    recipient = campaign.recipients.get(email=ADDRESS)
    request_new_link(recipient=recipient, by=other)
    other.delete()
    before = last_entry()

    work("replace_link")

    assert [entry[:2] for entry in newest_entries(before)] == [("link renewed", NOT_NOTED)]


def test_a_report_that_another_page_has_settled_is_noted_once(organisation: Organisation) -> None:
    campaign = open_campaign_of(organisation)
    report = UnitReport.objects.create(
        invitation=campaign.invitations.get(recipient__email=ADDRESS), text="N3", function="sales"
    )
    before = last_entry()

    for _ in range(2):
        settle_report(report=report, by=Who.WORKER)

    assert [entry[0] for entry in newest_entries(before)] == ["report settled"]


def test_addresses_that_are_deleted_two_weeks_after_the_close_stand_with_their_number(
    organisation: Organisation,
) -> None:
    campaign = open_campaign_of(organisation)
    closed = timezone.now() + timedelta(days=20)
    close_campaign(campaign=campaign, by=Who.WORKER, now=closed)
    before = last_entry()

    for days in (13, 14, 15):
        delete_addresses(closed + timedelta(days=days))

    assert newest_entries(before) == [
        about("addresses deleted", who=WORKER, detail={"count": 9}),
    ]
    assert not campaign.recipients.exists()


def test_what_the_clock_does_is_the_worker_s(organisation: Organisation) -> None:
    campaign = open_campaign_of(organisation)
    before = last_entry()

    close_campaign(campaign=campaign, now=timezone.now() + timedelta(days=20), by=Who.WORKER)

    assert newest_entries(before) == [about("closed", who=WORKER)]


def test_no_entry_holds_name_or_address_of_anybody_invited(
    manager: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)
    told = {(one.email, one.name) for one in campaign.recipients.all()}
    for name in ("add", "resend", "renew", "move", "revoke", "correct an address", "close"):
        RUNNING[name][0](manager, campaign)
    told |= {("late@example.com", "Lena Late"), ("new@example.com", "Nina New")}
    staff = {"lars@example.com", "nora@example.com", "maria@example.com"}

    text = texts_of(LedgerEntry.objects.all())

    assert "person added" in text
    assert [one for one in told if one[0] not in staff and (one[0] in text or one[1] in text)] == []


def test_of_one_person_no_time_is_kept_and_of_all_else_it_is() -> None:
    assert {action.value for action in Action if action.is_of_one_person} == {
        "person added", "person moved", "address corrected", "link renewed", "link revoked",
        "invitation resent", "failed mails resent", "report settled", "correction asked",
        "change refused", "change taken back",
    }  # fmt: skip
