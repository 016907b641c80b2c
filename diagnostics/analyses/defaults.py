"""The recipe that is used where nobody chooses another (docs/method.md, "The workbench")."""

from collections.abc import Mapping
from typing import Final

from diagnostics.analyses.recipes import Recipe, SetRule
from diagnostics.scoring.method import Method

FEW_CASES: Final = 150
FREQUENCY_SHARE: Final = 0.015  # of the cases (docs/method.md)


def default_frequency_cut(cases: int) -> int:
    """Return the least number of cases in a row: 1.5 % of all, but 3, or 2 among few cases.

    >>> default_frequency_cut(40), default_frequency_cut(160), default_frequency_cut(534)
    (2, 3, 8)
    """
    return max(round(cases * FREQUENCY_SHARE), 3 if cases > FEW_CASES else 2)


INCLUSION: Final = 0.8
PRI: Final = 0.65
# The elements of the default instrument that theory expects to be present.
EXPECTED_PRESENT: Final = frozenset({"TF", "AD", "AG", "RB"})


def default_recipe(method: Method, anchors: Mapping[str, tuple[float, ...]], cases: int) -> Recipe:
    """Return the recipe that explains a method's outcome by its elements."""
    return Recipe(
        outcome=SetRule(method.outcome, anchors[method.outcome]),
        is_negated=False,
        conditions=tuple(
            SetRule(code, anchors[code], "1" if code in EXPECTED_PRESENT else "-")
            for code in method.elements
        ),
        inclusion_cuts=(INCLUSION,),
        pri_cut=PRI,
        frequency_cut=default_frequency_cut(cases),
    )
