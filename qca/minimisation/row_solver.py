"""Solutions of many codings of the same rows, each coding minimised once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qca.errors import AllPositiveError, OptionError
from qca.minimisation.counterfactuals import easy_counterfactuals
from qca.minimisation.expectations import DirectionalExpectations
from qca.minimisation.row_minimisation import RowModels, conservative_models, parsimonious_models

Kind = Literal["conservative", "parsimonious", "intermediate"]
Term = tuple[int, int]  # mask and value: a row is in the term where row & mask == value
Model = frozenset[Term]
Models = frozenset[Model]
_NO_ROWS = np.empty(0, dtype=np.int64)
EVERYTHING: Models = frozenset({frozenset({(0, 0)})})  # the one model without a condition


@dataclass(frozen=True, slots=True)
class RowSolver:
    """Minimises coded rows and remembers what it found.

    Parameters
    ----------
    k : int
        Number of conditions; the first is the most significant bit of a row code.
    kind : str
        "conservative", "parsimonious" or "intermediate".
    expectations : DirectionalExpectations, optional
        For the intermediate solution, and only for it.
    include_contradictions : bool
        Treat contradictory rows like remainders that every solution may use, not as negative.

    Raises
    ------
    OptionError
        The kind is not offered, or expectations lack or stand where they should not.

    Examples
    --------
    >>> solver = RowSolver(2, "parsimonious")
    >>> solver.models(np.array([3]), np.array([0, 1]))
    frozenset({frozenset({(2, 2)})})
    """

    k: int
    kind: Kind = "parsimonious"
    expectations: DirectionalExpectations | None = None
    include_contradictions: bool = False
    _found: dict[tuple[bytes, bytes, bytes], Models] = field(default_factory=dict, repr=False)
    _within: dict[tuple[bytes, bytes], RowModels] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in ("conservative", "parsimonious", "intermediate"):
            raise OptionError(f"expected one of the three solutions, found {self.kind!r}")
        if (self.kind == "intermediate") != (self.expectations is not None):
            raise OptionError(
                "expected directional expectations for the intermediate solution only,"
                f" found {self.expectations} for the {self.kind} one"
            )

    def models(
        self,
        positive: NDArray[np.int64],
        negative: NDArray[np.int64],
        contradictory: NDArray[np.int64] = _NO_ROWS,
    ) -> Models:
        """All minimal models of the positive rows against the negative ones.

        Parameters
        ----------
        positive, negative, contradictory : arrays of int
            Row codes, ascending; the others are remainders.

        Returns
        -------
        frozenset of models
            Empty without a positive row; `EVERYTHING` where nothing stands against them.
        """
        if not len(positive):
            return frozenset()
        if self.include_contradictions:
            allowed = contradictory
        else:
            allowed, negative = _NO_ROWS, np.union1d(negative, contradictory)
        against = b"" if self.kind == "conservative" else negative.tobytes()
        key = positive.tobytes(), against, allowed.tobytes()
        if key not in self._found:
            try:
                self._found[key] = frozenset(self._solve(positive, negative, allowed))
            except AllPositiveError:
                self._found[key] = EVERYTHING
        return self._found[key]

    def _solve(
        self,
        positive: NDArray[np.int64],
        negative: NDArray[np.int64],
        allowed: NDArray[np.int64],
    ) -> Iterator[Model]:
        if self.kind == "conservative":
            yield from _models_of(self._rows_within(positive, allowed))
            return
        simple = parsimonious_models(self.k, positive, negative)
        if self.expectations is None:
            yield from _models_of(simple)
            return
        complex_rows = self._rows_within(positive, allowed)
        found: set[bytes] = set()
        for pair in np.ndindex(len(complex_rows.models), len(simple.models)):
            easy = easy_counterfactuals(complex_rows, simple, self.expectations, pair)
            if easy.tobytes() not in found:
                found.add(easy.tobytes())
                yield from _models_of(self._rows_within(positive, np.union1d(easy, allowed)))

    def _rows_within(self, positive: NDArray[np.int64], free: NDArray[np.int64]) -> RowModels:
        """Solve without negative rows: codings that differ in these alone share the answer."""
        key = positive.tobytes(), free.tobytes()
        if key not in self._within:
            self._within[key] = conservative_models(self.k, positive, allowed=free)
        return self._within[key]


def _models_of(rows: RowModels) -> Iterator[Model]:
    terms = list(zip(rows.implicants.masks.tolist(), rows.implicants.values.tolist(), strict=True))
    for model in rows.models:
        yield frozenset(terms[place] for place in model)
