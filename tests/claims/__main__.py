"""Hold the method's claims against invented companies, and write docs/claims.md.

    python -m tests.claims [--section NAME ...] [--repetitions NUMBER] [--processes 2]

Ends with 1 if any bound is missed. A part of the sections, or other repetitions, are printed only.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from time import monotonic

from tests.claims.bounds import SEED, Measured
from tests.places import ROOT

TABLE = ROOT / "docs" / "claims.md"
HEADER = ("section", "world", "share of", "companies", "counted", "share", "bound", "")


def main() -> int:
    """Run what is asked for."""
    options = _options()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads that wait would take the other's processor
    from tests.claims.catalogue import CLAIMS
    from tests.claims.counting import measured

    chosen = [one for one in CLAIMS if not options.section or one.section in options.section]
    since, found = monotonic(), []
    for one in measured(chosen, options.repetitions, options.processes):
        found.append(one)
        sys.stdout.write(_row(one) + "\n")
        sys.stdout.flush()
    minutes = (monotonic() - since) / 60
    if len(chosen) == len(CLAIMS) and options.repetitions is None:
        TABLE.write_text(table(found, minutes, options.processes), encoding="utf-8")
    missed = sum(not one.is_met for one in found)
    sys.stdout.write(f"{len(found)} bounds, {missed} missed; {minutes:.1f} minutes\n")
    return 1 if missed else 0


def table(found: Sequence[Measured], minutes: float, processes: int) -> str:
    """Return the page of all bounds."""
    lines = [
        "# Claims that can fail",
        "",
        f"`make claims`, seed {SEED}: companies of known truth, scored by the product itself.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + " --- |" * len(HEADER),
        *map(_row, found),
        "",
        f"{minutes:.0f} minutes in {processes} processes, on a machine that was not idle.",
        "",
    ]
    return "\n".join(lines)


def _row(one: Measured) -> str:
    cells = (
        one.claim.section,
        one.claim.world.name,
        one.bound.words,
        str(one.companies),
        str(one.total),
        f"{one.share:.1%}",
        one.bound.text,
        _word(one),
    )
    return "| " + " | ".join(cells) + " |"


def _word(one: Measured) -> str:
    if not one.is_met:
        return "**missed**"
    return "met" if one.bound.is_one else "told"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.claims", description=__doc__)
    parser.add_argument("--section", action="append", default=[])
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
