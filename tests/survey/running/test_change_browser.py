"""The pages on which a manager puts things right, in a browser, light and dark."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from survey.mail.outbox import send_due_messages
from survey.models import Campaign, CampaignState, Invitation, Leadership, Recipient
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services.running.asked_changes import cancel_or_ask, correct_or_ask
from tests.survey.running.test_campaign_browser import check_page
from tests.survey.staff_scenes import (
    PASSWORD,
    open_campaign_of,
    organisation_with_manager,
    second_person_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


LONG = f"{'very-long-name-' * 4}x@a-rather-long-domain-of-a-company.example.com"
TOO_WIDE = """() => [...document.querySelectorAll("main .btn")].filter(button => {
    const place = button.parentElement.getBoundingClientRect();
    const card = button.closest(".panel").getBoundingClientRect();
    const text = document.createRange();
    text.selectNodeContents(button);
    const rights = [text, button].map(part => part.getBoundingClientRect().right);
    return Math.max(...rights) > Math.min(place.right, card.right) + 1;
}).map(button => button.innerText)"""


def sign_in(page: Page, address: str = "maria@example.com") -> None:
    page.get_by_label("E-mail address").fill(address)
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


def give_second_word(
    chromium: Browser, live_server: LiveServer, campaign: Campaign, scheme: str
) -> None:
    """Refuse the other address and agree to end the campaign, as the works council, on a phone."""
    viewport = ViewportSize(width=390, height=844)
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live_server.url}/second-words/")
    sign_in(page, second_person_of(campaign.organisation).email)
    expect(page.get_by_text("new@example.com instead of n1-0@example.com")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Refuse new@example.com").click()
    expect(page.get_by_text("Refused. Nothing was changed")).to_be_visible()
    page.get_by_label("Delete every answer given so far").check()
    page.get_by_role("button", name=f"Agree, and cancel {campaign.name} for good").click()
    expect(page.get_by_text("Agreed, and done.")).to_be_visible()
    check_page(page)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_manager_mends_a_link_changes_a_leader_and_cancels_with_a_second_person(
    chromium: Browser, page: Page, live_server: LiveServer, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    campaign = open_campaign_of(organisation_with_manager()[0])
    send_due_messages()
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
    page.locator("#address-title ~ form").get_by_label("E-mail address").fill("new@example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("to write to new@example.com instead.")).to_be_visible()
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
    page.get_by_role("button", name="Ask to cancel the campaign").click()
    expect(page.get_by_text("It waits for the word of Cora Council.")).to_be_visible()
    check_page(page)

    give_second_word(chromium, live_server, campaign, scheme)
    page.reload()
    expect(page.get_by_role("status").last).to_contain_text("Every answer was deleted unread")
    check_page(page)

    assert Campaign.objects.get().state == CampaignState.CANCELLED
    assert Invitation.objects.filter(revoked=False).count() == 0
    leading = Leadership.objects.filter(unit__code="N1", until=None)
    assert [leadership.user.email for leadership in leading] == ["nina@example.com"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_button_with_a_long_address_is_no_wider_than_its_card(
    page: Page, live_server: LiveServer, width: int
) -> None:
    organisation, manager = organisation_with_manager()
    campaign = open_campaign_of(organisation)
    Campaign.objects.filter(pk=campaign.pk).update(name="Kunddatabaskvalitets" * 5)
    send_due_messages()
    recipient = Recipient.objects.select_related("campaign").get(email="n1-0@example.com")
    correct_or_ask(recipient=recipient, email=LONG, name="", by=manager)
    cancel_or_ask(campaign=campaign, by=manager)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/second-words/")
    sign_in(page, second_person_of(organisation).email)
    expect(page.get_by_role("button", name="Refuse very-long-name-")).to_be_visible()

    assert page.evaluate(TOO_WIDE) == []
    check_page(page)
