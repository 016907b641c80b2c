"""The manager's way in a real browser, at desk and phone size, without one axe violation."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from survey.mail.outbox import send_due_messages
from survey.models import Campaign, CampaignState
from survey.services.running.launching import carry_out_launch, prepare_keys
from tests.survey.staff_scenes import (
    PASSWORD,
    UNITS,
    confirm_counts,
    organisation_with_manager,
    people_csv,
    second_person_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})


def check_page(page: Page) -> None:
    """Assert that the page fits and that axe finds nothing, at both sizes."""
    page.wait_for_load_state()  # a click returns before the page has been read to its end
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("maria@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def choose_files(page: Page, people: str) -> None:
    for name, text in (("units", UNITS), ("people", people)):
        file: Any = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        page.set_input_files(f"[name={name}]", file)
    page.get_by_role("button", name="Check and preview").click()


def save_step(page: Page, next_title: str) -> None:
    check_page(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(next_title)


def set_up_campaign(page: Page) -> None:
    """Go through the first six of the seven steps, with one fault on the way."""
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Name of the campaign").fill("Spring survey")
    page.get_by_label("Purpose").fill("To improve service work.")
    save_step(page, "Units and people")

    choose_files(page, people_csv().replace(",N1,", ",N9,", 1))
    expect(page.get_by_role("alert")).to_contain_text("the code of a unit in the tree")
    check_page(page)
    choose_files(page, people_csv())
    check_page(page)
    page.get_by_role("button", name="Confirm and continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Questionnaire")
    save_step(page, "Dates")
    page.get_by_label("Time zone").select_option("Europe/Helsinki")
    closes = timezone.now() + timedelta(days=10)
    page.get_by_label("Closes at").fill(closes.strftime("%Y-%m-%dT12:00"))
    save_step(page, "Privacy and legal notice")
    page.get_by_label("Controller").fill("Acme Ltd")
    page.get_by_label("Contact").fill("privacy@example.com")
    save_step(page, "Mails")
    page.get_by_label("Introduction (English)").fill("We need your view.")
    page.get_by_role("button", name="Save the words").click()
    page.get_by_text("Invitation (English)").click()
    expect(page.get_by_text("We need your view.").last).to_be_visible()
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.get_by_text("The test mail is on its way")).to_be_visible()
    check_page(page)


def confirm_trial_mail(page: Page, site: str, campaign: Campaign) -> None:
    assert campaign.trial_mails.count() == 1
    send_due_messages()
    link = re.search(r"http://\S+/trial/\S+", str(mail.outbox[-1].body))
    assert link is not None
    page.goto(link.group().replace(settings.SITE_URL, site))
    check_page(page)
    page.get_by_role("button", name="Yes, it has arrived").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("the test mail has arrived")


def test_a_new_manager_launches_a_three_unit_campaign_in_seven_steps_and_closes_it(
    page: Page, live_server: LiveServer
) -> None:
    second_person_of(organisation_with_manager()[0])
    page.goto(f"{live_server.url}/campaigns/")
    check_page(page)
    sign_in(page)
    check_page(page)

    set_up_campaign(page)
    campaign = Campaign.objects.get()
    page.get_by_role("link", name="Go on to the checklist").click()
    expect(page.get_by_text("Step 7 of 7")).to_be_visible()
    expect(page.get_by_role("link", name="Put right: Test mail")).to_be_visible()
    expect(page.get_by_role("button", name="Launch the campaign")).to_have_count(0)
    check_page(page)
    other = page.context.new_page()
    confirm_trial_mail(other, live_server.url, campaign)
    confirm_counts(campaign)
    prepare_keys(campaign_id=campaign.id)
    page.get_by_role("button", name="Launch the campaign").click()  # the page follows by itself
    expect(page.get_by_role("status").last).to_contain_text("Being launched")
    carry_out_launch(campaign_id=campaign.id)
    expect(page.get_by_role("heading", name="Invitations by mail")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Close the campaign").click()
    check_page(page)
    page.get_by_role("button", name="Close the campaign for good").click()
    expect(page.get_by_text("The campaign is closed.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Field team Ålesund").first).to_be_visible()
    check_page(page)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED


def test_the_account_pages_fit_and_pass_axe(page: Page, live_server: LiveServer) -> None:
    for path in ("/password/reset/", "/password/reset/sent/", "/password/set/x/y/",
                 "/password/set/done/"):  # fmt: skip
        page.goto(f"{live_server.url}{path}")
        check_page(page)
