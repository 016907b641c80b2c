"""Drive the running product through faults, count what they left, print a table.

    python -m tests.faults [--only NAME ...] [--database sqlite|postgresql] [--seed N] [--list]

PostgreSQL is used where FAULTS_POSTGRES_URL names a server whose role may make databases. Ends with
1 if any count is not zero; then the folder with the log of every process stays, and is named.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.catalogue import SCENARIOS, missing
from tests.faults.databases import POSTGRESQL, SQLITE, drop_database, make_database
from tests.faults.installation import end_leftovers, environment_of
from tests.faults.ledger import Count, Group
from tests.faults.points import WEAKENED
from tests.places import ROOT

AT_ONCE = 2  # scenarios; most of each is waiting
LONGEST = 300  # seconds of one scenario


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario on one database: its counts, or why it did not end."""

    scenario: str
    database: str
    seconds: float
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    problem: str
    left_out: str = ""

    @property
    def is_met(self) -> bool:
        """Whether every count is zero."""
        return not self.problem and all(one.is_met for one in self.counts)

    def sum_of(self, group: Group) -> int:
        """Return everything counted in one group."""
        return sum(one.found for one in self.counts if one.group == group)


@contextmanager
def templates(kinds: list[str], folder: Path, server: str) -> Iterator[dict[str, str]]:
    """Make an empty, migrated database of each kind, which every scenario copies."""
    made: dict[str, str] = {}
    with ExitStack() as stack:
        for kind in kinds:
            if kind == SQLITE:
                made[kind] = str(folder / "template" / "rutin.sqlite3")
                address = f"sqlite:///{made[kind]}"
            else:
                made[kind] = f"rutin_faults_template_{secrets.token_hex(4)}"
                make_database(server, made[kind])
                stack.callback(drop_database, server, made[kind])
                address = f"{server.rpartition('/')[0]}/{made[kind]}"
            _migrate(folder / f"template-{kind}", address)
        yield made


def _migrate(folder: Path, address: str) -> None:
    folder.mkdir()
    environment = environment_of(folder, database=address, mail_port=1, port=1)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=environment, check=True,
    )  # fmt: skip


def run_apart(name: str, kind: str, seed: int, folder: Path, template: str, server: str) -> Run:
    """Run a scenario in a process of its own."""
    reason = missing(SCENARIOS[name].needs)
    if reason:
        return Run(name, kind, 0, (), (), "", left_out=reason)
    place, begun = folder / f"{name}-{kind}", time.monotonic()
    place.mkdir()
    command = [sys.executable, "-m", "tests.faults.child", name, kind, str(seed), str(place)]
    try:
        ended = subprocess.run(
            [*command, template, server],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        end_leftovers(place)
        written = place / "notes.txt"
        notes = tuple(written.read_text("utf-8").splitlines()) if written.exists() else ()
        return Run(
            name, kind, LONGEST, (), notes, f"expected an end within {LONGEST} s, found none"
        )
    (place / "suite.log").write_text(ended.stderr, encoding="utf-8")
    seconds = round(time.monotonic() - begun, 1)
    if ended.returncode:
        end_leftovers(place)
        return Run(name, kind, seconds, (), (), "\n".join(ended.stderr.splitlines()[-15:]))
    result = json.loads(ended.stdout.splitlines()[-1])
    counts = tuple(
        Count(Group(one["group"]), one["what"], one["found"], tuple(one["examples"]))
        for one in result["counts"]
    )
    return Run(name, kind, seconds, counts, tuple(result["notes"]), result["problem"])


def show(run: Run, *, is_verbose: bool) -> None:
    """Print a run, with what is not zero, and what was done then."""
    if run.left_out:
        print(f"{run.scenario:<18} {run.database:<11} left out: {run.left_out}", flush=True)
        return
    sums = " ".join(f"{run.sum_of(group):>8}" for group in Group)
    mark = "ok" if run.is_met else "NOT MET"
    print(f"{run.scenario:<18} {run.database:<11} {run.seconds:>5.0f} s {sums}   {mark}")
    for one in run.counts:
        if not one.is_met:
            print(f"    {one.found:>4} {one.what}: {'; '.join(one.examples)}"[:300])
    if run.problem:
        print(f"    did not end as it should:\n{run.problem}")
    if is_verbose or not run.is_met:
        print("\n".join(f"      {note}" for note in run.notes))
    sys.stdout.flush()


def chosen_options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(SCENARIOS), default=list(SCENARIOS))
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default="")
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--weaken", default="", help="a function of the product that does nothing")
    parser.add_argument("--list", action="store_true", help="tell the scenarios and end")
    parser.add_argument("--keep", action="store_true", help="keep the folder of logs in any case")
    parser.add_argument("--verbose", action="store_true", help="tell what was done in each")
    return parser.parse_args()


def main() -> int:
    """Run what was asked for and return the exit code."""
    chosen = chosen_options()
    if chosen.list:
        for name, scenario in SCENARIOS.items():
            print(f"{name:<18} {', '.join(scenario.databases):<20} {scenario.claim}")
        return 0
    server = os.environ.get("FAULTS_POSTGRES_URL", "")
    kinds = [kind for kind in (SQLITE, POSTGRESQL) if chosen.database in ("", kind)]
    if not server and POSTGRESQL in kinds:
        print("PostgreSQL is left out: FAULTS_POSTGRES_URL names no server.")
        kinds.remove(POSTGRESQL)
    os.environ[WEAKENED] = chosen.weaken
    folder, begun = Path(tempfile.mkdtemp(prefix="rutin-faults-")), time.monotonic()
    heads = " ".join(f"{group:>8}" for group in Group)
    print(f"{'scenario':<18} {'database':<11} {'':>7} {heads}   seed {chosen.seed}")
    runs = []
    with templates(kinds, folder, server) as made, ThreadPoolExecutor(chosen.at_once) as pool:
        waiting = [
            pool.submit(run_apart, name, kind, chosen.seed, folder, made[kind], server)
            for name in chosen.only
            for kind in SCENARIOS[name].databases
            if kind in made
        ]
        for run in waiting:
            runs.append(run.result())
            show(runs[-1], is_verbose=chosen.verbose)
    return _end(runs, folder, round(time.monotonic() - begun), keep=chosen.keep)


def exit_code(runs: Sequence[Run]) -> int:
    """Return 0 if something was run and every count is zero, else 1."""
    return 0 if all(run.is_met for run in runs) and any(not run.left_out for run in runs) else 1


def _end(runs: list[Run], folder: Path, seconds: int, *, keep: bool) -> int:
    is_met = exit_code(runs) == 0
    sums = ", ".join(f"{group}: {sum(run.sum_of(group) for run in runs)}" for group in Group)
    words = "Every count is zero" if is_met else "NOT EVERY COUNT IS ZERO"
    print(f"\n{words}, {len(runs)} runs, {seconds} s. {sums}")
    if is_met and not keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"Logs of every process: {folder}")
    return exit_code(runs)


if __name__ == "__main__":
    sys.exit(main())
