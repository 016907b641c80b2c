"""Maximum likelihood fit of factors in one or several groups by Fisher scoring."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qca.errors import ConvergenceError
from qca.psychometrics.factor_structure import FactorStructure
from qca.psychometrics.pattern_likelihood import (
    MissingPattern,
    StackedPatterns,
    expected_information,
    likelihood_slopes,
    stacked_patterns,
)

_ROUNDS = 500
# Models that settle take whole steps, and one in a hundred of that now and then; those that follow
# a ridge without end take nothing else, and would do so for all rounds.
_SHORT = 0.01
_SHORT_IN_A_ROW = 25
_SETTLED = 1e-20  # expected fall of -2 ln L, relative to n
FIXED = -1


def fit_factors(
    groups: Sequence[Sequence[MissingPattern]],
    starts: Sequence[FactorStructure],
    places: Sequence[NDArray[np.int64]],
) -> tuple[FactorStructure, ...]:
    """Maximise the normal likelihood over the free numbers of all groups together.

    Each step solves the expected information for the gradient and is halved until the likelihood
    rises; 25 steps in a row of less than a hundredth are given up. Uniquenesses are not bounded: a
    negative one (Heywood case) is shown, as lavaan does.

    Parameters
    ----------
    groups : sequence of sequences of MissingPattern
        The answers of each group.
    starts : sequence of FactorStructure
        Where to start, one a group.
    places : sequence of arrays of int
        For each number of a group's `vector` its place among the free ones, or `FIXED` for a
        number that stays. Numbers with one place are equal, within and between groups.

    Returns
    -------
    tuple of FactorStructure
        The optimum, one a group.

    Raises
    ------
    ConvergenceError
        The information is singular (the model is not identified), or no optimum is reached.

    Examples
    --------
    >>> from qca.psychometrics.factor_structure import starting_structure
    >>> from qca.psychometrics.missing_patterns import missing_patterns, saturated_moments
    >>> factor = np.random.default_rng(1).normal(size=(400, 1))
    >>> rows = 0.8 * factor + 0.6 * np.random.default_rng(2).normal(size=(400, 3))
    >>> answers = missing_patterns(rows)
    >>> start = starting_structure(saturated_moments(answers, 3), np.zeros(3, dtype=int))
    >>> free = np.array([*range(9), FIXED, FIXED])
    >>> fit_factors([answers], [start], [free])[0].loadings.round(1)
    array([0.7, 0.7, 0.7])

    Source: Jöreskog (1971), Psychometrika 36; Arbuckle (1996) for missing answers.
    """
    total = sum(pattern.n for patterns in groups for pattern in patterns)
    stacks = [
        stacked_patterns(patterns, len(start.loadings))
        for patterns, start in zip(groups, starts, strict=True)
    ]
    found = tuple(starts)
    value, short_steps = _value(stacks, found), 0
    for _ in range(_ROUNDS):
        step, fall = _scoring_step(stacks, found, places)
        if fall < _SETTLED * total:
            return found
        length = 1.0
        while length > 1e-10:
            tried = _moved(found, places, length * step)
            tried_value = _value(stacks, tried)
            if tried_value < value:
                break
            length /= 2
        else:  # no shorter step helps: rounding is reached
            if fall < 1e-9 * total:
                return found
            break
        found, value = tried, tried_value
        short_steps = short_steps + 1 if length < _SHORT else 0
        if short_steps == _SHORT_IN_A_ROW:
            break
    raise ConvergenceError(f"expected an optimum, found -2 ln L {value} still falling by {fall}")


def _value(stacks: Sequence[StackedPatterns], structures: Sequence[FactorStructure]) -> float:
    pairs = zip(stacks, structures, strict=True)
    return sum(likelihood_slopes(stack, model.moments).value for stack, model in pairs)


def _moved(
    structures: Sequence[FactorStructure],
    places: Sequence[NDArray[np.int64]],
    step: NDArray[np.float64],
) -> tuple[FactorStructure, ...]:
    padded = np.append(step, 0.0)  # FIXED, the last place, does not move
    pairs = zip(structures, places, strict=True)
    return tuple(model.moved(model.vector + padded[place]) for model, place in pairs)


def _scoring_step(
    stacks: Sequence[StackedPatterns],
    structures: Sequence[FactorStructure],
    places: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.float64], float]:
    """Step of the free numbers, and how far it would lower -2 ln L."""
    count = 1 + max(int(place.max()) for place in places)
    gradient, information = np.zeros(count), np.zeros((count, count))
    for stack, structure, place in zip(stacks, structures, places, strict=True):
        free = place != FIXED
        slope, bend = _group_information(stack, structure, free)
        np.add.at(gradient, place[free], slope)
        np.add.at(information, np.ix_(place[free], place[free]), bend)
    try:
        step = np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise ConvergenceError("expected an identified model, found a singular one") from error
    return step, float(gradient @ step)


def _group_information(
    stack: StackedPatterns, structure: FactorStructure, free: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and expected information of one group in its free numbers."""
    moments = structure.moments
    of_mean, of_covariance = (part[free] for part in structure.derivatives())
    slopes = likelihood_slopes(stack, moments)
    bent = of_covariance.reshape(len(of_covariance), -1) @ slopes.of_covariance.ravel()
    gradient = of_mean @ slopes.of_mean + bent / 2
    return gradient, expected_information(stack, moments, of_mean, of_covariance)
