"""Every benchmark loads, and is found by its name."""

import os
import subprocess
import sys

from tests.places import ROOT


def test_every_benchmark_loads_without_settings_of_its_own() -> None:
    names = sorted(f"bench.{path.stem}" for path in (ROOT / "bench").glob("[!_]*.py"))
    without = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        cwd=ROOT, env=without, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert names
    assert done.stderr == ""


def test_a_benchmark_that_there_is_not_is_answered_with_those_there_are() -> None:
    measuring = {
        path.stem
        for path in (ROOT / "bench").glob("[!_]*.py")
        if "write_table" in path.read_text(encoding="utf-8") and path.stem != "timing"
    }

    done = subprocess.run(
        [sys.executable, "-m", "bench", "pdf", "zip"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"No such benchmark: expected one of {', '.join(sorted(measuring))}, found zip.\n"
    )
