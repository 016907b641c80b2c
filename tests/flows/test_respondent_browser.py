"""The respondent's pages in Chromium: sizes, keyboard, autosave, lost network, no scripts."""

import gzip
import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from survey.images import redraw_logo
from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, CampaignLogo, CampaignState, Draft, InstrumentVersion
from survey.selectors.respondents import read_draft
from survey.services import ballots
from tests.pseudo_language import CODE as PSEUDO
from tests.pseudo_language import in_pseudo_language, pseudo_language
from tests.survey.small_campaign import SmallCampaign, open_small_campaign
from tests.survey.staff_scenes import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
Scheme = Literal["light", "dark"]
TARGET = 44  # CSS pixels
PAGE_WEIGHT = 100_000  # bytes, compressed
PAGES = 8
UNLIKE = (1, 4, PAGES)  # pages that differ in kind: opening, lead-in, background
WHAT_IS_SMALL = """least => [...document.querySelectorAll('.btn, .option, summary')]
    .map(element => [element.textContent.trim(), element.getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least).map(([text]) => text)"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STORED = "Object.entries(sessionStorage).map(([, value]) => JSON.parse(value))"


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign(invitations=2, is_demonstration=True)


@pytest.fixture
def link(small: SmallCampaign, live_server: LiveServer) -> str:
    return f"{live_server.url}/s/{small.tokens[0]}"


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context
    context.close()


def answer(page: Page, code: str, point: int) -> None:
    page.locator(f"#{code} .option").nth(point - 1).click()


def saved(page: Page) -> None:
    expect(page.locator("[data-state=saved]")).to_be_visible()


def checked(page: Page) -> dict[str, str]:
    return dict(
        page.locator(".statement :checked").evaluate_all("all => all.map(r => [r.name, r.value])")
    )


def opened(page: Page, address: str) -> Page:
    response = page.goto(address)
    assert response is not None
    return page


@pytest.mark.parametrize(
    ("language", "looks"),
    [
        ("en", [(320, "light"), (390, "light"), (1280, "dark")]),
        ("fi", [(320, "dark"), (1280, "light")]),
        ("sv", [(320, "light"), (1280, "dark")]),
        ("de", [(320, "light"), (1280, "dark")]),
        (PSEUDO, [(320, "dark"), (1280, "light")]),
    ],
)
def test_every_page_in_every_language_fits_is_reachable_and_has_no_axe_violation(
    chromium: Browser,
    small: SmallCampaign,
    link: str,
    live_server: LiveServer,
    language: str,
    looks: list[tuple[int, Scheme]],
) -> None:
    speak(language)
    context = chromium.new_context(reduced_motion="reduce")  # else axe sees colours on their way
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))

    def inspect(address: str) -> None:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == PSEUDO else "ltr")
        assert page.locator("h1").evaluate("h => getComputedStyle(h).fontWeight") == "650"
        for width, scheme in looks:
            page.set_viewport_size({"width": width, "height": 568 if width == 320 else 900})
            page.emulate_media(color_scheme=scheme)
            look = f"{address} at {width} px, {scheme}"
            assert page.evaluate(OVERFLOW) <= 0, look
            assert page.evaluate(WHAT_IS_SMALL, TARGET) == [], look
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], look

    with pseudo_language():
        inspect(link)
        ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 4}))
        answering = range(1, PAGES + 1) if language == "en" else UNLIKE
        for name in ("sample", *answering, "review", "withdraw", "withdrawn"):
            inspect(f"{live_server.url}/answer/{name}/")
        ballots.submit(token=small.tokens[0], answers=Answers())
        inspect(f"{live_server.url}/answer/thanks/")
        assert noise == []
        Campaign.objects.update(state=CampaignState.CANCELLED)
        inspect(f"{live_server.url}/s/{small.tokens[1]}")
    context.close()


def test_a_link_that_is_not_valid_says_so_on_a_page_without_axe_violations(
    phone: BrowserContext, live_server: LiveServer
) -> None:
    page = opened(phone.new_page(), f"{live_server.url}/s/wrong")
    assert page.evaluate(OVERFLOW) <= 0
    assert Axe().run(page).response["violations"] == []


def speak(language: str) -> None:
    """Let the campaign be in one language; the made-up one gets its questionnaire as well."""
    version = InstrumentVersion.objects.get()
    InstrumentVersion.objects.update(content=in_pseudo_language(version.content))
    Campaign.objects.update(languages=[language])


def test_each_option_is_read_as_statement_option_and_position(
    phone: BrowserContext, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.get_by_role("link", name="Start").first.click()
    group = page.get_by_role(
        "group", name="New digital technology tends to catch our unit unprepared."
    )
    expect(group.get_by_role("radio")).to_have_count(8)
    expect(group.get_by_role("radio", name=re.compile(r"^Agree\s*\(6 of 7\)$"))).to_be_visible()
    expect(group.get_by_role("radio", name="Cannot judge / prefer not to say")).to_be_visible()


def test_a_statement_is_a_card_on_a_phone_and_a_row_on_a_wide_screen(
    phone: BrowserContext, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "1/")
    heights = """width => [...document.querySelectorAll('.statement')].map(statement =>
        new Set([...statement.querySelectorAll('input')].map(
            radio => Math.round(radio.getBoundingClientRect().top))).size)"""
    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 568})
        found[width] = (page.locator(".scale-head").is_visible(), page.evaluate(heights, width))

    assert found == {320: (False, [8] * 5), 1280: (True, [1] * 5)}


def test_the_keyboard_alone_completes_the_survey(chromium: Browser, link: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = opened(context.new_page(), link)

    def tab_to(condition: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"(e => {condition})(document.activeElement)"):
                return
        raise AssertionError(f"no focus within 60 steps where {condition}")

    tab_to("e.textContent.trim() === 'Start'")
    page.keyboard.press("Enter")
    for number in range(1, PAGES + 1):
        page.wait_for_url(f"**/answer/{number}/")
        statements = page.locator(".statement").count()
        for _ in range(statements):
            tab_to("e.type === 'radio' && !e.checked")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        tab_to("e.value === 'next'")
        page.keyboard.press("Enter")
    page.wait_for_url("**/answer/review/")
    assert "You have answered 32 of 32 statements." in page.locator(".lead").inner_text()
    tab_to("e.textContent.trim() === 'Submit my answers'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/thanks/")
    assert Ballot.objects.count() == 1
    context.close()


def test_a_browser_killed_after_an_answer_loses_none(
    chromium: Browser, small: SmallCampaign, link: str
) -> None:
    first = chromium.new_context()
    page = opened(first.new_page(), link)
    page.goto(page.url + "1/")
    for number, code in enumerate(("TF1", "TF2", "TF3"), start=1):
        answer(page, code, number)
        saved(page)
        expect(page.locator(".answered[role=status]")).to_have_text(f"{number} of 32 answered")
    first.close()
    second = chromium.new_context()
    page = opened(second.new_page(), link)
    page.get_by_role("link", name="Go on answering").first.click()
    page.wait_for_url("**/answer/1/")  # a click returns before the page has been read to its end
    assert checked(page) == {"TF1": "1", "TF2": "2", "TF3": "3"}
    second.close()


def test_without_a_network_nothing_is_lost_and_the_page_says_so(
    phone: BrowserContext, small: SmallCampaign, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "1/")
    phone.set_offline(True)
    answer(page, "TF1", 6)
    answer(page, "TF2", 8)
    expect(page.locator("[data-state=offline]")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    assert page.evaluate(STORED) == [{"TF1": "6", "TF2": "none"}]
    assert page.url.endswith("/answer/1/")
    assert Draft.objects.count() == 0
    phone.set_offline(False)
    saved(page)
    assert read_draft(small.tokens[0]).items == {"TF1": 6, "TF2": None}
    assert page.evaluate(STORED) == []
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/answer/2/")


def test_answers_that_could_not_be_sent_survive_a_reload(
    phone: BrowserContext, small: SmallCampaign, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "1/")
    page.route("**/answer/save/", lambda route: route.fulfill(status=503))
    answer(page, "TF1", 6)
    expect(page.locator("[data-state=offline]")).to_be_visible()
    page.unroute("**/answer/save/")
    page.reload()
    saved(page)
    assert checked(page) == {"TF1": "6"}
    expect(page.locator(".answered")).to_have_text("1 of 32 answered")
    assert read_draft(small.tokens[0]).items == {"TF1": 6}


def test_unsent_answers_never_reach_another_links_draft(
    phone: BrowserContext, small: SmallCampaign, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "1/")
    page.route("**/answer/save/", lambda route: route.abort())
    answer(page, "TF1", 6)
    expect(page.locator("[data-state=offline]")).to_be_visible()
    page.unroute("**/answer/save/")
    page.goto(link.replace(small.tokens[0], small.tokens[1]))
    page.goto(page.url + "1/")
    assert page.evaluate(STORED) == []
    assert checked(page) == {}
    assert Draft.objects.count() == 0


def test_submitting_leaves_nothing_in_the_browsers_storage(
    phone: BrowserContext, small: SmallCampaign, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "7/")
    answer(page, "DSO1", 2)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/answer/thanks/")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert page.evaluate("document.cookie") == ""
    assert Ballot.objects.count() == 1


def test_a_link_submitted_elsewhere_ends_on_the_thank_you_page(
    phone: BrowserContext, small: SmallCampaign, link: str
) -> None:
    page = opened(phone.new_page(), link)
    page.goto(page.url + "1/")
    ballots.submit(token=small.tokens[0], answers=Answers())
    answer(page, "TF1", 6)
    page.wait_for_url("**/answer/thanks/")
    assert (Ballot.objects.count(), Draft.objects.count()) == (1, 0)


def test_the_survey_is_complete_with_scripts_off(chromium: Browser, link: str) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 568}, java_script_enabled=False
    )
    page = opened(context.new_page(), link)
    page.get_by_role("link", name="Start").first.click()
    for number in range(1, PAGES + 1):
        page.wait_for_url(f"**/answer/{number}/")
        for statement in page.locator(".statement").all():
            statement.locator(".option").nth(number % 7).click()
        page.locator("button[value=next]").click()
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url("**/answer/thanks/")
    assert Ballot.objects.count() == 1
    context.close()


def test_no_request_leaves_the_site_or_carries_the_token_and_pages_are_light(
    phone: BrowserContext, small: SmallCampaign, link: str, live_server: LiveServer
) -> None:
    Campaign.objects.update(logo_alternative="Pump Works")
    CampaignLogo.objects.create(campaign=small.campaign, image=redraw_logo(picture()))
    page = phone.new_page()
    weights: dict[str, int] = {}
    requests: list[tuple[str, str]] = []

    def weigh(response: Response) -> None:
        requests.append((response.url, response.request.headers.get("referer", "")))
        if response.status == 200:
            weights[response.url] = len(gzip.compress(response.body()))

    page.on("response", weigh)
    page.goto(link)
    page.wait_for_load_state("networkidle")
    welcome = sum(weights.values())
    page.goto(f"{live_server.url}/answer/1/")
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("img", name="Pump Works").is_visible()
    assert welcome < PAGE_WEIGHT
    assert sum(weights.values()) < PAGE_WEIGHT
    assert [url for url, _ in requests if not url.startswith(live_server.url)] == []
    assert [url for url, referrer in requests if small.tokens[0] in referrer] == []
    assert [url for url, _ in requests if small.tokens[0] in url] == [link]
