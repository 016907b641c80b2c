"""Every page of those who run campaigns, in each language: it fits, and axe finds nothing."""

from typing import Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from survey.models import Campaign, InstrumentVersion, Membership, Recipient, Role, Unit, User
from survey.services.setup import instruments
from survey.services.setup.imports import NamedFile
from survey.services.setup.uploads import checked_upload, keep_upload
from tests.flows.staff_pages import Scheme, look
from tests.pseudo_language import CODE as PSEUDO
from tests.pseudo_language import pseudo_language
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.any_database,
]
# Each beside the one that is unlike it in both.
LOOKS: Final[tuple[tuple[int, Scheme], ...]] = (
    (320, "light"), (1280, "dark"), (320, "dark"), (1280, "light"),
)  # fmt: skip
# The script lies in the page already: reading it once a look would take longer than the look.
FIND: Final = """() => axe.run(document, {resultTypes: ["violations"]}).then(
    found => found.violations.map(one => [one.id, one.nodes[0].html]))"""
LANGUAGES: Final = ("fi", "sv", "de", PSEUDO)


@pytest.fixture
def scene() -> tuple[User, list[str]]:
    """Return a manager and every page of this manager's: of a draft and of an open campaign."""
    organisation, manager = organisation_with_manager()
    Membership.objects.create(user=manager, organisation=organisation, role=Role.COUNCIL)
    draft = draft_campaign(organisation, name="Autumn survey")
    running = open_campaign_of(organisation)
    copied = instruments.copy_instrument(
        version=instruments.load_default_instrument(), organisation=organisation, by=manager
    )
    instruments.add_item(
        version=copied, construct="TF", code="TF7", is_reversed=True, function="sales",
        language="en", text="We {repair | sell} first.",
    )  # fmt: skip
    upload = checked_upload(
        user=manager, campaign=draft, units=None,
        people=NamedFile("people.csv", people_csv().encode()),
    )  # fmt: skip
    keep_upload(upload=upload)
    return manager, [
        *pages_of_draft(draft),
        reverse("survey:upload-preview", args=[upload.pk]),
        *pages_of_running(running),
        *pages_beside(copied),
    ]


def pages_of_draft(draft: Campaign) -> list[str]:
    steps = ("name", "people", "questionnaire", "dates", "privacy", "mails")
    names = [*(f"setup-{step}" for step in steps), "campaign-detail", "campaign-discard"]
    return [reverse(f"survey:{name}", args=[draft.pk]) for name in names]


def pages_of_running(running: Campaign) -> list[str]:
    names = (
        "campaign-detail", "campaign-stored", "campaign-passphrase", "campaign-extend",
        "campaign-close", "campaign-cancel", "code-list", "person-list", "person-add",
    )  # fmt: skip
    person = Recipient.objects.filter(campaign=running).earliest("email")
    return [
        *(reverse(f"survey:{name}", args=[running.pk]) for name in names),
        reverse("survey:person-detail", args=[running.pk, person.pk]),
    ]


def pages_beside(copied: InstrumentVersion) -> list[str]:
    organisation, unit = copied.organisation_id, Unit.objects.get(code="N1")
    return [
        *(reverse(f"survey:{name}") for name in
          ("campaign-list", "campaign-create", "account-language", "password-change")),
        *(reverse(f"survey:{name}", args=[organisation]) for name in
          ("unit-list", "instrument-list", "instrument-import")),
        reverse("survey:unit-leaders", args=[organisation, unit.pk]),
        reverse("survey:instrument-detail", args=[organisation, copied.pk]),
        reverse("survey:instrument-items", args=[organisation, copied.pk, "TF"]),
        reverse("survey:instrument-texts", args=[organisation, copied.pk, "TF", "de"]),
    ]  # fmt: skip


def browser_of(chromium: Browser, server: LiveServer, language: str, user: User) -> BrowserContext:
    """Return a browser in a language in which a user is signed in."""
    client = Client()
    client.force_login(user)
    context = chromium.new_context(reduced_motion="reduce")  # else axe sees colours on their way
    context.add_init_script(AXE_SCRIPT)
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )
    return context


def inspect(page: Page, address: str, language: str, turn: int) -> None:
    """Open a page once and look at it in both sizes and schemes; axe takes one of the looks.

    Which one goes round with the page and the language: the four languages share the markup and
    the colours, so that together they take every page in every look.
    """
    response = page.goto(address)
    assert response is not None
    assert response.status == 200, address
    written = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert written == [language, "rtl" if language == PSEUDO else "ltr"]
    place = turn % len(LOOKS)
    look(page, *LOOKS[place ^ 1])
    look(page, *LOOKS[place])
    assert page.evaluate(FIND) == [], f"{address} at {LOOKS[place]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_staff_page_in_every_language_fits_and_has_no_axe_violation(
    chromium: Browser, live_server: LiveServer, scene: tuple[User, list[str]], language: str
) -> None:
    user, addresses = scene
    User.objects.update(language=language)
    context = browser_of(chromium, live_server, language, user)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))

    with pseudo_language():
        for turn, address in enumerate(addresses, start=LANGUAGES.index(language)):
            inspect(page, live_server.url + address, language, turn)
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        sign_in = live_server.url + reverse("survey:account-sign-in")
        inspect(page, sign_in, language, LANGUAGES.index(language))
    assert noise == []
    context.close()
