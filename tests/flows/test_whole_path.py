"""From the manager's files to the leader's report, with a real server, worker, mail and browser."""

import io
import os
import random
import re
from collections.abc import Iterator
from time import monotonic

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    expect,
)
from pypdf import PdfReader

from survey.instrument.answers import Answers
from survey.instrument.content import ConstructRole, Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.models import Ballot, Campaign, Invitation
from survey.services import ballots
from tests.flows.running_site import RunningSite, running_site
from tests.flows.two_teams import MEMBERS, UNITS, addresses, answers_of, people_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
PASSWORD = "correct horse battery staple"
PHONE = ViewportSize(width=390, height=844)
QUESTIONNAIRE_PAGES = 7  # five elements, the outcome and the questions about the person
WORKER_SECONDS = 120_000  # milliseconds; scoring and rendering on a busy machine
SCREENSHOT = os.environ.get("SCREENSHOT", "")  # where to keep the README's picture


@pytest.fixture
def site() -> Iterator[RunningSite]:
    with running_site() as running:
        yield running


@pytest.fixture
def instrument() -> Instrument:
    whole = parse_instrument(read_instrument_file())
    return whole.without(ConstructRole.CHECK, ConstructRole.MARKER)  # as nobody chose them


def link_to(site: RunningSite, address: str) -> str:
    """Return the link in the mail that a person received."""
    body = site.mailbox.wait_for(address).get_body(("plain",))
    assert body is not None
    found = re.search(rf"{site.address}/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found.group()


def set_password_and_sign_in(page: Page, address: str, site: RunningSite) -> None:
    page.goto(link_to(site, address))
    page.locator("[name=new_password1]").fill(PASSWORD)
    page.locator("[name=new_password2]").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.goto(f"{site.address}/sign-in/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.address}/")


def set_up_campaign(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.address}/campaigns/new/")
    page.get_by_label("Name of the campaign").fill("Spring survey")
    page.get_by_label("Purpose").fill("To see where our routines help digital services.")
    page.get_by_role("button", name="Save and continue").click()
    for label, name, text in (
        ("Units (CSV or XLSX)", "units.csv", UNITS),
        ("People (CSV or XLSX)", "people.csv", people_file()),
    ):
        file = FilePayload(name=name, mimeType="text/csv", buffer=text.encode("utf-8-sig"))
        page.get_by_label(label).set_input_files(file)
    page.get_by_role("button", name="Check and preview").click()
    expect(page.get_by_text("Field Service Kärnä").first).to_be_visible()
    page.get_by_role("button", name="Confirm and continue").click()
    purpose = page.get_by_label("What the questions about the person are for")
    purpose.fill("To see whether every kind of work is heard.")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Closes at").fill(f"{timezone.now().year + 1}-05-30T18:00")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Controller").fill("Acme Oy, Turku")
    page.get_by_label("Contact").fill("privacy@acme.example")
    page.get_by_role("button", name="Save and continue").click()


def confirm_head_counts(council: Page) -> None:
    """Give the word of somebody who was there before the draft."""
    council.reload()
    council.get_by_role("link", name="Confirm the head counts").click()
    expect(council.get_by_role("row", name="All units")).to_contain_text("26")
    council.get_by_role("button", name="I confirm these numbers").click()
    expect(council.get_by_text("You have confirmed these numbers.")).to_be_visible()


def launch_campaign(page: Page, council: Page, site: RunningSite) -> None:
    set_up_campaign(page, site)
    page.get_by_label("E-mail address").fill("test@acme.example")
    page.get_by_role("button", name="Send a test mail").click()
    page.get_by_role("link", name="Go on to the checklist").click()
    reader = page.context.new_page()
    reader.goto(link_to(site, "test@acme.example"))
    reader.get_by_role("button", name="Yes, it has arrived").click()
    # a page that is closed while it still sends its form can keep Chromium waiting for minutes
    arrived = reader.get_by_role("heading", name="Thank you, the test mail has arrived")
    expect(arrived).to_be_visible()
    reader.close()
    confirm_head_counts(council)
    launch = page.get_by_role("button", name="Launch the campaign")
    expect(launch).to_be_visible(timeout=WORKER_SECONDS)
    launch.click()
    expect(page.get_by_text("Open for answers")).to_be_visible(timeout=WORKER_SECONDS)


def answer_on_a_phone(page: Page, link: str, answers: Answers) -> None:
    page.goto(link)
    assert link.rsplit("/", 1)[1] not in page.url
    page.get_by_role("link", name="Start").first.click()
    for number in range(1, QUESTIONNAIRE_PAGES + 1):
        page.wait_for_url(f"**/answer/{number}/")
        for code in page.locator(".statement").evaluate_all("all => all.map(e => e.id)"):
            point = answers.items[code]
            assert point is not None
            page.locator(f"#{code} .option").nth(point - 1).click()
        page.locator("button[value=next]").click()
    page.wait_for_url("**/answer/review/")
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/answer/thanks/")


def wait_with_reloads(page: Page, wanted: Locator) -> None:
    """Reload a page until the worker has made what it then shows."""
    deadline = monotonic() + WORKER_SECONDS / 1000
    while not wanted.is_visible():
        assert monotonic() < deadline, page.inner_text("main")
        page.wait_for_timeout(500)
        page.reload()


def answer_the_rest(site: RunningSite, instrument: Instrument) -> None:
    """Submit everybody else's answers through the service that the browser's submit calls."""
    spread = random.Random(11)
    for team in MEMBERS:
        for address in addresses(team):
            token = link_to(site, address).rsplit("/", 1)[1]
            ballots.submit(token=token, answers=answers_of(team, instrument, spread))


def let_the_grace_pass() -> None:
    """Put the end of the grace, and the opening that was queued for it, into the past."""
    now = timezone.now()
    Campaign.objects.update(accepts_until=now)
    DBTaskResult.objects.filter(task_path="survey.tasks.open_ballots").update(run_after=now)


def text_of_pdf(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) <= 6
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_from_the_managers_files_to_the_leaders_report(
    site: RunningSite,
    chromium: Browser,
    context: BrowserContext,
    page: Page,
    instrument: Instrument,
) -> None:
    call_command("create_organisation", "Acme", manager="mona@acme.example")
    set_password_and_sign_in(page, "mona@acme.example", site)
    call_command("add_member", "cora@acme.example", organisation="Acme", role=["council"])
    council = chromium.new_page()
    set_password_and_sign_in(council, "cora@acme.example", site)

    launch_campaign(page, council, site)
    phone = chromium.new_context(viewport=PHONE, has_touch=True)
    first = addresses("field")[0]
    answers = answers_of("field", instrument, random.Random(7))
    answer_on_a_phone(phone.new_page(), link_to(site, first), answers)
    assert Ballot.objects.count() == 1
    answer_the_rest(site, instrument)
    assert Ballot.objects.count() == sum(MEMBERS.values())

    page.reload()
    page.get_by_role("link", name="Close the campaign").click()
    page.get_by_role("button", name="Close the campaign for good").click()
    expect(page.get_by_text("last answers coming in")).to_be_visible()
    let_the_grace_pass()
    expect(page.get_by_text("Results released")).to_be_visible(timeout=WORKER_SECONDS)
    assert not Ballot.objects.exists()
    assert not Invitation.objects.exists()

    leader = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    set_password_and_sign_in(leader, "lena@acme.example", site)
    leader.get_by_role("link", name="Field Service Kärnä").first.click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("Field Service Kärnä")
    expect(leader.locator("main")).to_contain_text("Assertive")
    unit_page = leader.url
    if SCREENSHOT:
        leader.screenshot(path=SCREENSHOT)
    download = leader.get_by_role("link", name=re.compile("PDF")).first
    wait_with_reloads(leader, download)
    pdf_address = f"{site.address}{download.get_attribute('href')}"
    answer = leader.request.get(pdf_address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    text = text_of_pdf(answer.body())
    for expected in (
        "Field Service Kärnä",
        "Assertive",
        "10-19",
        "default, this product's proposal",
    ):
        assert expected in text.replace("’", "'").replace("–", "-"), expected

    other = chromium.new_context().new_page()
    set_password_and_sign_in(other, "dirk@acme.example", site)
    assert [other.request.get(a).status for a in (unit_page, pdf_address)] == [404, 404]
    stranger = chromium.new_context().new_page()
    for address in (unit_page, pdf_address):
        stranger.goto(address)
        assert "/sign-in/" in stranger.url
