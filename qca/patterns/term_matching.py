"""The matching of solution terms to named patterns by the coincidence of their sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from qca.patterns.named_patterns import Pattern, pattern_memberships, pattern_signs
from qca.sets.coincidence import coincidence_matrix


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A solution term and the named pattern it resembles most.

    Parameters
    ----------
    term : str
        Name of the term.
    pattern : str or None
        The pattern proposed for it; None where there are more terms than patterns.
    coincidence : float
        Set coincidence of the two, [0, 1]; NaN without a pattern.
    shared_core : float
        Core conditions in common, as a share of all core conditions of both, [0, 1].
    """

    term: str
    pattern: str | None
    coincidence: float
    shared_core: float


def shared_core_matrix(
    terms: Sequence[Pattern], patterns: Sequence[Pattern], elements: Sequence[str]
) -> NDArray[np.float64]:
    """Core conditions in common, as a share of the core conditions of both together.

    Parameters
    ----------
    terms, patterns : sequences of Pattern
        Only their core conditions count, present and absent apart.
    elements : sequence of str
        All conditions.

    Returns
    -------
    array (terms, patterns)
        In [0, 1]; 0 where neither has a core.

    Raises
    ------
    PatternError, DuplicateNameError, UnknownNameError
        As in `pattern_signs`.

    Examples
    --------
    >>> bold = Pattern("bold", {"A": True, "B": True}, core={"A", "B"})
    >>> calm = Pattern("calm", {"A": True, "B": False}, core={"A", "B"})
    >>> shared_core_matrix([bold], [bold, calm], "AB").round(3)
    array([[1.   , 0.333]])
    """
    left = pattern_signs(terms, elements, core_only=True)[:, np.newaxis, :]
    right = pattern_signs(patterns, elements, core_only=True)[np.newaxis, :, :]
    both = ((left == right) & (left != 0)).sum(axis=-1)
    either = (left != 0).sum(axis=-1) + (right != 0).sum(axis=-1) - both
    return np.divide(both, either, out=np.zeros(both.shape), where=either > 0)


def match_terms(
    terms: Sequence[Pattern],
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    memberships: ArrayLike,
) -> tuple[TermMatch, ...]:
    """Propose a named pattern for every solution term; a person confirms the names.

    The assignment one to one with the largest sum of set coincidences is chosen; among equal ones
    that with more shared core conditions.

    Parameters
    ----------
    terms : sequence of Pattern
        Terms of a solution; the name is usually the printed term.
    patterns : sequence of Pattern
        Named patterns.
    elements : sequence of str
        Names of the columns of `memberships`.
    memberships : array (cases, elements)
        In [0, 1].

    Returns
    -------
    tuple of TermMatch
        One a term, in the order of the terms.

    Raises
    ------
    NoCasesError
        No case is complete.
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `pattern_memberships`.

    Examples
    --------
    >>> bold, calm = Pattern("bold", {"A": True}), Pattern("calm", {"B": True})
    >>> match_terms([Pattern("B*A", {"B": True, "A": True}), Pattern("A", {"A": True})],
    ...             patterns=[bold, calm], elements="AB", memberships=[[0.9, 0.1], [0.4, 0.8]])
    (TermMatch(term='B*A', pattern='calm', coincidence=0.5555555555555556, shared_core=0.0),
     TermMatch(term='A', pattern='bold', coincidence=1.0, shared_core=0.0))

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    overlap = coincidence_matrix(
        pattern_memberships(memberships, patterns=terms, elements=elements),
        pattern_memberships(memberships, patterns=patterns, elements=elements),
    )
    core = shared_core_matrix(terms, patterns, elements)
    # The core decides among equals only: its weight stays below any meaningful difference.
    value = np.nan_to_num(overlap) + 1e-9 * core
    rows, columns = linear_sum_assignment(value, maximize=True)
    assigned: dict[int, int] = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return tuple(
        TermMatch(
            term=term.name,
            pattern=patterns[assigned[row]].name if row in assigned else None,
            coincidence=float(overlap[row, assigned[row]]) if row in assigned else float("nan"),
            shared_core=float(core[row, assigned[row]]) if row in assigned else 0.0,
        )
        for row, term in enumerate(terms)
    )
