"""The page of downloads follows the worker without a reload."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from diagnostics.models import Download, Report
from diagnostics.reports.services.files import queue_reports
from tests.diagnostics.stored_example import store_example
from tests.flows.staff_pages import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_bar_moves_and_the_file_appears_by_themselves(
    chromium: Browser, live_server: LiveServer
) -> None:
    example = store_example()
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    user = example.person("hr@example.com", role="executive")
    page = page_of(chromium, live_server, user)
    page.goto(live_server.url + reverse("diagnostics:download-list", args=[example.campaign.pk]))
    page.get_by_role("button", name="Make the file").first.click()
    expect(page.get_by_text("0 of 7 reports are written.")).to_be_visible()

    Report.objects.filter(unit__code__in=["oulu", "kemi"]).update(
        state=Report.State.DONE, file="report.pdf"
    )
    expect(page.get_by_text("2 of 7 reports are written.")).to_be_visible()
    assert page.get_by_role("progressbar").get_attribute("value") == "2"
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []

    Download.objects.update(state=Download.State.DONE, file="reports.zip")
    expect(page.get_by_role("link", name="Download the file (ZIP)")).to_be_visible()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    page.context.close()
