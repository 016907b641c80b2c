"""Compares public functions with stored reference results: python -m tests.qca.parity DIR...

A case is a folder of data, spec.json (the jobs) and out.json (the results of R). Every module
tests/qca/parity/plug_ins/*.py is a plug-in with one function
`compare(case) -> Iterator[Comparison]`.
A comparison claims the part of out.json that it checks; what nobody claims is listed at the end.
"""

import argparse
import importlib
import json
import math
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from numbers import Real
from pathlib import Path
from typing import Any

import tests.qca.parity.plug_ins
from tests.qca.parity.reference_case import (
    PLUG_IN_FAILURES,
    TOLERANCE,
    Case,
    Comparison,
    Failure,
    Quantity,
    attempt,
)

__all__ = ["Case", "Comparison", "Failure", "Quantity", "attempt", "main", "run"]

# Places of out.json (without list positions, * for any name) that describe the run in R.
DESCRIPTIVE = frozenset(
    {
        ("name",),
        ("versions",),
        *product(("calibration", "pof", "superset"), ("id", "job", "warnings", "cpu_seconds")),
        ("analyses", "id"),
        ("analyses", "settings"),
        ("analyses", "cpu_seconds"),
        ("analyses", "*", "cpu_seconds"),
        *product(("analyses",), ("minimize", "esa", "method_check"), "*", ("warnings",)),
        *product(("analyses",), ("minimize", "esa", "method_check"), "*", ("cpu_seconds",)),
    }
)
_ABSENT = "(absent)"


@dataclass(slots=True)
class Report:
    """What a run has compared, found different and left out."""

    cases: int = 0
    compared: int = 0
    mismatches: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def number(value: object) -> float | None:
    """Read a number of out.json: the text "NaN" and R's NA (null) both stand for NaN."""
    if value is None or value == "NaN":
        return math.nan
    if value in ("Inf", "-Inf"):
        return math.inf if value == "Inf" else -math.inf
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    return None


def equal(expected: object, found: object, tolerance: float = TOLERANCE) -> bool:
    """Equal numbers within the tolerance (relative above 1), anything else exactly."""
    if isinstance(found, Failure):
        return isinstance(expected, Failure)
    left, right = number(expected), number(found)
    if left is None or right is None:
        return type(expected) is type(found) and expected == found
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return left == right or abs(left - right) <= tolerance * max(1.0, abs(left))


def pairs(expected: object, found: object) -> Iterator[tuple[Quantity, object, object]]:
    """Walk two values together and yield their leaves side by side."""
    if isinstance(expected, dict) and set(expected) == {"error"}:
        yield ("error",), Failure(str(expected["error"])), found
    elif expected in ([], {}) and found in ([], {}):
        yield (), [], []  # R writes an empty list with names as one without
    elif isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            both = expected.get(key, _ABSENT), found.get(key, _ABSENT)
            yield from (((key, *path), e, f) for path, e, f in pairs(*both))
    elif isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        if len(expected) != len(found):
            yield ("length",), list(expected), list(found)
            return
        for index, both in enumerate(zip(expected, found, strict=True)):
            yield from (((index, *path), e, f) for path, e, f in pairs(*both))
    else:
        yield (), expected, found


def _text(quantity: Quantity) -> str:
    return ".".join(map(str, quantity))


def _shown(value: object) -> str:
    text = ", ".join(sorted(map(str, value))) if isinstance(value, set | frozenset) else str(value)
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text)} characters)"


def mismatch_line(case: str, quantity: Quantity, expected: object, found: object) -> str:
    """One line: case, quantity, expected, found, difference."""
    if isinstance(expected, set | frozenset) and isinstance(found, set | frozenset):
        lacking, extra = _shown(expected - found), _shown(found - expected)
        difference = f"lacking {{{lacking}}}, extra {{{extra}}}"
    else:
        left, right = number(expected), number(found)
        difference = "-" if left is None or right is None else f"{right - left:.3g}"
    return (
        f"{case} | {_text(quantity)} | expected {_shown(expected)} | found {_shown(found)}"
        f" | difference {difference}"
    )


def descriptive(path: Quantity) -> bool:
    """Whether a place of out.json describes the run in R."""
    names = [part for part in path if isinstance(part, str)]
    return any(
        len(place) == len(names)
        and all(key in ("*", name) for key, name in zip(place, names, strict=True))
        for place in DESCRIPTIVE
    )


def unclaimed(node: object, claimed: set[Quantity], path: Quantity = ()) -> Iterator[Quantity]:
    """Yield the results of out.json that no comparison accounts for."""
    if path in claimed or descriptive(path):
        return
    if isinstance(node, dict):
        for key, child in node.items():
            yield from unclaimed(child, claimed, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from unclaimed(child, claimed, (*path, index))
    else:
        yield path


def _record(report: Report, case: Case, comparison: Comparison) -> None:
    if comparison.reason:
        place: Any = case.expected
        for part in comparison.quantity:
            place = place[part]
        hidden = sum(1 for _ in unclaimed(place, set(), comparison.quantity))
        report.left_out[f"{_pattern(comparison.quantity)}: {comparison.reason}"] += hidden
        return
    for path, expected, found in pairs(comparison.expected, comparison.found):
        report.compared += 1
        if not equal(expected, found, comparison.tolerance):
            quantity = (*comparison.quantity, *path)
            report.mismatches.append(mismatch_line(case.name, quantity, expected, found))


def _failure(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _pattern(quantity: Quantity) -> str:
    names = [part for part in quantity if isinstance(part, str)]
    return ".".join(names if len(names) <= 4 else [*names[:3], "...", names[-1]])


def compare_case(case: Case, groups: Sequence[str], report: Report) -> None:
    """Run the plug-ins over one case and add to the report."""
    report.cases += 1
    claimed: set[Quantity] = set()
    for group in groups:
        plug_in = importlib.import_module(f"tests.qca.parity.plug_ins.{group}")
        try:
            for comparison in plug_in.compare(case):
                claimed.add(comparison.quantity)
                _record(report, case, comparison)
        except PLUG_IN_FAILURES as error:
            report.mismatches.append(mismatch_line(case.name, (group,), "results", _failure(error)))
    for quantity in unclaimed(case.expected, claimed):
        report.left_out[f"no comparison claims {_pattern(quantity)}"] += 1


def all_groups() -> list[str]:
    """Names of the plug-ins: the modules tests/qca/parity/plug_ins/*.py."""
    return [module.name for module in pkgutil.iter_modules(tests.qca.parity.plug_ins.__path__)]


def read_case(folder: Path) -> Case:
    """Read spec.json and out.json of one folder."""
    spec, expected = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("spec.json", "out.json")
    )
    return Case(folder, spec, expected)


def case_folders(folders: Sequence[Path]) -> list[Path]:
    """The folders that hold a spec.json: the given ones or, else, those below them."""
    found = []
    for folder in folders:
        inside = [folder] if (folder / "spec.json").exists() else folder.rglob("spec.json")
        found += sorted(path if path.is_dir() else path.parent for path in inside)
    return found


def run(folders: Sequence[Path], groups: Sequence[str] | None = None) -> Report:
    """Compare every case at or below the folders with the named plug-ins (default: all)."""
    report = Report()
    for folder in case_folders(folders):
        try:
            case = read_case(folder)
        except (OSError, ValueError) as error:
            report.cases += 1
            report.mismatches.append(
                mismatch_line(folder.name, (), "spec.json and out.json", _failure(error))
            )
        else:
            compare_case(case, groups or all_groups(), report)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line per mismatch, what was left out, and the closing count."""
    parser = argparse.ArgumentParser(prog="python -m tests.qca.parity", description=main.__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--group", action="append", choices=all_groups(), help="only this plug-in")
    options = parser.parse_args(arguments)
    report = run(options.folders, options.group)
    lines = [*report.mismatches]
    lines += [f"not compared: {what}: {count}" for what, count in sorted(report.left_out.items())]
    lines.append(
        f"{report.cases} cases, {report.compared} comparisons, {len(report.mismatches)} mismatches,"
        f" {report.left_out.total()} results not compared"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if report.mismatches or not report.cases else 0
