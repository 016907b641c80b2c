"""Result pages and report files: who may see what, at the page and at the file alike."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from diagnostics.models import Assessment, Report
from diagnostics.reports.services.files import queue_reports
from survey.models import CampaignState, Function, Participation, Role, User
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.proofs.crawl import Output
from tests.proofs.served import numbers_of

pytestmark = pytest.mark.django_db
UNITS = ["company", "north", "oulu", "kemi", "inari", "south", "umea", "turku", "lone"]
# Who sees which unit: their own, published ones below, the nearest published above, the company.
READERS = {
    "executive": ({"role": "executive"}, set(UNITS)),
    "analyst": ({"role": "analyst"}, {"company"}),
    "manager": ({"role": "manager"}, set()),
    "council": ({"role": "council"}, set()),
    "administrator": ({"role": "administrator"}, set()),
    "nobody": ({}, set()),
    "leader of Oulu": ({"leads": "oulu"}, {"oulu", "north", "company"}),
    "deputy in Oulu": ({"leads": "oulu", "kind": "deputy"}, {"oulu", "north", "company"}),
    "leader of Inari": ({"leads": "inari"}, {"inari", "north", "company"}),
    "leader of North": ({"leads": "north"}, {"north", "oulu", "kemi", "company"}),
    "leader and manager": ({"role": "manager", "leads": "umea"}, {"umea", "company"}),
}


@pytest.fixture
def example() -> StoredExample:
    """Return the stored company."""
    return store_example()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def unit_url(example: StoredExample, unit: str, name: str = "unit-detail") -> str:
    return reverse(f"diagnostics:{name}", args=[example.campaign.pk, example.units[unit].pk])


def company_url(example: StoredExample, name: str = "company-detail") -> str:
    return reverse(f"diagnostics:{name}", args=[example.campaign.pk])


def store_report_files(example: StoredExample) -> None:
    """Put a small file in the place of every report; what is in it does not matter here."""
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    for report in Report.objects.all():
        report.file.save(f"{report.pk}.pdf", ContentFile(b"%PDF-1.7"), save=False)
        report.state = Report.State.DONE
        report.save()


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_opens_exactly_the_units_that_are_theirs(
    example: StoredExample, reader: str
) -> None:
    rights, visible = READERS[reader]
    client = signed_in(example.person("reader@example.com", **rights))
    found = {unit: client.get(unit_url(example, unit), follow=True) for unit in UNITS}
    opened = {unit for unit, answer in found.items() if answer.status_code == 200}
    assert opened == visible
    company = client.get(company_url(example)).status_code
    assert company == (200 if visible else 404)


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_downloads_exactly_the_reports_that_are_theirs(
    example: StoredExample, reader: str
) -> None:
    store_report_files(example)
    rights, visible = READERS[reader]
    client = signed_in(example.person("reader@example.com", **rights))
    answers = {unit: client.get(unit_url(example, unit, "unit-report")) for unit in UNITS}
    downloaded = {unit for unit, answer in answers.items() if answer.status_code == 200}
    assert downloaded == visible & {"north", "oulu", "kemi", "umea", "turku"}
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    whole = client.get(company_url(example, "company-report")).status_code
    assert whole == (200 if reader == "executive" else 404)


def test_a_units_figures_are_the_same_for_everybody_who_may_open_its_page(
    example: StoredExample,
) -> None:
    shown = {}
    for reader in ("executive", "leader of Oulu", "deputy in Oulu", "leader of North"):
        rights, _ = READERS[reader]
        person = example.person(f"{reader.replace(' ', '-')}@example.com", **rights)
        page = signed_in(person).get(unit_url(example, "oulu"))
        shown[reader] = numbers_of({"": Output(page.status_code, "text/html", page.content)})
    first = shown.pop("executive")
    assert len(first) > 20
    assert shown == dict.fromkeys(shown, first)


def test_a_downloaded_report_is_an_attachment_with_a_name_that_sorts(
    example: StoredExample,
) -> None:
    store_report_files(example)
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    answer = client.get(unit_url(example, "oulu", "unit-report"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="autumn-2026-')


def test_a_page_says_whether_its_report_is_there(example: StoredExample) -> None:
    assert example.assessment is not None
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    url = unit_url(example, "oulu")
    assert "The report is being written" not in client.get(url).text
    queue_reports(assessment_id=example.assessment.pk)
    assert "The report is being written" in client.get(url).text
    Report.objects.update(state=Report.State.FAILED)
    assert "It could not be made. Try again" in client.get(url).text
    assert client.get(unit_url(example, "oulu", "unit-report")).status_code == 404


def test_a_leaders_company_page_lists_only_units_that_are_theirs(example: StoredExample) -> None:
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    page = client.get(company_url(example)).text
    assert "Field service Oulu" in page
    assert "Region North" in page
    for other in ("Field service Ume", "Sales Turku", "Sales Åland", "Region South"):
        assert other not in page


def test_an_analysts_company_page_lists_no_units(example: StoredExample) -> None:
    page = signed_in(example.person("a@example.com", role="analyst")).get(company_url(example)).text
    assert "Do the patterns hold here?" in page
    assert "Units at a glance" not in page
    assert "Region" not in page


def test_a_unit_page_links_to_the_units_below_it(example: StoredExample) -> None:
    client = signed_in(example.person("leader@example.com", leads="north"))
    page = client.get(unit_url(example, "north")).text
    assert f'href="{unit_url(example, "oulu")}"' in page
    assert f'href="{unit_url(example, "kemi")}"' in page
    assert unit_url(example, "inari") not in page
    assert unit_url(example, "turku") not in page


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (CampaignState.OPEN, "No results before the campaign is closed"),
        (CampaignState.CLOSED, "The answers are being opened and mixed"),
        (CampaignState.RELEASED, "The results are being computed"),
    ],
)
def test_before_there_are_results_the_page_says_why(state: CampaignState, expected: str) -> None:
    example = store_example(state=state, is_scored=False)
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    answer = client.get(company_url(example))
    assert answer.status_code == 200
    assert expected in answer.text


@pytest.mark.parametrize("rights", [{"role": "executive"}, {"leads": "oulu"}])
def test_no_unit_page_opens_before_the_release(rights: dict[str, str]) -> None:
    example = store_example(state=CampaignState.OPEN)  # scored all the same, by some mistake
    client = signed_in(example.person("reader@example.com", **rights))
    answers = {unit: client.get(unit_url(example, unit)).status_code for unit in UNITS}
    assert answers == dict.fromkeys(UNITS, 404)


def test_a_campaign_that_was_never_launched_has_no_result_page() -> None:
    example = store_example(state=CampaignState.DRAFT, is_scored=False)
    client = signed_in(example.person("hr@example.com", role="executive"))
    assert client.get(company_url(example)).status_code == 404


def test_every_page_carries_the_mark_of_demonstration_data(example: StoredExample) -> None:
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    for url in (reverse("diagnostics:home"), company_url(example), unit_url(example, "oulu")):
        assert "Demonstration data" in client.get(url).text


@pytest.mark.parametrize(
    ("rights", "expected", "missing"),
    [
        ({"leads": "oulu"}, ["Field service Oulu", "The whole company"], ["Manage the campaign"]),
        ({"role": "manager"}, ["Manage the campaign"], ["The whole company", "Oulu"]),
        ({"role": "analyst"}, ["The whole company"], ["Manage the campaign", "Oulu"]),
        ({}, ["Nothing to see yet"], ["Autumn 2026"]),
    ],
)
def test_the_overview_offers_what_the_role_may_do(
    example: StoredExample, rights: dict[str, str], expected: list[str], missing: list[str]
) -> None:
    page = signed_in(example.person("x@example.com", **rights)).get(reverse("diagnostics:home"))
    assert all(text in page.text for text in expected)
    assert not [text for text in missing if text in page.text]


def test_pages_need_a_constant_number_of_queries(
    example: StoredExample, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(example.person("hr@example.com", role="executive"))
    with django_assert_max_num_queries(17):
        client.get(company_url(example))
    with django_assert_max_num_queries(20):
        client.get(unit_url(example, "oulu"))
    with django_assert_max_num_queries(14):
        client.get(reverse("diagnostics:home"))


def test_a_second_assessment_of_the_same_answers_is_marked_as_such(example: StoredExample) -> None:
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    first = [client.get(url).text for url in (unit_url(example, "oulu"), company_url(example))]
    Assessment.objects.update(number=2)

    second = [client.get(url).text for url in (unit_url(example, "oulu"), company_url(example))]

    assert ["have been scored before" in text for text in first + second] == [
        False, False, True, True,
    ]  # fmt: skip
    assert all("number 2 of this release" in text for text in second)


def test_the_team_sheet_has_questions_and_no_levers(example: StoredExample) -> None:
    client = signed_in(example.person("leader@example.com", leads="oulu"))
    sheet = client.get(unit_url(example, "oulu", "team-sheet")).text
    assert "Do we recognise ourselves in this picture?" in sheet
    assert "Half a point more" not in sheet
    assert client.get(unit_url(example, "turku", "team-sheet")).status_code == 404


def test_there_is_no_team_sheet_where_nothing_may_be_shown(example: StoredExample) -> None:
    client = signed_in(example.person("hr@example.com", role="executive"))
    assert client.get(unit_url(example, "lone", "team-sheet")).status_code == 404
    assert "Team sheet" not in client.get(unit_url(example, "lone")).text


def test_a_unit_with_one_function_gets_no_suggestions_for_the_other(
    example: StoredExample,
) -> None:
    client = signed_in(example.person("leader@example.com", leads="north"))
    url = unit_url(example, "oulu")
    assert "In service sales you could" in client.get(url).text
    for unit, function in (("oulu", "operations"), ("kemi", "sales")):
        Participation.objects.create(
            campaign_unit=example.units[unit],
            function=function,
            day=date(2026, 11, 10),
            invited=30,
            answered_band="20-49",
        )
    page = client.get(url).text
    assert "In service operations you could" in page
    assert "In service sales you could" not in page
    above = client.get(unit_url(example, "north")).text
    assert "In service sales you could" in above


def test_the_heat_map_is_sorted_and_searched_by_address(example: StoredExample) -> None:
    client = signed_in(example.person("hr@example.com", role="executive"))
    page = client.get(f"{company_url(example)}?order=name&find=sales")
    rows = [row.name for row in page.context["page"].units.heat_map.rows]
    assert rows == sorted(rows, key=str.casefold)
    assert rows
    assert all("sales" in row.casefold() for row in rows)
    assert 'aria-sort="ascending"' in page.text


def test_only_those_who_see_every_unit_compare_functions(example: StoredExample) -> None:
    url = company_url(example, "function-comparison")
    assert example.assessment is not None
    root = example.assessment.units.get(unit=example.units["company"])
    both = [{"function": one, "profile": None, "diagnosis": None} for one in Function.values]
    root.result["content"]["functions"] = both
    root.save()
    statuses: dict[str, int] = {}
    for reader, (rights, _visible) in READERS.items():
        person = example.person(f"{len(statuses)}@example.com", **rights)
        statuses[reader] = signed_in(person).get(url).status_code
    assert {reader for reader, status in statuses.items() if status == 200} == {"executive"}
    assert set(statuses.values()) == {200, 404}


def test_the_company_as_a_unit_is_a_page_of_those_who_lead_it(example: StoredExample) -> None:
    leader = signed_in(example.person("leader@example.com", leads="company"))
    other = signed_in(example.person("other@example.com", role=Role.EXECUTIVE))
    addresses = [unit_url(example, "company", name) for name in ("unit-detail", "team-sheet")]

    assert [leader.get(address).status_code for address in addresses] == [200, 200]
    assert unit_url(example, "company", "action-create") in (
        leader.get(addresses[0]).content.decode()
    )
    assert other.get(addresses[0]).headers["Location"] == company_url(example)
    assert other.get(addresses[1]).status_code == 404
