"""Parameters of fit of a set with an outcome: sufficiency, necessity, sums of terms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from qca.inputs import membership_vector, refuse_impossible, same_length, set_names
from qca.sets.expressions import Expression, as_expression, evaluate, term_memberships, term_text

WHOLE = "expression"  # the row of all terms together


@dataclass(frozen=True, slots=True)
class SufficiencyFit:
    """How far a condition is a subset of the outcome; every figure in [0, 1] or NaN for 0/0.

    Attributes
    ----------
    consistency : float
        sum(min(x, y)) / sum(x)
    pri : float
        Proportional reduction in inconsistency,
        (sum(min(x, y)) - sum(min(x, y, 1 - y))) / (sum(x) - sum(min(x, y, 1 - y)))
    coverage : float
        sum(min(x, y)) / sum(y)
    unique_coverage : float
        Coverage that no other term of the sum has; NaN where there is no other term.
    """

    consistency: float
    pri: float
    coverage: float
    unique_coverage: float = float("nan")


@dataclass(frozen=True, slots=True)
class NecessityFit:
    """How far a condition is a superset of the outcome; every figure in [0, 1] or NaN for 0/0.

    Attributes
    ----------
    consistency : float
        sum(min(x, y)) / sum(y)
    relevance : float
        Relevance of necessity (RoN), sum(1 - x) / sum(1 - min(x, y))
    coverage : float
        sum(min(x, y)) / sum(x)
    """

    consistency: float
    relevance: float
    coverage: float


@dataclass(frozen=True, slots=True)
class TermsFit:
    """Sufficiency of every term of a sum, and of the sum as a whole.

    Attributes
    ----------
    terms : tuple of SufficiencyFit
        In the order of the terms.
    solution : SufficiencyFit
        Of the maximum over the terms; unique coverage is NaN.
    """

    terms: tuple[SufficiencyFit, ...]
    solution: SufficiencyFit


def ratio(numerator: float, denominator: float) -> float:
    """Divide; 0/0 is NaN (an empty set has no consistency).

    Examples
    --------
    >>> ratio(1, 4), ratio(0, 0)
    (0.25, nan)
    """
    return float(numerator) / float(denominator) if denominator else float("nan")


def sufficiency(condition: ArrayLike, outcome: ArrayLike) -> SufficiencyFit:
    """Fit of "condition is sufficient for outcome".

    Parameters
    ----------
    condition, outcome : array_like of float, shape (cases,), in [0, 1]

    Returns
    -------
    SufficiencyFit

    Raises
    ------
    ShapeError, NoCasesError, MissingDataError, MembershipRangeError

    Examples
    --------
    >>> sufficiency([0.25, 0.75, 1.0], [0.5, 1.0, 0.75])
    SufficiencyFit(consistency=0.875, pri=0.8333333333333334, coverage=0.7777777777777778,
                   unique_coverage=nan)

    References
    ----------
    Ragin (2006), Set relations in social research, Political Analysis 14; Schneider & Wagemann
    (2012), Set-Theoretic Methods for the Social Sciences, for PRI; conventions of R QCA 3.25.
    """
    x, y = _pair(condition, outcome)
    return _sufficiency(x, y)


def necessity(condition: ArrayLike, outcome: ArrayLike) -> NecessityFit:
    """Fit of "condition is necessary for outcome".

    Parameters
    ----------
    condition, outcome : array_like of float, shape (cases,), in [0, 1]

    Returns
    -------
    NecessityFit

    Raises
    ------
    ShapeError, NoCasesError, MissingDataError, MembershipRangeError

    Examples
    --------
    >>> necessity([0.5, 0.75, 1.0], [0.25, 0.75, 0.5])
    NecessityFit(consistency=1.0, relevance=0.5, coverage=0.6666666666666666)

    References
    ----------
    Ragin (2006), Set relations in social research, Political Analysis 14; Schneider & Wagemann
    (2012), Set-Theoretic Methods for the Social Sciences, 9.2.1.2, for RoN; conventions of R
    QCA 3.25.
    """
    x, y = _pair(condition, outcome)
    both = np.minimum(x, y)
    return NecessityFit(
        consistency=ratio(both.sum(), y.sum()),
        relevance=ratio((1 - x).sum(), (1 - both).sum()),
        coverage=ratio(both.sum(), x.sum()),
    )


def sufficiency_of_terms(terms: NDArray[np.float64], outcome: NDArray[np.float64]) -> TermsFit:
    """Fit of the terms of a sum and of the sum itself, their maximum.

    unique coverage of term i = coverage of the sum - coverage of the maximum of the others.

    Parameters
    ----------
    terms : ndarray of float, shape (cases, terms), in [0, 1]
        At least one term.
    outcome : ndarray of float, shape (cases,), in [0, 1]

    Returns
    -------
    TermsFit

    Raises
    ------
    ShapeError
        The numbers of cases differ.
    NoCasesError, MissingDataError, MembershipRangeError
        There are no cases, or a membership is NaN or outside [0, 1].

    Examples
    --------
    >>> x = np.array([[0.8, 0.1], [0.3, 0.7], [0.6, 0.6]])
    >>> fit = sufficiency_of_terms(x, np.array([0.9, 0.7, 0.4]))
    >>> [round(term.unique_coverage, 4) for term in fit.terms], fit.solution.coverage
    ([0.35, 0.2], 0.95)

    References
    ----------
    Ragin (2006), Set relations in social research, Political Analysis 14; Schneider & Wagemann
    (2012), Set-Theoretic Methods for the Social Sciences, for PRI; conventions of R QCA 3.25.
    """
    same_length(terms, outcome)
    for memberships, name in ((outcome, "the outcome"), *((x, "a term") for x in terms.T)):
        refuse_impossible(memberships, name)
    union = terms.max(axis=1, initial=0.0)
    alone = np.full(terms.shape[1], np.nan)
    if terms.shape[1] > 1:
        # What a case adds to the coverage of its foremost term alone: the lead over the second.
        overlap = np.minimum(terms, outcome[:, None])
        second, first = np.partition(overlap, -2, axis=1)[:, -2:].T
        leads = np.bincount(overlap.argmax(axis=1), first - second, minlength=terms.shape[1])
        alone = np.array([ratio(lead, outcome.sum()) for lead in leads])
    fits = [
        _sufficiency(column, outcome, float(unique))
        for column, unique in zip(terms.T, alone, strict=True)
    ]
    return TermsFit(tuple(fits), _sufficiency(union, outcome))


def expression_sufficiency(
    data: pd.DataFrame, expression: Expression | str, *, outcome: Expression | str
) -> pd.DataFrame:
    """Sufficiency of an expression, term by term and as a whole.

    Parameters
    ----------
    data : DataFrame
        Memberships in [0, 1], a column for each condition named.
    expression, outcome : Expression or str

    Returns
    -------
    DataFrame
        Columns consistency, pri, coverage, unique_coverage; one row a term, named by it, and
        for two terms or more a last row "expression".

    Raises
    ------
    ExpressionError, UnknownNameError, MissingDataError, MembershipRangeError, NoCasesError
    SetNameError
        A column is called "expression", as the last row is.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.8, 0.3], "B": [0.1, 0.7], "Y": [0.9, 0.6]})
    >>> expression_sufficiency(data, "A + B", outcome="Y").round(3)
                consistency    pri  coverage  unique_coverage
    A                 1.000  1.000     0.733            0.467
    B                 0.875  0.667     0.467            0.200
    expression        0.933  0.900     0.933              NaN

    References
    ----------
    Ragin (2006), Set relations in social research, Political Analysis 14; Schneider & Wagemann
    (2012), Set-Theoretic Methods for the Social Sciences, for PRI; conventions of R QCA 3.25.
    """
    parsed = as_expression(expression)
    set_names(parsed.names, reserved=(WHOLE,))
    fit = sufficiency_of_terms(term_memberships(parsed, data), evaluate(outcome, data))
    rows = [(term_text(t), one) for t, one in zip(parsed.terms, fit.terms, strict=True)]
    if len(rows) > 1:
        rows.append((WHOLE, fit.solution))
    columns = ["consistency", "pri", "coverage", "unique_coverage"]
    values = [[getattr(one, column) for column in columns] for _, one in rows]
    return pd.DataFrame(values, index=[name for name, _ in rows], columns=columns)


def expression_necessity(
    data: pd.DataFrame, expression: Expression | str, *, outcome: Expression | str
) -> pd.DataFrame:
    """Necessity of an expression, term by term and as a whole.

    Parameters
    ----------
    data : DataFrame
        Memberships in [0, 1], a column for each condition named.
    expression, outcome : Expression or str

    Returns
    -------
    DataFrame
        Columns consistency, relevance, coverage; rows as in expression_sufficiency.

    Raises
    ------
    ExpressionError, UnknownNameError, MissingDataError, MembershipRangeError, NoCasesError
    SetNameError
        A column is called "expression", as the last row is.

    Examples
    --------
    >>> data = pd.DataFrame({"A": [0.8, 0.3], "B": [0.1, 0.7], "Y": [0.9, 0.6]})
    >>> expression_necessity(data, "A + B", outcome="Y").round(3)
                consistency  relevance  coverage
    A                 0.733      1.000     1.000
    B                 0.467        0.923     0.875
    expression        0.933        0.833     0.933

    References
    ----------
    Ragin (2006), Set relations in social research, Political Analysis 14; Schneider & Wagemann
    (2012), Set-Theoretic Methods for the Social Sciences, 9.2.1.2, for RoN; conventions of R
    QCA 3.25.
    """
    parsed = as_expression(expression)
    set_names(parsed.names, reserved=(WHOLE,))
    memberships, y = term_memberships(parsed, data), evaluate(outcome, data)
    fits = [(term_text(t), x) for t, x in zip(parsed.terms, memberships.T, strict=True)]
    if len(fits) > 1:
        fits.append((WHOLE, memberships.max(axis=1)))
    columns = ["consistency", "relevance", "coverage"]
    found = [necessity(x, y) for _, x in fits]
    values = [[getattr(one, column) for column in columns] for one in found]
    return pd.DataFrame(values, index=[name for name, _ in fits], columns=columns)


def _pair(
    condition: ArrayLike, outcome: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = membership_vector(condition, "the condition"), membership_vector(outcome, "the outcome")
    same_length(x, y)
    return x, y


def _sufficiency(
    x: NDArray[np.float64], y: NDArray[np.float64], unique_coverage: float = float("nan")
) -> SufficiencyFit:
    both = np.minimum(x, y)
    shared = np.minimum(both, 1 - y).sum()
    overlap, size = both.sum(), x.sum()
    return SufficiencyFit(
        consistency=ratio(overlap, size),
        pri=ratio(overlap - shared, size - shared),
        coverage=ratio(overlap, y.sum()),
        unique_coverage=unique_coverage,
    )
