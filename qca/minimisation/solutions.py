"""Solutions of a truth table: terms, models and their fit to the cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import ShapeError
from qca.minimisation.implicants import Implicants
from qca.minimisation.row_minimisation import RowModels
from qca.sets.fit import sufficiency_of_terms
from qca.sets.memberships import implicant_membership
from qca.truth_tables.truth_table import TruthTable


@dataclass(frozen=True, slots=True)
class TermFit:
    """A term with its sufficiency for the outcome; every figure in [0, 1] or NaN for 0/0.

    Attributes
    ----------
    term : text such as `A*~B`
    mask, value : the term as bits, `row & mask == value`; first condition most significant
    consistency, pri, coverage : see `qca.sets.fit.SufficiencyFit`
    unique_coverage : coverage that no other term of the model has, NaN for a single term
    rows : codes of the positive rows it covers
    """

    term: str
    mask: int
    value: int
    consistency: float
    pri: float
    coverage: float
    unique_coverage: float
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelFit:
    """The terms of a model and the sufficiency of their union for the outcome.

    Attributes
    ----------
    terms : the terms and their fit
    consistency, pri, coverage : of the maximum over the terms, in [0, 1]; NaN for 0 / 0
    """

    terms: tuple[TermFit, ...]
    consistency: float
    pri: float
    coverage: float

    @property
    def expression(self) -> str:
        """The model as a sum of products, `A*~B + C`."""
        return " + ".join(fit.term for fit in self.terms)


@dataclass(frozen=True, slots=True)
class Solution:
    """Models of a truth table of one kind.

    Attributes
    ----------
    kind : "conservative", "parsimonious" or "intermediate"
    table : the truth table that was minimised
    rows : the prime implicants and models on the level of rows
    overall : fit of the terms of all models together (R: `IC$overall`)
    """

    kind: str
    table: TruthTable
    rows: RowModels
    overall: ModelFit

    @property
    def primes(self) -> tuple[str, ...]:
        """Texts of all prime implicants."""
        return self.rows.implicants.texts(self.table.conditions)

    @property
    def models(self) -> tuple[tuple[str, ...], ...]:
        """Texts of the terms of every model, the shortest model first."""
        texts = self.primes
        return tuple(tuple(texts[term] for term in model) for model in self.rows.models)

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every model as a sum of products."""
        return tuple(" + ".join(model) for model in self.models)

    @property
    def essential(self) -> tuple[str, ...]:
        """Terms that alone cover some positive row."""
        texts = self.primes
        return tuple(texts[term] for term in self.rows.essential)

    @property
    def common(self) -> tuple[str, ...]:
        """Terms that are in every model (R QCA calls these essential)."""
        texts = self.primes
        return tuple(texts[term] for term in self.rows.common)

    @property
    def limit(self) -> str:
        """The limit that cut the list of models, in words; empty if all are listed."""
        return self.rows.covers.limit

    @property
    def chart(self) -> pd.DataFrame:
        """Prime implicant chart: bool, index the terms, columns the codes of positive rows."""
        implicants = self.rows.implicants
        return pd.DataFrame(implicants.chart, index=list(self.primes), columns=implicants.rows)

    def fit(self, model: int = 0) -> ModelFit:
        """Fit of one model and its terms."""
        if len(self.rows.models) == 1:
            return self.overall
        return model_fit(self.table, self.rows.implicants, self.rows.models[model])

    def assumptions(self, model: int = 0) -> NDArray[np.int64]:
        """Codes of the rows a model covers without their being positive: its assumptions."""
        return self.rows.assumptions(model)

    def cases(self, fit: TermFit) -> tuple[tuple[str, ...], ...]:
        """Names of the cases in the positive rows of a term, row by row."""
        return tuple(self.table.cases_of(row) for row in fit.rows)

    def __str__(self) -> str:
        arrow = f" => {self.table.outcome}"
        lines = [f"M{place}: {text}{arrow}" for place, text in enumerate(self.expressions, 1)]
        return "\n".join([*lines, self.limit] if self.limit else lines)


def model_fit(table: TruthTable, implicants: Implicants, model: Sequence[int]) -> ModelFit:
    """Fit the terms of a model, and their union, to the cases of a truth table.

    Parameters
    ----------
    table : gives memberships of shape (cases, k) and of the outcome, in [0, 1]
    implicants : prime implicants over the same conditions
    model : places of the terms among the implicants, at least one

    Returns
    -------
    ModelFit
        Consistency, PRI, raw and unique coverage as in `qca.sets.fit.SufficiencyFit`.

    Raises
    ------
    ShapeError
        The implicants have another number of conditions than the table.

    Examples
    --------
    >>> from qca.minimisation.implicants import prime_implicants_within
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 1, 0]})
    >>> fit = model_fit(truth_table(data, outcome="Y"), prime_implicants_within(2, [1, 2, 3]), [0])
    >>> fit.expression, fit.consistency, round(fit.coverage, 3)
    ('A', 1.0, 0.667)
    """
    if implicants.k != table.k:
        raise ShapeError(f"expected terms over {table.k} conditions, found {implicants.k}")
    chosen = implicants.keep(list(model))
    bits = list(zip(chosen.masks.tolist(), chosen.values.tolist(), strict=True))
    memberships = np.column_stack([implicant_membership(table.memberships, *term) for term in bits])
    fits = sufficiency_of_terms(memberships, table.outcome_membership)
    terms = tuple(
        TermFit(
            term=text,
            mask=mask,
            value=value,
            consistency=fit.consistency,
            pri=fit.pri,
            coverage=fit.coverage,
            unique_coverage=fit.unique_coverage,
            rows=tuple(chosen.rows[covered].tolist()),
        )
        for text, (mask, value), fit, covered in zip(
            chosen.texts(table.conditions), bits, fits.terms, chosen.chart, strict=True
        )
    )
    whole = fits.solution
    return ModelFit(terms, whole.consistency, whole.pri, whole.coverage)


def solution_of(kind: str, table: TruthTable, rows: RowModels) -> Solution:
    """Join models found on rows to the cases of their truth table.

    Parameters
    ----------
    kind : name of the solution
    table : the truth table that was minimised
    rows : its models

    Returns
    -------
    Solution

    Raises
    ------
    ShapeError
        The models have another number of conditions than the table.

    Examples
    --------
    >>> from qca.minimisation.row_minimisation import conservative_models
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]})
    >>> found = solution_of("conservative", truth_table(data, outcome="Y"),
    ...                     conservative_models(2, [2, 3]))
    >>> found.expressions, found.overall.coverage
    (('A',), 1.0)
    """
    return Solution(kind, table, rows, model_fit(table, rows.implicants, rows.used))
