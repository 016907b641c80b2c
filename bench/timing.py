"""Measures ours and the rivals, and writes tables."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

HERE = Path(__file__).parent
RIVAL_PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"
RIVAL_SECONDS = 10  # of CPU, imports included
RIVAL_WAIT = 120.0  # by the clock, for a busy machine


def seconds_of(run: Callable[[], object], *, repeats: int = 5, enough: float = 2.0) -> float:
    """CPU seconds of the quickest of some runs; no further run after `enough` seconds in all."""
    best, total = float("inf"), 0.0
    for _ in range(repeats):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
        total += best
        if total > enough:
            break
    return best


def rival_seconds(
    package: str, task: str, data: pd.DataFrame, given: Mapping[str, Any]
) -> float | str:
    """Seconds of a rival, or why there are none."""
    if not RIVAL_PYTHON.exists():
        return "not installed"
    with TemporaryDirectory() as folder:
        csv, source = Path(folder, "data.csv"), Path(folder, "input.json")
        data.to_csv(csv, index=False)
        source.write_text(json.dumps({**given, "csv": str(csv)}), encoding="utf-8")
        command = [str(RIVAL_PYTHON), "-P", str(HERE / "rivals.py"), package, task, str(source)]
        command.append(str(RIVAL_SECONDS))
        try:
            done = subprocess.run(  # noqa: S603 - our own script
                command, capture_output=True, text=True, timeout=RIVAL_WAIT, check=False
            )
        except subprocess.TimeoutExpired:
            return "not ended"
    if done.returncode == -signal.SIGXCPU:
        return f"> {RIVAL_SECONDS} s"
    if done.returncode:
        return done.stderr.strip().splitlines()[-1].split(":")[0]
    return float(done.stdout.split()[-1])


def shown(seconds: float | str) -> str:
    """Seconds with three significant digits, in ms below 1 s; texts as they are."""
    if isinstance(seconds, str):
        return seconds
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def ratio(theirs: float | str, ours: float) -> str:
    """How many times slower the other is."""
    if isinstance(theirs, str):
        return f"> {RIVAL_SECONDS / ours:,.0f} x" if theirs.startswith(">") else "-"
    return f"{theirs / ours:,.0f} x" if theirs >= 10 * ours else f"{theirs / ours:.1f} x"


def write_table(
    name: str, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str
) -> None:
    """Write bench/NAME.md, with the load under which it was measured, and print it."""
    note += f" Load of the machine: {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores."
    lines = [f"# {title}", "", "| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    text = "\n".join([*lines, "", note, ""])
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text + "\n")
