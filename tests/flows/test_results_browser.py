"""Leader, HR and manager walk through the result pages; each fits, and axe finds nothing."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from diagnostics.documents import UNIT_RESULT
from diagnostics.models import PatternSet, UnitAssessment
from diagnostics.scoring.results import Standing, Third
from survey.models import CampaignState
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.flows.staff_pages import inspect, look, noise_of, page_of

NEWEST = ".campaign-card:has-text('Wave 2')"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def place_among_units(example: StoredExample, unit: str) -> None:
    """Store where a unit stands, as among more units than the example has."""
    stored = UnitAssessment.objects.get(unit=example.units[unit])
    standings = (
        Standing("TF", Third.LOWER, Third.UPPER, 16),
        Standing("AG", Third.UPPER, Third.UPPER, 16),
    )
    result = replace(UNIT_RESULT.read(stored.result), standings=standings)
    stored.result = UNIT_RESULT.stored(result)
    stored.save()


@pytest.fixture
def example() -> StoredExample:
    """Return the second wave of a company in which both functions may be told apart."""
    store_example()
    second = store_example(wave=2, with_functions=True)
    place_among_units(second, "oulu")
    return second


def company_url(example: StoredExample, name: str = "company-detail") -> str:
    return reverse(f"diagnostics:{name}", args=[example.campaign.pk])


def unit_url(example: StoredExample, unit: str, name: str = "unit-detail") -> str:
    return reverse(f"diagnostics:{name}", args=[example.campaign.pk, example.units[unit].pk])


def follow(page: Page, name: str, heading: str, *, within: str = "main") -> None:
    """Click a link and wait until the page that it leads to has been read to its end."""
    link = page.locator(within).get_by_role("link", name=name, exact=True).first
    address = link.get_attribute("href")
    link.click()
    page.wait_for_url(f"**{address}")  # headings alone may be those of the page before
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def statuses(page: Page, server: LiveServer, addresses: list[str]) -> set[int]:
    """Return how the site answers this user's browser."""
    return {page.request.get(server.url + address).status for address in addresses}


def test_hr_walks_from_the_overview_to_every_result(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    page = page_of(chromium, live_server, example.person("hr@example.com", role="executive"))
    noise = noise_of(page)
    page.goto(live_server.url)
    inspect(page)
    follow(page, "The whole company", "Nordlift Service", within=NEWEST)
    expect(page.get_by_text("Compared with “Autumn 2026”")).to_be_visible()
    inspect(page, first="dark")

    page.get_by_label("Unit or verdict").fill("Oulu")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("7 units are left out by the search.")).to_be_visible()
    follow(page, "Field service Oulu", "Field service Oulu")
    expect(
        page.get_by_role("img", name="Scores of Field service Oulu over the waves")
    ).to_be_visible()
    inspect(page)
    follow(page, "Team sheet for printing", "Field service Oulu")
    inspect(page, first="dark")
    follow(page, "Nordlift Service", "Nordlift Service")
    follow(page, "Operations and sales side by side", "Nordlift Service")
    expect(page.get_by_role("cell", name="+0.3 −0.1 to +0.7")).to_have_count(5)
    inspect(page)
    follow(page, "Nordlift Service", "Nordlift Service")
    follow(page, "All reports and data", "Downloads")
    inspect(page, first="dark")
    assert noise == []
    page.context.close()


def test_units_with_results_of_every_other_kind_fit(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    page = page_of(chromium, live_server, example.person("hr@example.com", role="executive"))
    for unit, width in {
        "north": 768,
        "kemi": 320,
        "south": 1440,
        "turku": 320,
        "lone": 768,
    }.items():
        page.goto(live_server.url + unit_url(example, unit))
        inspect(page, first="dark" if unit in ("kemi", "lone") else "light", axe_at=[width])
    page.context.close()


def test_a_leader_walks_to_the_own_unit_and_sees_no_other(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    page = page_of(chromium, live_server, example.person("leader@example.com", leads="oulu"))
    page.goto(live_server.url)
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text("Overview")
    inspect(page, first="dark")
    follow(page, "Field service Oulu", "Field service Oulu", within=NEWEST)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Profile").get_by_role("table")
    expect(table.get_by_role("rowheader")).to_have_text(
        [
            "Technology foresight",
            "Adaptability",
            "Agility",
            "Rule-bending",
            "Customer focus",
            "Digital service orientation",
        ]
    )
    follow(page, "Nordlift Service", "Nordlift Service")
    expect(page.locator(".heat-map tbody th a")).to_have_text(
        ["Region North", "Field service Oulu"]
    )
    inspect(page)
    page.goto(live_server.url + unit_url(example, "oulu", "action-create"))
    inspect(page, first="dark")
    page.goto(live_server.url + unit_url(example, "oulu", "team-sheet"))
    for paper in ("A4", "Letter"):
        assert len(PdfReader(BytesIO(page.pdf(format=paper))).pages) == 1

    hidden = [
        *(unit_url(example, unit) for unit in ("kemi", "umea", "turku", "lone")),
        unit_url(example, "turku", "team-sheet"),
        unit_url(example, "turku", "unit-report"),
        unit_url(example, "turku", "action-create"),
        company_url(example, "company-report"),
        company_url(example, "function-comparison"),
        company_url(example, "download-list"),
        reverse("diagnostics:method-list"),
        reverse("diagnostics:analysis-list"),
    ]
    assert statuses(page, live_server, hidden) == {404}
    page.context.close()


def test_five_places_stand_on_one_line_on_a_tablet(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    user = example.person("manager@example.com", role="manager")
    user.memberships.create(organisation=example.campaign.organisation, role="administrator")
    page = page_of(chromium, live_server, user)
    page.goto(live_server.url)
    look(page, 768, "light")
    places = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(places).to_have_text(["Overview", "Campaigns", "Patterns", "Second words", "Ledger"])
    boxes = places.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(set(boxes)) == 1
    page.context.close()


def test_a_manager_walks_through_patterns_and_sees_no_result(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    draft = store_example(state=CampaignState.DRAFT, is_scored=False, wave=3)
    page = page_of(chromium, live_server, example.person("manager@example.com", role="manager"))
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="Manage the campaign")).to_have_count(3)
    expect(page.get_by_role("link", name="The whole company")).to_have_count(0)
    inspect(page)
    follow(page, "Patterns", "Patterns and calibration", within="header")
    inspect(page, first="dark")
    shipped = PatternSet.objects.get(code="compensating")
    follow(page, str(shipped), str(shipped))
    inspect(page)
    follow(page, "Change a copy", "Edit a pattern set")
    expect(page.get_by_text("TF*AD*RB", exact=True)).to_be_visible()
    expect(page.get_by_text("The effect on the last release is shown to HR")).to_be_visible()
    inspect(page, first="dark")
    page.goto(live_server.url + reverse("diagnostics:method-import"))
    inspect(page)
    page.goto(live_server.url + company_url(draft, "method-choose"))
    inspect(page, first="dark")

    hidden = [
        company_url(example),
        company_url(example, "company-report"),
        company_url(example, "function-comparison"),
        company_url(example, "download-list"),
        *(unit_url(example, unit) for unit in ("company", "north", "oulu")),
        unit_url(example, "oulu", "team-sheet"),
    ]
    assert statuses(page, live_server, hidden) == {404}
    page.context.close()


def test_hr_sees_in_the_editors_what_a_change_would_do(
    chromium: Browser, live_server: LiveServer, example: StoredExample
) -> None:
    page = page_of(chromium, live_server, example.person("hr@example.com", role="executive"))
    noise = noise_of(page)
    shipped = PatternSet.objects.get(code="compensating")
    page.goto(live_server.url + reverse("diagnostics:method-copy", args=[shipped.pk]))
    effect = page.get_by_role("region", name="Leading pattern").get_by_role("table")
    expect(effect.get_by_role("rowheader")).to_have_count(2)
    inspect(page)
    page.goto(live_server.url + reverse("diagnostics:method-list"))
    page.get_by_role("link", name="Change a copy of Fixed").first.click()
    page.get_by_role("button", name="Show what it would do").click()
    expect(effect.get_by_role("rowheader").first).to_be_visible()
    page.wait_for_load_state()
    inspect(page, first="dark")
    assert noise == []
    page.context.close()
