"""The questionnaire editor in a browser: copy, translate, add an item, exchange a file."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from survey.instrument.content import parse_instrument
from survey.models import InstrumentVersion
from survey.services.setup.instruments import load_default_instrument
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import PASSWORD, organisation_with_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_manager_makes_a_version_of_the_questionnaire_and_translates_it(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page.emulate_media(reduced_motion="reduce")
    load_default_instrument()
    organisation_with_manager()
    page.goto(f"{live_server.url}/campaigns/")
    page.get_by_label("E-mail address").fill("maria@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Questionnaires of Acme").click()
    check_page(page)
    page.get_by_role("link", name="Routines of digital service, version 1").click()
    check_page(page)
    page.get_by_role("button", name="New version as a copy").click()
    expect(page.get_by_role("heading", name="version 3", level=1)).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Items of Customer focus").click()
    page.get_by_label("Code").fill("CF5")
    page.get_by_label("Statement").fill("We call a customer after {a repair | a deal}.")
    check_page(page)
    page.get_by_role("button", name="Add the item").click()
    expect(page.get_by_text("We call a customer after a repair.")).to_be_visible()
    page.get_by_role("link", name="Back to this version").click()
    expect(page.get_by_text(re.compile(r"Suomi:\s+74 of 75 texts"))).to_be_visible()

    page.get_by_role("link", name="Edit Customer focus (sv), 1 missing").click()
    page.emulate_media(color_scheme="dark")
    check_page(page)
    page.get_by_label("CF5").fill("Vi ringer en kund efter {en reparation | en affär}.")
    page.get_by_role("button", name="Save the texts").click()
    page.get_by_role("button", name="A native speaker has checked Svenska").click()
    expect(page.get_by_text("complete and checked by a native speaker").nth(1)).to_be_visible()
    check_page(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as YAML").click()
    download.value.save_as(tmp_path / "mine.yaml")
    page.get_by_role("link", name="Back to the questionnaires").click()
    page.get_by_role("link", name="Import a file").click()
    check_page(page)
    page.get_by_label("Questionnaire (YAML or JSON)").set_input_files(tmp_path / "mine.yaml")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="version 4", level=1)).to_be_visible()
    made = parse_instrument(InstrumentVersion.objects.get(version=4).content)
    assert (made.languages, made.checked) == (("en", "sv"), {"en", "sv"})

    InstrumentVersion.objects.update(is_frozen=True)
    page.get_by_role("link", name="Items of Customer focus").click()
    expect(page.get_by_role("heading", name="This version is fixed")).to_be_visible()
    check_page(page)
