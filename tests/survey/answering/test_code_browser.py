"""From a printed slip to a submitted answer on a shared device, in a browser."""

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from survey.models import Ballot, Invitation
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import PASSWORD, open_campaign_of, organisation_with_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_slip_is_printed_typed_answered_and_the_device_forgets(
    page: Page, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    campaign = open_campaign_of(organisation_with_manager()[0])
    page.goto(f"{live_server.url}/campaigns/{campaign.id}/codes/")
    page.get_by_label("E-mail address").fill("maria@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    check_page(page)
    page.get_by_label("Unit").select_option(label="Workshop")
    page.get_by_label("Function").select_option(label="Service operations")
    page.get_by_label("Number of codes").fill("4")
    page.get_by_role("button", name="Make and show the sheet").click()
    code = page.locator(".slip-code").first.inner_text()
    check_page(page)
    assert code in PdfReader(BytesIO(page.pdf(format="A4"))).pages[0].extract_text()  # on one line
    page.get_by_role("link", name="Printed; back to the sheets").click()
    expect(page.get_by_text("4 codes")).to_be_visible()
    check_page(page)

    page.context.clear_cookies()
    page.clock.install()
    page.goto(f"{live_server.url}/code/")
    check_page(page)
    page.get_by_role("button", name="This device is shared").click()
    check_page(page)
    page.get_by_label("Code on your slip").fill("ABCD-EFGH-IJKL-MNOP")
    page.get_by_role("button", name="Go to the survey").click()
    expect(page.get_by_role("alert")).to_contain_text("found none that matches")
    check_page(page)

    _start(page, code)
    page.locator(".statement label").first.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    page.clock.run_for(61_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Type the code on your slip")
    page.goto(f"{live_server.url}/answer/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link leads to no survey")
    page.get_by_role("link", name="You have a code on paper?").click()

    _start(page, code)  # whoever has a copy of the code begins anew
    page.goto(f"{live_server.url}/answer/review/")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Type the code on your slip")

    assert (Ballot.objects.count(), Invitation.objects.filter(done=True).count()) == (1, 1)


def _start(page: Page, code: str) -> None:
    page.get_by_label("Code on your slip").fill(code)
    page.get_by_role("button", name="Go to the survey").click()
    page.get_by_role("link", name="Start").first.click()
