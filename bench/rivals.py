"""Times one task of another Python QCA package; runs in .venv-bench, in a process of its own.

    .venv-bench/bin/python bench/rivals.py PACKAGE TASK INPUT.json SECONDS

INPUT.json holds k, positive, negative (row codes) and csv (a data file). PACKAGE setqca knows the
tasks conservative, parsimonious and table; pyqca knows table and solutions: its minimiser derives
the conservative, the parsimonious and the intermediate solution in one go. The last line printed
is the number of CPU seconds, without imports and reading. After SECONDS with them the system ends
the process.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd


def setqca_task(task: str, given: dict) -> Callable[[], object]:
    """A call of setqca 0.2.0."""
    import setqca

    positive = set(given["positive"])
    if task == "table":
        data = pd.read_csv(given["csv"])
        conditions = [name for name in data.columns if name != "Y"]
        return lambda: setqca.build_truth_table(
            data, outcome="Y", conditions=conditions, inclusion_cutoff=0.8, pri_cutoff=0.5
        )
    free = set()
    if task == "parsimonious":
        free = set(range(1 << given["k"])) - positive - set(given["negative"])
    return lambda: setqca.minimize(
        positive, dont_cares=free, width=given["k"], max_solutions=100_000
    )


def pyqca_task(task: str, given: dict) -> Callable[[], object]:
    """A call of pyqca 0.2.0, whose import name is qca."""
    from qca import FSQCA
    from qca.minimizers.engine import minimize_truth_table

    data = pd.read_csv(given["csv"])
    model = FSQCA(data, "Y", [name for name in data.columns if name != "Y"])
    if task == "table":
        return lambda: model.build_truth_table(0.8, pri_cut=0.5)
    return lambda: minimize_truth_table(
        model, outcome_threshold=0.8, pri_cut=0.5, frequency_cutoff=given["frequency"]
    )


def main() -> None:
    """Run the task once and print its seconds."""
    package, task, source, seconds = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    given = json.loads(Path(source).read_text(encoding="utf-8"))
    run = {"setqca": setqca_task, "pyqca": pyqca_task}[package](task, given)
    started = time.process_time()
    run()
    sys.stdout.write(f"{time.process_time() - started}\n")


if __name__ == "__main__":
    main()
