"""Who reads the ledger, what its pages show first, and the file of all of it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from survey.models import Action, Campaign, Function, LedgerEntry, Organisation, Role, User, Who
from survey.release.exclusions import ExclusionRules
from survey.selectors.ledger.entries import ENTRIES_SHOWN, campaign_ledger, organisation_ledgers
from survey.selectors.ledger.words import LABELS, RULES, UNTOLD
from survey.services.ledger import new_entry, note, note_all
from survey.services.organisations.founding import add_member
from tests.ledger_rows import changeable_ledger
from tests.survey.ledger.ledger_scenes import member
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 9, tzinfo=UTC)  # noon in Helsinki
HEADINGS = "day,time,who,account,action,what,concerns,campaign,unit_code,unit,function,detail\r\n"


@pytest.fixture
def campaign() -> Campaign:
    """Return a draft whose organisation's ledger begins anew with two roles."""
    organisation, _ = organisation_with_manager()
    return draft_campaign(organisation, is_confirmed=False)


def address(name: str, *arguments: object) -> str:
    return reverse(f"survey:{name}", args=arguments)


def all_addresses(campaign: Campaign) -> dict[str, str]:
    return {
        "page": address("ledger-list"),
        "campaign": address("campaign-ledger-csv", campaign.pk),
        "organisation": address("organisation-ledger-csv", campaign.organisation_id),
    }


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_reads_what_the_table_of_roles_says(
    client: Client, campaign: Campaign, role: Role | None
) -> None:
    roles = [role] if role else []
    client.force_login(member(campaign.organisation, *roles, email="reader@example.com"))

    found = {name: client.get(place).status_code for name, place in all_addresses(campaign).items()}
    note(Action.CODES_MADE, by=Who.WORKER, campaign=campaign)
    links = client.get("/").text + client.get(address("campaign-stored", campaign.pk)).text

    one = 200 if role in (Role.COUNCIL, Role.ADMINISTRATOR, Role.MANAGER) else 404
    whole = 200 if role in (Role.COUNCIL, Role.ADMINISTRATOR) else 404
    places = all_addresses(campaign)
    assert found == {"page": whole, "campaign": one, "organisation": whole}
    assert {name for name, place in places.items() if f'href="{place}"' in links} == {
        name for name, status in found.items() if status == 200
    }


def test_a_council_of_another_organisation_reads_nothing_of_this_one(
    client: Client, campaign: Campaign
) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    client.force_login(member(theirs, Role.COUNCIL, email="reader@example.com"))
    add_member(
        organisation=campaign.organisation,
        email="ours@example.com",
        roles=(Role.ANALYST,),
        by=Who.COMMAND,
    )

    page = client.get(address("ledger-list"))

    assert "ours@example.com" not in page.content.decode()
    for name in ("campaign", "organisation"):
        assert client.get(all_addresses(campaign)[name]).status_code == 404


def test_the_file_of_a_campaign_is_this_text(client: Client, campaign: Campaign) -> None:
    manager = User.objects.get(email="maria@example.com")
    Campaign.objects.filter(pk=campaign.pk).update(name="=Spring")
    campaign.refresh_from_db()
    unit = campaign.organisation.units.get(code="N1")
    note(Action.CODES_MADE, by=manager, campaign=campaign, unit=unit, function=Function.SALES,
         detail={"count": 3}, now=NOON)  # fmt: skip
    note(Action.LINK_REVOKED, by=manager, campaign=campaign, unit=unit, function=Function.SALES,
         now=NOON)  # fmt: skip
    note(Action.KEY_DESTROYED, by=Who.WORKER, campaign=campaign, detail={"fingerprint": "ab12"},
         now=NOON.replace(day=5))  # fmt: skip
    client.force_login(manager)

    answer = client.get(address("campaign-ledger-csv", campaign.pk))

    maria = f"Maria Manager (maria@example.com),{manager.pk}"
    assert answer.content.decode("utf-8-sig") == HEADINGS + (
        "2026-05-05,12:00:00+0300,background worker,,key destroyed,key destroyed,"
        "how long things are kept,'=Spring,,,,fingerprint: ab12\r\n"
        f"2026-05-04,12:00:00+0300,{maria},codes made,codes made and printed,"
        "whose answers are counted,'=Spring,N1,Field team Ålesund,Service sales,number: 3\r\n"
        f"2026-05-04,,{maria},link revoked,a link revoked,"
        "whose answers are counted,'=Spring,N1,Field team Ålesund,Service sales,\r\n"
    )
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger.csv"'


def test_the_organisations_page_has_roles_and_leaders_and_what_is_of_no_campaign(
    client: Client, campaign: Campaign
) -> None:
    organisation = campaign.organisation
    council = member(organisation, Role.COUNCIL, email="cara@example.com")
    note(Action.CODES_MADE, by=Who.WORKER, campaign=campaign)
    note(Action.PASSPHRASE_SET, by=council, campaign=campaign)
    gone = draft_campaign(organisation, name="Gone", is_confirmed=False)
    note(Action.DRAFT_DISCARDED, by=Who.WORKER, campaign=gone)
    gone.delete()
    client.force_login(council)

    text = client.get(address("ledger-list")).content.decode()

    (ledger,) = organisation_ledgers(council)
    assert {(row.entry.action, row.entry.campaign_name) for row in ledger.page.rows} == {
        ("leader appointed", ""), ("passphrase set", "Spring survey"), ("draft discarded", "Gone"),
        ("units added", ""),
    }  # fmt: skip
    assert "Nora North (nora@example.com)" in text
    file = client.get(all_addresses(campaign)["organisation"]).content.decode()
    assert "codes made" in file


def test_the_newest_come_first_and_the_rest_is_in_the_file(
    client: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    note_all(
        new_entry(Action.CODES_MADE, by=Who.WORKER, campaign=campaign, detail={"count": number + 1},
                  now=NOON.replace(minute=number))
        for number in range(ENTRIES_SHOWN + 1)
    )  # fmt: skip
    client.force_login(User.objects.get(email="maria@example.com"))

    page = campaign_ledger(campaign)
    with django_assert_max_num_queries(12):
        file = client.get(address("campaign-ledger-csv", campaign.pk)).content.decode()

    assert [row.entry.detail["count"] for row in page.rows] == list(range(ENTRIES_SHOWN + 1, 1, -1))
    assert page.has_more
    assert file.count("\r\n") == 1 + ENTRIES_SHOWN + 1
    shown = client.get(address("campaign-stored", campaign.pk)).content.decode()
    assert "Only the newest entries are shown." in shown


def test_entries_without_a_time_stand_in_no_order_that_tells_one(campaign: Campaign) -> None:
    for action in (Action.PERSON_ADDED, Action.LINK_RENEWED, Action.ADDRESS_CORRECTED):
        note(action, by=Who.WORKER, campaign=campaign, now=NOON)
    note(Action.CODES_MADE, by=Who.WORKER, campaign=campaign, now=NOON)

    assert [row.entry.action for row in campaign_ledger(campaign).rows] == [
        "codes made", "address corrected", "link renewed", "person added",
    ]  # fmt: skip


def test_every_action_has_words_and_says_why_it_is_noted() -> None:
    with override("en"):
        bare = [one for one in Action if not str(one.words) or not one.concern.label]
    assert bare == []


def test_what_a_newer_version_has_noted_stands_there_as_it_is_stored(
    client: Client, campaign: Campaign
) -> None:
    with changeable_ledger():
        campaign.ledger.all().delete()
        LedgerEntry.objects.create(
            organisation=campaign.organisation, campaign=campaign, day=date(2026, 5, 4), at=NOON,
            who="robot", action="answers weighed", function="repair", detail={"role": "auditor"},
        )  # fmt: skip
    client.force_login(User.objects.get(email="maria@example.com"))

    page = client.get(address("campaign-stored", campaign.pk)).text
    file = client.get(address("campaign-ledger-csv", campaign.pk)).content.decode("utf-8-sig")

    assert "answers weighed" in page
    assert file == HEADINGS + (
        "2026-05-04,12:00:00+0300,robot,,answers weighed,answers weighed,,,,,repair,"
        "role: auditor\r\n"
    )


def test_pages_tell_times_by_the_clock_of_the_campaign(client: Client, campaign: Campaign) -> None:
    assert campaign.time_zone == "Europe/Helsinki"
    note(Action.CODES_MADE, by=Who.WORKER, campaign=campaign, now=NOON)
    client.force_login(User.objects.get(email="maria@example.com"))

    page = client.get(address("campaign-stored", campaign.pk)).text

    assert '<span class="soft">12:00</span>' in page
    assert "09:00" not in page


def test_what_stands_in_details_is_told_or_kept_to_itself_on_purpose() -> None:
    assert not set(LABELS) & UNTOLD


def test_organisations_without_entries_say_so(client: Client) -> None:
    organisation = Organisation.objects.create(name="Empty")
    client.force_login(member(organisation, Role.COUNCIL, email="cara@example.com"))

    assert "Nothing has been noted yet." in client.get(address("ledger-list")).content.decode()


def test_rules_for_leaving_answers_out_are_told_in_words(campaign: Campaign) -> None:
    rules = {**ExclusionRules().as_mapping(), "fatigue": 3}
    note(Action.LAUNCHED, by=Who.WORKER, campaign=campaign, detail={"exclusion_rules": rules})

    (row,) = campaign_ledger(campaign).rows

    assert row.detail == (
        "rules for leaving answers out: wrong answer to a check of attention: yes, "
        "same answer on at least this share of statements: 0.9, "
        "statement with a lower correlation with the others: 0.3, "
        "judged from this many answers on: 50, fatigue 3"
    )


def test_every_rule_for_leaving_answers_out_has_words() -> None:
    assert set(RULES) == set(ExclusionRules().as_mapping())
