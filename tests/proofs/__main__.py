"""Run the proofs, print a table and write the same figures as JSON.

    python -m tests.proofs [--quick] [--only NAME ...] [--json FILE]

Every proof that needs a database runs on SQLite, and on PostgreSQL where PROOF_POSTGRES_URL names
a server whose role may make databases: at full size there if it rests on how the database stores,
else at small size. Ends with 1 if any figure is not what it must be.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from tests.proofs.catalogue import PROOFS
from tests.proofs.figures import Figure, Size
from tests.proofs.storage.matches import pooled

AT_ONCE = 3  # proofs, each with a process and a database of its own: two work while one waits


@dataclass(frozen=True, slots=True)
class Run:
    """One proof on one database: its figures, or why it did not end."""

    proof: str
    database: str
    size: Size
    seconds: float
    processor_seconds: float  # of the proof and of every process that it started
    figures: tuple[Figure, ...]
    problem: str

    @property
    def is_met(self) -> bool:
        """Whether every figure is what it must be."""
        return not self.problem and all(figure.is_met for figure in self.figures)


def databases(name: str, size: Size) -> Iterator[tuple[Size, str, str | None]]:
    """Yield the size, name and address of every database that a proof runs on."""
    proof, server = PROOFS[name], os.environ.get("PROOF_POSTGRES_URL")
    yield size, "SQLite", None
    if server and proof.uses_database:
        yield size if proof.is_of_database else Size.QUICK, "PostgreSQL", server


def run_apart(name: str, size: Size, database: str, address: str | None) -> Run:
    """Run a proof in a process of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # threads that wait would take the other's processor
    if address:
        environment["DATABASE_URL"] = address
    begun = monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.proofs.child", name, size],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = round(monotonic() - begun, 1)
    if ended.returncode:
        problem = "\n".join(ended.stderr.splitlines()[-12:])
        return Run(name, database, size, seconds, 0.0, (), problem)
    result: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    figures = tuple(Figure(**figure) for figure in result["figures"])
    return Run(name, database, size, seconds, result["processor_seconds"], figures, "")


def together(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield one test of what a proof has matched on all databases, where that were several."""
    for name in dict.fromkeys(run.proof for run in runs if PROOFS[run.proof].counts_matches):
        ended = [run for run in runs if run.proof == name and run.figures]
        if len(ended) > 1:
            where, size = " and ".join(run.database for run in ended), ended[0].size
            figures = pooled([run.figures for run in ended], size)
            yield Run(name, where, size, 0.0, 0.0, tuple(figures), "")


def show(run: Run) -> None:
    """Print one run as rows of the table."""
    used = f"{run.seconds:.0f} s, {run.processor_seconds:.0f} s of processors"
    where = f"{run.database}, {run.size} size"
    print(f"\n{run.proof}, {where}, {used}: {PROOFS[run.proof].claim}")
    for figure in run.figures:
        mark = "ok" if figure.is_met else "NOT MET"
        print(f"  {figure.what:<76} {figure.measured:>12,.6g}   {figure.required:>9}   {mark}")
    if run.problem:
        print(f"  did not end:\n{run.problem}")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for every day")
    parser.add_argument("--only", nargs="+", choices=sorted(PROOFS), default=list(PROOFS))
    parser.add_argument("--json", type=Path, default=Path("var/proofs.json"))
    chosen = parser.parse_args()
    size = Size.QUICK if chosen.quick else Size.FULL
    begun, runs = monotonic(), []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [
            pool.submit(run_apart, name, *place)
            for name in chosen.only
            for place in databases(name, size)
        ]
        for run in waiting:
            runs.append(run.result())
            show(runs[-1])
    for both in together(runs):
        runs.append(both)
        show(both)
    seconds = round(monotonic() - begun)
    is_met = all(run.is_met for run in runs)
    result = {
        "size": size, "is_met": is_met, "seconds": seconds, "runs": [asdict(run) for run in runs],
    }  # fmt: skip
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    end = "All figures are met" if is_met else "NOT ALL FIGURES ARE MET"
    print(f"\n{end}, {seconds} s: {chosen.json}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
