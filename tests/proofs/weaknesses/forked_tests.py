"""Run tests in forks of one process that has loaded the libraries, never the project's modules.

    python -m tests.proofs.weaknesses.forked_tests

Reads one JSON list of pytest's arguments a line and answers each with pytest's exit code.
"""

import gc
import json
import os
import sys
from importlib import import_module

import pytest

LIBRARIES = (
    "django.core.management.commands.migrate", "django.db.backends.sqlite3.base", "django.forms",
    "django.template.loader", "django.test.client", "hypothesis", "nacl.public", "nacl.pwhash",
    "numpy", "openpyxl", "pandas", "playwright.sync_api", "pytest_django", "scipy.integrate",
    "scipy.interpolate", "scipy.ndimage", "scipy.optimize", "scipy.stats", "time_machine",
    "weasyprint", "yaml",
)  # fmt: skip


def run_forked(arguments: list[str]) -> int:
    """Return pytest's exit code in a fork; its output goes nowhere."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os._exit(int(pytest.main(arguments)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Serve until the input ends."""
    for library in LIBRARIES:
        import_module(library)
    gc.freeze()  # or the first garbage collection of each fork copies all of them
    for line in sys.stdin:
        print(run_forked(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
