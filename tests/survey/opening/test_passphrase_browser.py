"""The works council sets its passphrase before the launch and gives it after the close."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from survey.models import Campaign, CampaignKey, Membership, Role, User, Who
from survey.selectors.launch.checklist import launch_checklist
from survey.selectors.openings import campaigns_past_grace
from survey.services.opening.closing import close_campaign
from survey.services.opening.passphrases import wrap_key
from survey.services.running.launching import launch_campaign, prepare_keys
from survey.services.setup.drafts import state_privacy
from tests.survey.opening.test_passphrases import (
    PASSPHRASE,
    cheap_stretching,  # noqa: F401 - a fixture that every test here uses by itself
)
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import PASSWORD, draft_campaign, organisation_with_manager

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


def council_member(campaign: Campaign) -> User:
    user = User.objects.create_user("cora@example.com", PASSWORD, name="Cora Council")
    Membership.objects.create(organisation=campaign.organisation, user=user, role=Role.COUNCIL)
    return user


def missing(campaign: Campaign) -> bool:
    checks = launch_checklist(campaign, now=timezone.now())
    return any(check.code == "passphrase" and not check.passed for check in checks)


def test_the_works_council_sets_its_passphrase_and_opens_the_ballots_with_it(
    page: Page, live_server: LiveServer
) -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    prepare_keys(campaign_id=campaign.pk)
    state_privacy(
        campaign=campaign, floor=5, sensitive_floor=10, controller="Acme", contact="x",
        council_reference="", needs_passphrase=True, gives_rows=False, retention_months=12,
        logo=None, logo_alternative="",
    )  # fmt: skip
    campaign.refresh_from_db()
    assert missing(campaign)
    member = council_member(campaign)
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="What is stored").click()
    page.get_by_role("link", name="Passphrase of the works council").click()
    expect(page.get_by_text("all answers of the campaign are lost")).to_be_visible()
    check_page(page)

    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same passphrase again").fill("something else")
    page.get_by_label("We keep it in a safe place").check()
    page.get_by_role("button", name="Set the passphrase").click()
    expect(page.get_by_text("Expected the same passphrase twice, found two.")).to_be_visible()
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same passphrase again").fill(PASSPHRASE)
    page.get_by_role("button", name="Set the passphrase").click()
    expect(page.get_by_text("Done. What happens now stands on this page.")).to_be_visible()
    assert not missing(campaign)

    launch_campaign(campaign=campaign, by=Who.WORKER)
    wrap_key(campaign_id=campaign.pk)
    page.reload()
    expect(page.get_by_role("heading", name="The passphrase is set")).to_be_visible()
    long_ago = timezone.now() - timedelta(hours=1)
    close_campaign(campaign=campaign, now=long_ago, by=Who.WORKER)
    page.reload()
    check_page(page)
    page.get_by_label("Passphrase").fill("seven quiet herons over the bay")
    page.get_by_role("button", name="Open the ballots").click()
    expect(page.get_by_text("set before the launch, found another")).to_be_visible()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Open the ballots").click()
    expect(page.get_by_role("heading", name="Nothing is left to do")).to_be_visible()
    assert not CampaignKey.objects.get().waits_for_passphrase
    assert campaigns_past_grace(timezone.now()).count() == 1
