"""The page of what is stored in a real browser: it fits, prints, and axe finds nothing."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import (
    PASSWORD,
    draft_campaign,
    organisation_with_manager,
    people_csv,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


def test_the_page_opens_from_the_overview_fits_and_prints(
    page: Page, live_server: LiveServer
) -> None:
    organisation, manager = organisation_with_manager()
    draft_campaign(organisation, people=people_csv(north=20, workshop=8))
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("E-mail address").fill(manager.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="What is stored").click()

    check_page(page)
    page.emulate_media(color_scheme="dark")
    check_page(page)
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator(".site-header nav").is_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
