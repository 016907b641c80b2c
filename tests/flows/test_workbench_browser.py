"""The workbench in a browser: an uploaded matrix gives R's numbers on the page."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import seed_demonstration
from diagnostics.measurement.services import run_study
from diagnostics.models import Analysis, AnalysisCheck, PatternSet, ScaleStudy
from diagnostics.workbench.selectors.analysis_pages import result_of
from diagnostics.workbench.services.analyses import run_queued_analysis
from diagnostics.workbench.services.checks import run_check
from survey.models import Membership, Organisation, Role, User
from tests.places import SHARED_REFERENCE
from tests.qca.lipset import lipset

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPEN = SHARED_REFERENCE / "open"
CASES = ["classic_LF", "o05_half", "o11_survey"]
Job = tuple[dict[str, Any], dict[str, Any]]
PUBLISHED: dict[str, Any] = {
    "name": "Democracies",
    "conditions": ["DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE"],
    "outcome": "Y",
    "analyses": [
        {
            "id": "published", "outcome": "Y", "incl_cut": [0.8], "pri_cut": 0.65, "n_cut": 1,
            "dir_exp": ["1"] * 5,
        },
    ],
}  # fmt: skip
FIGURES = ("inclS", "PRI", "covS", "covU")


def signed_in(
    chromium: Browser,
    server: LiveServer,
    *,
    width: int = 1280,
    scheme: str = "light",
    organisation: Organisation | None = None,
) -> Page:
    """Return a page of an analyst, of a new company unless one is given."""
    if organisation is None:
        organisation = Organisation.objects.create(name="Nordlift Service", is_demonstration=True)
    analyst = User.objects.create_user("ann@example.com", "a-long-enough-password", name="Ann")
    Membership.objects.create(organisation=organisation, user=analyst, role=Role.ANALYST)
    client = Client()
    client.force_login(analyst)
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}]
    )
    return context.new_page()


def upload(page: Page, server: LiveServer, file: Path) -> None:
    """Upload a file by way of the navigation."""
    page.goto(server.url)
    page.get_by_role("link", name="Workbench").click()
    page.get_by_role("link", name="Upload a matrix").click()
    page.get_by_label("Matrix (CSV or XLSX)").set_input_files(file)
    page.get_by_role("button", name="Upload and choose a recipe").click()
    page.wait_for_load_state()  # a click returns before the page has been read to its end


def choose(page: Page, spec: dict[str, Any], job: dict[str, Any]) -> None:
    """Fill in the recipe of a reference analysis and run it."""
    conditions = job.get("conditions") or spec["conditions"]
    page.locator("#id_title").fill(f"{spec['name']} {job['id']}")
    page.locator("#id_outcome").select_option(spec["outcome"])
    for box in page.get_by_role("checkbox", name=re.compile("as a condition$")).all():
        box.set_checked((box.get_attribute("aria-label") or "").split()[0] in conditions)
    if job["outcome"].startswith("~"):
        page.get_by_label("Explain the absence of the outcome").check()
    for name, expected in zip(conditions, job["dir_exp"] or ["-"] * len(conditions), strict=True):
        page.get_by_label(f"{name}: expectation").select_option(expected)
    cuts = job["incl_cut"]
    page.locator("#id_inclusion").fill(str(cuts[0]))
    page.locator("#id_lower_inclusion").fill(str(cuts[1]) if cuts[1:] else "")
    page.locator("#id_pri").fill(str(job["pri_cut"]))
    page.locator("#id_frequency").fill(str(job["n_cut"]))
    page.get_by_role("button", name="Run the analysis").click()
    page.wait_for_load_state()


def printed(cells: Iterable[str]) -> list[float | None]:
    """Return the figures of cells of the page; a dash is None."""
    return [None if cell == "–" else float(cell) for cell in cells]


def figures_of_r(*values: object) -> list[Any]:
    """Return figures of R to the page's three decimals; NaN and NA are None."""
    return [
        pytest.approx(value, abs=0.000501) if isinstance(value, int | float) else None
        for value in values
    ]


def table_on(page: Page) -> dict[int, tuple[str, int, list[float | None]]]:
    """Return the truth table on the page: number -> output, cases, consistency, PRI."""
    rows = page.locator("tr[data-row]").evaluate_all(
        "rows => rows.map(row => [row.dataset.row, ...[...row.cells].slice(-5, -1)"
        ".map(cell => cell.innerText.trim())])"
    )
    return {int(number): (output, int(n), printed(fit)) for number, output, n, *fit in rows}


def models_on(page: Page, kind: str) -> dict[frozenset[str], dict[str, list[float | None]]]:
    """Return the models of a solution on the page: terms -> term -> its four figures."""
    tables = page.locator(f"table[data-model^='{kind} ']").evaluate_all(
        "tables => tables.map(table => [...table.tBodies[0].rows].map(row =>"
        " [...row.cells].slice(0, 5).map(cell => cell.textContent.trim())))"
    )
    return {
        frozenset(term for term, *_ in rows): {term: printed(cells) for term, *cells in rows}
        for rows in tables
    }


def jobs_of(spec: dict[str, Any], results: list[dict[str, Any]]) -> Iterator[Job]:
    """Yield the analyses that the form can hold and that R codes by the published definition.

    Left out are conjunctions as expectations, and tables with R's recycling fault (flags.json).
    """
    for job, result in zip(spec["analyses"], results, strict=True):
        is_plain = all(one in {"0", "1", "-"} for one in job["dir_exp"] or ())
        if is_plain and not result["tt"].get("rows_miscoded_by_recycling_bug"):
            yield job, result


def assert_solutions(page: Page, minimised: dict[str, Any]) -> None:
    """Set the three solutions on the page against R's."""
    for kind in ("conservative", "parsimonious"):
        found, solved = models_on(page, kind), minimised[f"{kind}.default"]
        assert set(found) == {frozenset(model) for model in solved["models"]}
        if len(found) == 1:
            (terms,) = found.values()
            fits = solved["fit"]["overall"]["terms"]
            assert terms == {
                term: figures_of_r(*(fit[key] for key in FIGURES)) for term, fit in fits.items()
            }
    pairs = minimised["intermediate.default"]["i_sol"].values()
    assert set(models_on(page, "intermediate")) == {
        frozenset(model) for pair in pairs for model in pair["models"]
    }


@pytest.mark.skipif(not OPEN.exists(), reason="the shared reference cases are not here")
@pytest.mark.any_database
@pytest.mark.parametrize("name", CASES)
def test_an_uploaded_reference_case_shows_the_numbers_of_r(
    chromium: Browser, live_server: LiveServer, name: str
) -> None:
    spec = json.loads((OPEN / name / "spec.json").read_text())
    results = json.loads((OPEN / name / "out.json").read_text())["analyses"]
    page = signed_in(chromium, live_server)
    for job, result in jobs_of(spec, results):
        upload(page, live_server, OPEN / name / spec["data"])
        choose(page, spec, job)

        assert table_on(page) == {
            row["row"]: (row["OUT"], row["n"], figures_of_r(row["incl"], row["PRI"]))
            for row in result["tt"]["rows"]
            if row["n"] > 0 or row["OUT"] != "?"
        }
        assert_solutions(page, result["minimize"])
    page.context.close()


@pytest.mark.any_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_workbench_fits_and_has_no_axe_violation(
    chromium: Browser, live_server: LiveServer, tmp_path: Path, width: int, scheme: str
) -> None:
    page = signed_in(chromium, live_server, width=width, scheme=scheme)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("case,A,Y\np,0.2,high\n")
    raw = tmp_path / "democracies.csv"
    raw.write_text(lipset().to_csv())

    upload(page, live_server, wrong)
    inspect(page, width)
    upload(page, live_server, raw)
    inspect(page, width)
    page.locator("#id_title").fill("Why democracy survived")
    page.locator("#id_outcome").select_option("SURVIVED")
    page.get_by_label("SURVIVED as a condition").uncheck()
    page.get_by_label("STABLE as a condition").check()
    page.locator("#id_frequency").fill("1")
    for key, anchor in zip(
        ("Full out", "Crossover", "Full in"), ("0.1", "0.5", "0.9"), strict=True
    ):
        page.get_by_label(f"DEVELOPED: {key}").fill(anchor)
    page.get_by_role("button", name="Run the analysis").click()
    inspect(page, width)
    for name in ("Try other cuts", "Checks of the solution", "Appendix and files"):
        page.get_by_role("link", name=name).click()
        inspect(page, width)
        page.get_by_role("link", name="Back to the analysis").click()
    page.get_by_role("link", name="Copy and change the recipe").click()
    page.locator("#id_inclusion").fill("0.9")
    page.get_by_role("button", name="Run the analysis").click()
    inspect(page, width)
    page.get_by_role("button", name="Compare").click()
    inspect(page, width)
    page.get_by_role("link", name="Workbench").click()
    inspect(page, width)
    assert [text for text in noise if "422" not in text] == []
    page.context.close()


def test_a_slider_shows_its_consequences_at_once_and_saves_them_when_told(
    chromium: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    page = signed_in(chromium, live_server)
    file = tmp_path / "democracies.csv"
    file.write_text(lipset().rename(columns={"SURVIVED": "Y"}).to_csv())
    upload(page, live_server, file)
    choose(page, PUBLISHED, PUBLISHED["analyses"][0])
    page.get_by_role("link", name="Try other cuts").click()
    page.wait_for_load_state()  # htmx listens only once the deferred scripts have run
    assert page.locator("#rows-positive").inner_text() == "2"

    slider = page.get_by_label("Consistency cut")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#rows-positive")).to_have_text("1")
    expect(page.locator("tr[data-row='22'] td").nth(1)).to_contain_text("before 1")
    assert slider.evaluate("element => element === document.activeElement")

    reason = page.get_by_label("Reason to exclude row 32")
    reason.fill("too small a country")
    reason.press("Tab")
    expect(page.locator("#rows-positive")).to_have_text("0")
    reason.fill("")
    reason.press("Tab")
    expect(page.locator("#rows-positive")).to_have_text("1")
    page.get_by_role("button", name="Save as a new analysis").click()

    expect(page.get_by_text("Saved as a new analysis.")).to_be_visible()
    page.wait_for_load_state()
    assert table_on(page)[22][0] == "0"
    page.context.close()


@pytest.mark.timeout(600)  # it walks the whole way; a busy machine is no failure
def test_the_demonstration_goes_from_raw_answers_to_a_derived_pattern_set(
    chromium: Browser, live_server: LiveServer
) -> None:
    guide = seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None, with_earlier=False)
    page = signed_in(chromium, live_server, organisation=guide.released.organisation)
    page.goto(live_server.url)
    page.get_by_role("link", name="Workbench").click()
    page.get_by_role("link", name="all answers").click()
    inspect(page, 1280)
    page.locator("#id_title").fill("All answers, default anchors")
    page.get_by_role("button", name="Run the analysis").click()
    expect(page.get_by_role("status")).to_contain_text("Waiting for the worker.")
    run_queued_analysis(analysis_id=Analysis.objects.get().pk)
    expect(page.get_by_role("heading", name="Truth table")).to_be_visible()
    expect(page.locator("tr[data-row='32']")).to_contain_text("50+")
    expect(page.locator("#truth-table")).to_contain_text("Nobody reads single answers")
    inspect(page, 1280)

    page.get_by_role("link", name="Checks of the solution").click()
    page.get_by_role("button", name="Start: Bootstrap of the solution").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    inspect(page, 1280)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Nothing of it was kept.")).to_be_visible()
    for name in ("Robustness", "Predictive validity", "Bootstrap of the solution"):
        page.get_by_role("button", name=re.compile(f"(Start|Try again): {name}")).click()
    work_off_checks()
    expect(page.get_by_text("RF_cons")).to_be_visible()
    expect(page.locator("[data-check=terms]")).to_be_visible()
    inspect(page, 1280)

    page.get_by_role("link", name="Back to the analysis").click()
    page.get_by_role("link", name="Derive patterns").click()
    page.get_by_role("button", name="Start: Match with named patterns").click()
    work_off_checks()
    expect(page.locator("[data-check=matching]")).to_be_visible()
    inspect(page, 1280)
    page.get_by_role("button", name="Publish the pattern set").click()
    inspect(page, 1280)
    page.get_by_label("Title of the pattern set").fill("Northlight operations")
    page.get_by_label("Why these names").fill("The terms cover the cases of the defaults.")
    for number, field in enumerate(page.get_by_label(re.compile("Name of")).all(), start=1):
        field.fill(f"Way {number}")
    for field in page.get_by_label(re.compile("in words")).all():
        field.fill("foresight, and one way to act on it")
    page.get_by_role("button", name="Publish the pattern set").click()
    expect(page.get_by_role("heading", name="Northlight operations, version 1")).to_be_visible()
    inspect(page, 1280)
    page.get_by_role("link", name="Workbench").click()
    quality = page.locator("section", has_text="Data quality and scales")
    quality.get_by_role("link", name=guide.released.name).click()
    page.get_by_role("button", name="Compute scale properties").click()
    study = ScaleStudy.objects.get()
    run_study(study_id=study.pk, run=study.run)
    expect(page.get_by_role("heading", name="Scales: all answers")).to_be_visible()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        inspect(page, width)
    derived = PatternSet.objects.get(origin="derived")
    chart = result_of(Analysis.objects.get()).chart
    assert chart is not None
    assert len(derived.patterns.all()) == len(chart.columns)
    page.context.close()


def work_off_checks() -> None:
    """Make every check that waits, as the worker does."""
    for check in AnalysisCheck.objects.filter(state="queued"):
        run_check(check_id=check.pk, run=check.run)


def inspect(page: Page, width: int) -> None:
    """The page in view must fit the width and pass every rule of axe."""
    page.wait_for_load_state("load")  # a click returns before the stylesheets are there
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    violations = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in violations] == [], page.url
