"""Fixtures that every test shares."""

import gc
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.ledger_rows import changeable_ledger

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Fixtures that bring a database, and folders whose tests start processes that have one.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
WITH_PROCESSES = ("tests/flows/", "tests/proofs/", "tests/architecture/test_connections.py")

# As the product does: a thread of the linear algebra that waits for the others takes the processor
# from another worker. It holds while nothing has imported numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Python's own thresholds are for small heaps: with all tests and all libraries loaded, a tenth of a
# run went into walking the same living objects again.
gc.set_threshold(50_000, 20, 10)

# A test measures no time: a busy machine is no failure.
settings.register_profile(
    "untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the second run, on the other database, leave out what no database can change."""
    parser.addoption(
        "--database-only", action="store_true", help="only tests that a database can change"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take away the tests without a database where only the others are wanted."""
    if not config.getoption("--database-only"):
        return
    without = [item for item in items if not _has_database(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if _has_database(item)]


def pytest_collection_finish() -> None:
    """Spare what has been loaded for good from being looked through for garbage."""
    gc.collect()
    gc.freeze()


def _has_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database") is not None:
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return (
        item.get_closest_marker("django_db") is not None
        or bool(DATABASE_FIXTURES & fixtures)
        or item.nodeid.startswith(WITH_PROCESSES)
    )


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Forget the wrong links that other tests have opened."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _flushable_ledger() -> Iterator[None]:
    """Let the tables of a test with transactions be emptied, the ledger among them.

    Only the command that empties them: what a test itself does to the ledger is refused.
    """
    handle = flush.Command.handle

    def without_refusal(command: flush.Command, **options: Any) -> str | None:  # noqa: ANN401
        with changeable_ledger():
            return handle(command, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", without_refusal)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Debian's Chromium, driven by Playwright."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium, or run make browser")
    expect.set_options(timeout=20_000)  # milliseconds; a busy machine is no failure
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a fresh browser profile at desktop size."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page of a fresh browser profile."""
    return context.new_page()
