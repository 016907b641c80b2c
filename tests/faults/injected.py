"""The app that the suite's settings add to the product: shorter waits, and points of faults."""

import os
import select
import time
from typing import Any, Final

from django.apps import AppConfig

from tests.faults.pace import hasten
from tests.faults.points import arm

ROLE: Final = "RUTIN_FAULT_ROLE"
QUICK_PAPER: Final = "RUTIN_FAULT_QUICK_PAPER"


class InjectedFaults(AppConfig):
    """Change the process once all models are there, before it does anything."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        """Shorten waits and arm the points of this process."""
        hasten()
        arm(os.environ, os.environ.get(ROLE, "suite"))
        if os.environ.get("FAKETIME_TIMESTAMP_FILE"):
            time.sleep = sleep_relatively
        if os.environ.get(QUICK_PAPER):
            print_quickly()


def sleep_relatively(seconds: Any) -> None:  # noqa: ANN401 - as the one that it replaces
    """Sleep without naming the moment of the end, which libfaketime takes for a wrong one."""
    select.select((), (), (), float(seconds))


def print_quickly() -> None:
    """Have empty documents in place of reports, where a scenario is not about them."""
    from diagnostics.reports.rendering.letters import RenderedPdf
    from diagnostics.reports.rendering.processes import RenderProcess

    def render(_: RenderProcess, markup: str) -> RenderedPdf:
        return RenderedPdf.of(f"%PDF-1.7 {len(markup)}".encode(), "")

    setattr(RenderProcess, "render", render)  # noqa: B010 - mypy knows that it is another method
