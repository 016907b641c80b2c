"""The app that the suite's settings add to the product: shorter waits, and points of faults."""

import os
from typing import Final

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
        if os.environ.get(QUICK_PAPER):
            print_quickly()


def print_quickly() -> None:
    """Have empty documents in place of reports, where a scenario is not about them."""
    from diagnostics.reports.rendering.processes import RenderProcess

    def render(_: RenderProcess, markup: str) -> bytes:
        return f"%PDF-1.7 {len(markup)}".encode()

    setattr(RenderProcess, "render", render)  # noqa: B010 - mypy knows that it is another method
