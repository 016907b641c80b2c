"""The respondent's first page of a rehearsal, in a browser, light and dark."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from survey.models import Campaign, Function, Who
from survey.sealing.codes import grouped
from survey.services.running.code_sheets import make_code_sheet
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_rehearsal_says_so_on_its_first_page(
    page: Page, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    campaign = open_campaign_of(organisation_with_manager()[0])
    Campaign.objects.update(is_rehearsal=True)
    unit = campaign.units.get(code="N2")
    sheet = make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.WORKER)

    page.goto(f"{live_server.url}/code/")
    page.get_by_label("Code on your slip").fill(grouped(sheet.codes[0].text))
    page.get_by_role("button", name="Go to the survey").click()

    expect(page.get_by_role("complementary", name="Rehearsal")).to_be_visible()
    check_page(page)
