"""Minimisation of a truth table: conservative, parsimonious and intermediate solutions."""

from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from qca.errors import NoPositiveRowError, OptionError
from qca.minimisation.counterfactuals import IntermediateSolution, intermediate_solution
from qca.minimisation.covers.chart_covers import MODEL_LIMIT
from qca.minimisation.expectations import Expectations, read_expectations
from qca.minimisation.row_minimisation import CoverRule, conservative_models, parsimonious_models
from qca.minimisation.solutions import Solution, solution_of
from qca.truth_tables.truth_table import TruthTable


@overload
def minimise(
    table: TruthTable,
    *,
    solution: Literal["conservative", "parsimonious"] = ...,
    directional_expectations: None = ...,
    every_expectation: bool = ...,
    include_contradictions: bool = ...,
    row_dominance: bool = ...,
    all_models: bool = ...,
    model_limit: int = ...,
) -> Solution: ...


@overload
def minimise(
    table: TruthTable,
    *,
    solution: Literal["intermediate"],
    directional_expectations: Expectations,
    every_expectation: bool = ...,
    include_contradictions: bool = ...,
    row_dominance: bool = ...,
    all_models: bool = ...,
    model_limit: int = ...,
) -> IntermediateSolution: ...


def minimise(
    table: TruthTable,
    *,
    solution: Literal["conservative", "parsimonious", "intermediate"] = "conservative",
    directional_expectations: Expectations | None = None,
    every_expectation: bool = True,
    include_contradictions: bool = False,
    row_dominance: bool = False,
    all_models: bool = False,
    model_limit: int = MODEL_LIMIT,
) -> Solution | IntermediateSolution:
    """Minimise the positive rows of a truth table to sums of products.

    Contradictory rows count as negative; included, they may be covered but need not be. The
    prime implicants are complete and every tied model is listed, or `limit` says what cut the
    list. R QCA 3.25 can miss prime implicants and models: its default algorithm stops after two
    numbers of literals without a new prime implicant.

    Parameters
    ----------
    table : the truth table
    solution : "conservative" (no remainders), "parsimonious" (all that help) or "intermediate"
        (those that agree with the directional expectations)
    directional_expectations : for the intermediate solution, see `read_expectations`
    every_expectation : weigh all of an expression such as "DEV + LIT*STB" (default); False weighs
        the last conjunction only, as R QCA 3.25 does by an error
    include_contradictions : treat contradictory rows like remainders that every solution may use
    row_dominance : drop prime implicants whose rows are a proper part of another's
    all_models : every irredundant model, not only those with the fewest terms
    model_limit : most models to list

    Returns
    -------
    Solution or IntermediateSolution

    Raises
    ------
    NoPositiveRowError
        No row is coded 1.
    AllPositiveError
        No row stands against the positive ones, so nothing would be left of the conditions.
    OptionError, ExpressionError, UnknownNameError
        An option is not as above.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 0, 0]})
    >>> print(minimise(truth_table(data, outcome="Y"), solution="parsimonious"))
    M1: A => Y

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry, ch. 8 and 9; Dusa (2019), QCA with R, ch. 8.
    """
    if (solution == "intermediate") != (directional_expectations is not None):
        raise OptionError(
            "expected directional expectations for the intermediate solution and for no other,"
            f" found {directional_expectations!r} for the {solution} one"
        )
    rule = CoverRule(row_dominance, all_models, model_limit)
    allowed = table.contradictory if include_contradictions else np.empty(0, dtype=np.int64)
    if not len(table.positive):
        coded = dict(zip(*np.unique(table.output, return_counts=True), strict=True))
        found = ", ".join(f"{count} coded {code}" for code, count in coded.items())
        raise NoPositiveRowError(f"expected a row coded 1 to explain, found {found}")
    if solution == "conservative":
        return _conservative(table, allowed, rule)
    if solution == "parsimonious":
        return _parsimonious(table, allowed, rule)
    if directional_expectations is not None and solution == "intermediate":
        return intermediate_solution(
            _conservative(table, allowed, rule),
            _parsimonious(table, allowed, rule),
            read_expectations(directional_expectations, table.conditions, every=every_expectation),
            allowed=allowed,
            rule=rule,
        )
    raise OptionError(f"expected conservative, parsimonious or intermediate, found {solution!r}")


def _conservative(table: TruthTable, allowed: NDArray[np.int64], rule: CoverRule) -> Solution:
    rows = conservative_models(table.k, table.positive, allowed=allowed, rule=rule)
    return solution_of("conservative", table, rows)


def _parsimonious(table: TruthTable, allowed: NDArray[np.int64], rule: CoverRule) -> Solution:
    against = np.setdiff1d(np.union1d(table.negative, table.contradictory), allowed)
    rows = parsimonious_models(table.k, table.positive, against, rule=rule)
    return solution_of("parsimonious", table, rows)
