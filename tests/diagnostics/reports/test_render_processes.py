"""Renderers of their own: a document that asks for too much takes nothing else with it."""

import os
import signal
import time
from pathlib import Path

import pytest

from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.processes import (
    DEFAULT_LIMITS,
    Limits,
    RenderPool,
    RenderProcess,
)
from diagnostics.reports.rendering.render import render_pdf

PAGE = '<html lang="en"><head><title>x</title></head><body><p>{text}</p></body></html>'
# Each level is laid out several times to find its width: the time doubles with every level.
SLOW = PAGE.format(text='<div style="display: inline-flex">' * 40 + "x" + "</div>" * 40)
LARGE = PAGE.format(text="<p>x</p>" * 100_000)


def children() -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(status.parent.name))
    return found


@pytest.fixture
def renderer() -> RenderProcess:
    """Return a renderer that nobody else uses, with little time."""
    return RenderProcess(Limits(cpu_seconds=3, wall_seconds=20))


def test_a_child_gives_the_same_bytes_as_the_renderer_in_this_process(
    renderer: RenderProcess,
) -> None:
    markup = PAGE.format(text="Grüße, Ж, 漢字")
    assert renderer.render(markup) == render_pdf(markup)
    renderer.close()


def test_one_child_renders_document_after_document(renderer: RenderProcess) -> None:
    before = children()
    renderer.render(PAGE.format(text="one"))
    first = children() - before
    renderer.render(PAGE.format(text="two"))
    assert len(first) == 1
    assert children() - before == first
    renderer.close()
    assert children() - before == set()


def test_a_document_that_computes_too_long_fails_and_the_next_is_rendered(
    renderer: RenderProcess,
) -> None:
    begin = time.monotonic()
    with pytest.raises(RenderError, match="at most 3 seconds of computing"):
        renderer.render(SLOW)
    assert time.monotonic() - begin < 20
    assert renderer.render(PAGE.format(text="next")) == render_pdf(PAGE.format(text="next"))
    renderer.close()


def test_a_document_that_takes_too_long_by_the_clock_fails() -> None:
    renderer = RenderProcess(Limits(cpu_seconds=60, wall_seconds=3))
    with pytest.raises(RenderError, match=r"at most 3 seconds, found a renderer that ended"):
        renderer.render(SLOW)


def test_a_document_that_wants_too_much_memory_fails_and_the_next_is_rendered() -> None:
    renderer = RenderProcess(Limits(memory=320 * 2**20))
    with pytest.raises(RenderError, match="at most 320 MB of memory"):
        renderer.render(LARGE)
    assert renderer.render(PAGE.format(text="next")).startswith(b"%PDF-1.7")
    renderer.close()


def test_a_child_killed_from_outside_is_replaced(renderer: RenderProcess) -> None:
    before = children()
    renderer.render(PAGE.format(text="one"))
    (child,) = children() - before
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert renderer.render(PAGE.format(text="two")) == render_pdf(PAGE.format(text="two"))
    renderer.close()


def test_a_refused_address_leaves_the_child_alive(renderer: RenderProcess) -> None:
    before = children()
    with pytest.raises(RenderError, match="expected asset: and one of"):
        renderer.render(PAGE.format(text='<img src="file:///etc/passwd" alt="x">'))
    assert len(children() - before) == 1
    renderer.close()


def test_a_bomb_ends_before_thirty_five_seconds_by_default() -> None:
    assert DEFAULT_LIMITS.cpu_seconds <= DEFAULT_LIMITS.wall_seconds < 35


def test_a_child_knows_no_secret_of_the_server(
    renderer: RenderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "MARKER-7421")
    before = children()
    renderer.render(PAGE.format(text="x"))
    (child,) = children() - before
    assert "MARKER-7421" not in Path(f"/proc/{child}/environ").read_text()
    renderer.close()


def test_a_pool_keeps_the_order_and_reports_what_failed() -> None:
    pool = RenderPool(2)
    bomb = PAGE.format(text='<img src="file:///etc/passwd" alt="x">')
    texts = ["one", "two", "three", "four"]
    markups = [PAGE.format(text=text) for text in texts]
    outcomes = list(pool.render_each([*markups[:2], bomb, *markups[2:]]))
    pool.close()
    assert isinstance(outcomes.pop(2), RenderError)
    assert outcomes == [render_pdf(markup) for markup in markups]


def test_a_pool_leaves_nothing_behind() -> None:
    before = children()
    pool = RenderPool(2)
    list(pool.render_each([PAGE.format(text=str(number)) for number in range(4)]))
    pool.close()
    assert children() == before
