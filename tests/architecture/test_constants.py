"""A constant of the method or of policy stands once, in the room that owns it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from diagnostics.analyses.defaults import FREQUENCY_SHARE
from qca.patterns.verdicts import DEFAULT_POLICY
from tests.architecture.sources import modules, tree_of
from tests.places import ROOT

# What a reader looks for most often, and the one module that says it.
OWNERS = {
    "DEFAULT_POLICY": "qca.patterns.verdicts",  # gap of "between", clear, leaning, levels
    "DEFAULT_SUPPORT_POLICY": "qca.patterns.support",
    "DOMINATING": "qca.patterns.calibration_warnings",  # the 70 % rule
    "DRAWS": "qca.bootstrap",
    "SPLITS": "qca.robustness.solution_draws",
    "FREQUENCY_SHARE": "diagnostics.analyses.defaults",  # of the frequency cut
    "RELIABILITY": "diagnostics.measurement.thresholds",  # alpha
    "AGREED": "diagnostics.measurement.thresholds",
    "BACKOFF": "survey.mail.sending",
    "ROWS_AN_INSERT": "survey.batches",
    "RELEASE_FLOOR": "survey.policy",
    "SENSITIVE_FLOOR": "survey.policy",
    "FUNCTIONS": "survey.instrument.content",
    "LOOPBACK": "survey.mail.mailboxes",
}
# The same name and number for two things that have nothing to do with each other.
MEANT_APART = {
    "MOST": "signs of a passphrase, and slips of one sheet",
    "MOST_BYTES": "of a logo, and of a report of mail that came back",
    "P": "parameters of a view that a decorator passes on",
}


def _constants() -> Iterator[tuple[str, str, str]]:
    """Yield name, value as written, and module of every constant that is no mere alias."""
    for module, path in modules().items():
        for node in tree_of(path).body:
            if isinstance(node, ast.Assign):
                target, value = node.targets[0], node.value
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                target, value = node.target, node.value
            else:
                continue
            if isinstance(target, ast.Name) and target.id.isupper():
                yield target.id, ast.unparse(value), module


def test_a_constant_that_others_need_stands_in_the_room_that_owns_it() -> None:
    places = defaultdict(set)
    for name, _, module in _constants():
        places[name].add(module)

    assert {name: places[name] for name in OWNERS} == {n: {owner} for n, owner in OWNERS.items()}


def test_no_constant_is_written_down_twice() -> None:
    places = defaultdict(list)
    for name, value, module in _constants():
        places[name, value].append(module)
    twice = {
        name: where
        for (name, _), where in places.items()
        if len(where) > 1 and name not in MEANT_APART
    }

    assert twice == {}


@pytest.mark.parametrize(
    ("number", "owner"),
    [
        (str(FREQUENCY_SHARE), "diagnostics/analyses/defaults.py"),
        (f"gap: float = {DEFAULT_POLICY.gap}", "qca/patterns/verdicts.py"),
    ],
)
def test_a_number_of_the_method_is_written_in_one_file(number: str, owner: str) -> None:
    pattern = re.compile(rf"(?<![\d.]){re.escape(number)}(?!\d)")
    files = [
        str(path.relative_to(ROOT))
        for module, path in modules().items()
        if not module.startswith("diagnostics.demonstration")
        and pattern.search(path.read_text(encoding="utf-8"))
    ]

    assert files == [owner]


def test_the_legend_of_levels_names_the_levels_that_are_used() -> None:
    legend = (ROOT / "templates/results/parts/heat_map_legend.html").read_text(encoding="utf-8")
    inside, well = (
        f"{level:.2f}"[1:] for level in (DEFAULT_POLICY.inside, DEFAULT_POLICY.well_inside)
    )
    below_well = f"{DEFAULT_POLICY.well_inside - 0.01:.2f}"[1:]

    assert re.findall(r"\((.*?)\)", " ".join(re.findall(r'translate "(.*?)"', legend)))[:3] == [
        f"below {inside}", f"{inside} to {below_well}", f"{well} and above",
    ]  # fmt: skip
