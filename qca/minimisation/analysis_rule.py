"""The rule of one analysis: what turns memberships into models, whatever the cases."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import CutError, NoRowError
from qca.inputs import membership_matrix, set_names
from qca.minimisation.expectations import Expectations, read_expectations
from qca.minimisation.implicants import implicant_text
from qca.minimisation.row_solver import Kind, Model, Models, RowSolver, Term
from qca.sets.memberships import implicant_membership
from qca.truth_tables.observed_rows import Half
from qca.truth_tables.row_coding import Cuts
from qca.truth_tables.truth_table import TruthTable, truth_table


@dataclass(frozen=True, slots=True)
class AnalysisRule:
    """Outcome, conditions, cut-offs and kind of solution.

    Parameters
    ----------
    outcome : str
        Column or expression.
    conditions : tuple of str
        Columns, the first the most significant.
    cuts : Cuts
        Inclusion, PRI and frequency; the last at least 1, since a row without cases in one draw
        may have some in another.
    kind : str
        "conservative", "parsimonious" or "intermediate".
    expectations : optional
        Directional expectations, see `qca.read_expectations`; for the intermediate solution only.
    every_expectation : bool
        Weigh every expectation; False as R QCA 3.25, see `qca.minimisation.expectations`.
    excluded : tuple of int, or str
        Row codes to set to 0, or an expression for remainders, see `qca.truth_table`; the draws
        of `qca.robustness.solution_draws` refuse them.
    half : {"none", "add", "subtract"}
        What is done about memberships of .5 in the conditions, see `qca.truth_table`.
    include_contradictions : bool
        Treat contradictory rows like remainders that every solution may use; else they count as
        negative.

    Raises
    ------
    CutError
        The frequency cut is below 1.
    SetNameError, DuplicateNameError
        The conditions cannot stand in an expression together.

    Examples
    --------
    >>> rule = AnalysisRule("Y", ("A", "B"), Cuts(0.8))
    >>> data = pd.DataFrame({"A": [0.9, 0.8, 0.1], "B": [0.2, 0.9, 0.7], "Y": [0.8, 0.9, 0.2]})
    >>> [rule.text(model) for model in rule.models(data)]
    ['A']
    """

    outcome: str
    conditions: tuple[str, ...]
    cuts: Cuts
    kind: Kind = "parsimonious"
    expectations: Expectations | None = None
    every_expectation: bool = True
    excluded: tuple[int, ...] | str = ()
    half: Half = "none"
    include_contradictions: bool = False

    def __post_init__(self) -> None:
        set_names(self.conditions)
        if self.cuts.frequency < 1:
            raise CutError(f"expected a frequency cut from 1, found {self.cuts.frequency}")

    def solver(self) -> RowSolver:
        """A new solver for this rule.

        Raises
        ------
        OptionError, UnknownNameError, ExpressionError
            The kind or the expectations are not as offered.
        """
        read = None
        if self.expectations is not None:
            read = read_expectations(
                self.expectations, self.conditions, every=self.every_expectation
            )
        return RowSolver(len(self.conditions), self.kind, read, self.include_contradictions)

    def table(self, data: pd.DataFrame) -> TruthTable:
        """The truth table of some cases, see `qca.truth_table`."""
        return truth_table(
            data,
            outcome=self.outcome,
            conditions=self.conditions,
            inclusion_cut=self.cuts.inclusion,
            pri_cut=self.cuts.pri,
            frequency_cut=self.cuts.frequency,
            excluded=self.excluded,
            half=self.half,
        )

    def models(self, data: pd.DataFrame, solver: RowSolver | None = None) -> Models:
        """All models of some cases; none where no row is frequent enough or positive."""
        try:
            table = self.table(data)
        except NoRowError:
            return frozenset()
        solver = solver or self.solver()
        return solver.models(table.positive, table.negative, table.contradictory)

    def membership(
        self, data: pd.DataFrame, solver: RowSolver | None = None
    ) -> NDArray[np.float64]:
        """Membership of the cases in the chosen model, 0 where there is none."""
        models = self.models(data, solver)
        model = chosen_model(models) if models else frozenset()
        return model_membership(membership_matrix(data, self.conditions), model)

    def text(self, model: Model) -> str:
        """A model as a sum of products, terms in alphabetical order."""
        return " + ".join(sorted(self.term_text(term) for term in model))

    def term_text(self, term: Term) -> str:
        """A term such as A*~B."""
        return implicant_text(*term, self.conditions)


def chosen_model(models: Models) -> Model:
    """The model that stands for several tied ones: the first by its terms as bits.

    Parameters
    ----------
    models : frozenset of models, at least one
        Models are frozensets of (mask, value).

    Returns
    -------
    frozenset of (mask, value)

    Examples
    --------
    >>> sorted(chosen_model(frozenset({frozenset({(2, 2)}), frozenset({(1, 1)})})))
    [(1, 1)]

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    return min(models, key=sorted)


def model_membership(memberships: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    """Membership of cases in a model: the maximum over its terms; 0 in an empty one.

    Parameters
    ----------
    memberships : array (cases, conditions), in [0, 1]
    model : frozenset of (mask, value)

    Returns
    -------
    array (cases,)

    Examples
    --------
    >>> model_membership(np.array([[0.9, 0.3]]), frozenset({(2, 0), (1, 1)}))
    array([0.3])

    References
    ----------
    Ragin (2008), Redesigning Social Inquiry: the largest of the terms' memberships.
    """
    found = np.zeros(len(memberships))
    for mask, value in model:
        np.maximum(found, implicant_membership(memberships, mask, value), out=found)
    return found
