"""Pages of signed-in staff in Chromium: whether they fit, follow the scheme and pass axe."""

from collections.abc import Collection
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from survey.models import User

Scheme = Literal["light", "dark"]
WIDTHS: Final = (320, 768, 1440)
PAPER: Final = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 22, 27)"}
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COLOURS_ONLY: Final[dict[str, Any]] = {"runOnly": ["color-contrast"]}


def page_of(chromium: Browser, server: LiveServer, user: User) -> Page:
    """Return a page signed in as a user."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",  # else axe sees colours on their way
    )
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}]
    )
    return context.new_page()


def noise_of(page: Page) -> list[str]:
    """Return a list that takes down what the page says in the console from now on."""
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    return noise


def inspect(
    page: Page, *, first: Scheme = "light", axe_at: Collection[int] = frozenset(WIDTHS)
) -> None:
    """Look at an open page in every width and both schemes: nothing sticks out, axe is content.

    A scheme changes colours and nothing else, so that in the second one only these are tested.
    axe_at: the widths at which axe goes through all its rules.
    """
    second: Scheme = "dark" if first == "light" else "light"
    for width in WIDTHS:
        look(page, width, first)
        found = violations(page) if width in axe_at else []
        assert found == [], f"{page.url} at {width} px, {first}: {found}"
    look(page, WIDTHS[-1], second)
    found = violations(page, COLOURS_ONLY)
    assert found == [], f"{page.url}, {second}: {found}"


def look(page: Page, width: int, scheme: Scheme) -> None:
    """Show a page at a width in a scheme; it must be styled and fit."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER[scheme]
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url} at {width} px"


def violations(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """Return what axe finds, by rule and place."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found]
