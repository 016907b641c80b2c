"""The pages on which a manager puts things right, in a browser, light and dark."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from survey.models import Campaign, CampaignState, Invitation, Leadership
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import PASSWORD, open_campaign_of, organisation_with_manager

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("maria@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_respondent_names_the_right_unit_and_the_manager_moves_them(
    page: Page, live_server: LiveServer
) -> None:
    campaign = open_campaign_of(organisation_with_manager()[0])
    invitation = Invitation.objects.get(recipient__email="n1-0@example.com")
    token = derive_token(load_token_key(campaign.id), invitation.id)
    page.goto(f"{live_server.url}/s/{token}")
    page.get_by_role("link", name="Is it wrong? Say so before you answer.").click()
    check_page(page)
    page.get_by_label("In which unit do you work?").fill("The workshop")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("the campaign manager reads it")
    check_page(page)

    page.goto(f"{live_server.url}/campaigns/{campaign.id}/")
    sign_in(page)
    expect(page.get_by_text("Field team Ålesund → The workshop")).to_be_visible()
    page.get_by_role("link", name="n1-0@example.com").click()
    check_page(page)
    page.get_by_label("Unit", exact=False).last.select_option("Workshop")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("a mail with a new link goes out")).to_be_visible()

    page.goto(f"{live_server.url}/campaigns/{campaign.id}/")
    page.get_by_role("link", name="as service sales").click()
    expect(page.get_by_role("complementary", name="Preview")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_mends_a_link_changes_a_leader_and_cancels(
    page: Page, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    campaign = open_campaign_of(organisation_with_manager()[0])
    page.goto(f"{live_server.url}/campaigns/{campaign.id}/")
    sign_in(page)
    check_page(page)

    page.get_by_role("link", name="People: correct an address").click()
    check_page(page)
    page.get_by_role("link", name="Add a person").click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_label("Address or name").fill("n1-0")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="n1-0@example.com").click()
    check_page(page)
    page.get_by_role("button", name="Revoke the link").click()
    expect(page.get_by_text("The link no longer works.")).to_be_visible()
    check_page(page)

    page.goto(f"{live_server.url}/organisations/{campaign.organisation_id}/units/")
    check_page(page)
    page.get_by_role("link", name="Acme Service › Region North › Field team Ålesund").click()
    page.get_by_label("E-mail address").fill("nina@example.com")
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_text("Saved; it holds from today on.")).to_be_visible()
    check_page(page)

    page.goto(f"{live_server.url}/campaigns/{campaign.id}/extend/")
    check_page(page)
    page.goto(f"{live_server.url}/campaigns/{campaign.id}/cancel/")
    check_page(page)
    page.get_by_label("Delete every answer given so far").check()
    page.get_by_role("button", name="Cancel the campaign for good").click()
    expect(page.get_by_role("status").last).to_contain_text("Every answer was deleted unread")
    check_page(page)

    assert Campaign.objects.get().state == CampaignState.CANCELLED
    assert Invitation.objects.filter(revoked=False).count() == 0
    leading = Leadership.objects.filter(unit__code="N1", until=None)
    assert [leadership.user.email for leadership in leading] == ["nina@example.com"]
