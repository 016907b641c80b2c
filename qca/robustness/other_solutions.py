"""Robustness of a solution against other plausible ones: by fit and case by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError
from qca.inputs import membership_vector, same_length
from qca.sets.coincidence import set_coincidence
from qca.sets.fit import sufficiency


@dataclass(frozen=True, slots=True)
class RobustnessFit:
    """Fit-oriented robustness; 1 is perfectly robust, every figure NaN for 0/0.

    Parameters
    ----------
    consistency : float
        RF_cons: consistency of the initial solution / consistency of the robust core.
    coverage : float
        RF_cov: coverage of the robust core / coverage of the initial solution.
    coincidence_smallest : float
        RF_SC_minTS: set coincidence of the initial solution and the test set's intersection.
    coincidence_largest : float
        RF_SC_maxTS: the same with the test set's union.
    """

    consistency: float
    coverage: float
    coincidence_smallest: float
    coincidence_largest: float


class CaseKind(StrEnum):
    """Where a case stands between the initial solution, the test solutions and the outcome.

    Robust: in the initial solution and in all test solutions. Shaky: in the initial one, not in
    all others. Possible: not in the initial one, but in some other. Typical cases have the
    outcome, deviant ones do not. Uncovered: in none, with the outcome. Irrelevant: in none.
    """

    ROBUST_TYPICAL = "robust_typical"
    ROBUST_DEVIANT = "robust_deviant"
    SHAKY_TYPICAL = "shaky_typical"
    SHAKY_DEVIANT = "shaky_deviant"
    POSSIBLE_TYPICAL = "possible_typical"
    POSSIBLE_DEVIANT = "possible_deviant"
    UNCOVERED = "uncovered"
    IRRELEVANT = "irrelevant"


@dataclass(frozen=True, slots=True)
class CaseRobustness:
    """Case-oriented robustness.

    Parameters
    ----------
    kinds : tuple of CaseKind
        One a case.
    typical_share : float
        RCR_typ: robust typical cases / typical cases of the initial solution; NaN for 0/0.
    deviant_share : float
        RCR_dev: the same for deviant cases.
    """

    kinds: tuple[CaseKind, ...]
    typical_share: float
    deviant_share: float

    def cases(self, kind: CaseKind) -> NDArray[np.int64]:
        """Positions of the cases of a kind."""
        return np.flatnonzero(np.array([found is kind for found in self.kinds], dtype=bool))


def robustness_fit(
    initial: ArrayLike, tests: Sequence[ArrayLike], outcome: ArrayLike
) -> RobustnessFit:
    """Hold a solution against the core of all test solutions.

    The robust core is the intersection, case by case the minimum, of the initial solution and
    every test solution. R's SetMethods joins only the first and the last test solution for the two
    coincidences, because its loop runs over the number of solutions and not from one to it; with
    three or more its figures ignore those between. Here all count.

    Parameters
    ----------
    initial : array (cases,), in [0, 1]
        Memberships in the initial solution.
    tests : sequence of arrays (cases,)
        Memberships in the solutions of other plausible settings, at least one.
    outcome : array (cases,), in [0, 1]

    Returns
    -------
    RobustnessFit

    Raises
    ------
    OptionError
        There is no test solution.
    ShapeError, NoCasesError, MissingDataError, MembershipRangeError
        The memberships are not as above.

    Examples
    --------
    >>> found = robustness_fit([0.8, 0.6, 0.2], [[0.8, 0.4, 0.2], [0.9, 0.6, 0.3]], [0.9, 0.5, 0.1])
    >>> round(found.consistency, 4), round(found.coverage, 4)
    (0.9423, 0.9286)
    >>> round(found.coincidence_smallest, 4), round(found.coincidence_largest, 4)
    (0.875, 0.8889)

    Source: Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    x, others, y = _memberships(initial, tests, outcome)
    smallest, largest = others.min(axis=0), others.max(axis=0)
    core, own = sufficiency(np.minimum(x, smallest), y), sufficiency(x, y)
    return RobustnessFit(
        consistency=_quotient(own.consistency, core.consistency),
        coverage=_quotient(core.coverage, own.coverage),
        coincidence_smallest=set_coincidence(x, smallest),
        coincidence_largest=set_coincidence(x, largest),
    )


def case_robustness(
    initial: ArrayLike, tests: Sequence[ArrayLike], outcome: ArrayLike
) -> CaseRobustness:
    """Sort cases by whether other plausible solutions keep them.

    A case is in a set where its membership is above .5; exactly .5 is out.

    Parameters
    ----------
    initial, tests, outcome
        As in `robustness_fit`.

    Returns
    -------
    CaseRobustness

    Raises
    ------
    OptionError, ShapeError, NoCasesError, MissingDataError, MembershipRangeError
        As in `robustness_fit`.

    Examples
    --------
    >>> tests = [[0.8, 0.4, 0.2], [0.9, 0.6, 0.7]]
    >>> found = case_robustness([0.8, 0.6, 0.2], tests, [0.9, 0.8, 0.1])
    >>> [kind.value for kind in found.kinds], found.typical_share
    (['robust_typical', 'shaky_typical', 'possible_deviant'], 0.5)

    Source: Oana & Schneider (2024), Sociological Methods & Research 53, 57-88.
    """
    x, others, y = _memberships(initial, tests, outcome)
    inside, everywhere, somewhere = x > 0.5, others.min(axis=0) > 0.5, others.max(axis=0) > 0.5
    present = y > 0.5
    kinds = tuple(
        _kind(*flags)
        for flags in zip(
            inside.tolist(), everywhere.tolist(), somewhere.tolist(), present.tolist(), strict=True
        )
    )
    return CaseRobustness(
        kinds=kinds,
        typical_share=_quotient((inside & everywhere & present).sum(), (inside & present).sum()),
        deviant_share=_quotient((inside & everywhere & ~present).sum(), (inside & ~present).sum()),
    )


def _memberships(
    initial: ArrayLike, tests: Sequence[ArrayLike], outcome: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if not len(tests):
        raise OptionError("expected at least one test solution, found none")
    x, y = membership_vector(initial, "the solution"), membership_vector(outcome, "the outcome")
    others = [membership_vector(test, "a test solution") for test in tests]
    for one in (y, *others):
        same_length(x, one)
    return x, np.stack(others), y


def _kind(inside: bool, everywhere: bool, somewhere: bool, present: bool) -> CaseKind:
    if inside and everywhere:
        return CaseKind.ROBUST_TYPICAL if present else CaseKind.ROBUST_DEVIANT
    if inside:
        return CaseKind.SHAKY_TYPICAL if present else CaseKind.SHAKY_DEVIANT
    if somewhere:
        return CaseKind.POSSIBLE_TYPICAL if present else CaseKind.POSSIBLE_DEVIANT
    return CaseKind.UNCOVERED if present else CaseKind.IRRELEVANT


def _quotient(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
