"""The scales in one group of respondents."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.analyses.figures import figure
from diagnostics.measurement.results import (
    Fit,
    GroupScales,
    ItemResult,
    MarkerResult,
    NamedFigure,
    ScaleFigures,
)
from diagnostics.scoring.scales import Scales
from diagnostics.wording.failures import COMPLETE_ONLY
from qca.errors import QcaError
from qca.psychometrics import (
    FactorModel,
    FitIndices,
    NegativeItemWarning,
    alpha,
    confirmatory_factors,
    correlations,
    full_collinearity,
    heterotrait_monotrait,
    item_statistics,
    marker_adjusted,
    omega,
    single_factor_share,
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Attempts:
    """Computes what can be computed, and notes why the rest cannot.

    Items that run against their scale are told from the figures: `wording.scales`.
    """

    problems: list[str] = field(default_factory=list)

    def make(self, compute: Callable[[], Found]) -> Found | None:
        """Return a figure, or None with the reason noted once."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NegativeItemWarning)
                return compute()
        except QcaError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))
            return None


def group_scales(
    answers: pd.DataFrame, markers: pd.DataFrame, scales: Scales, *, function: str
) -> GroupScales:
    """Return the figures of every scale.

    answers: DataFrame[<items>] with reversed items turned; markers: DataFrame[<marker items>].
    """
    attempts = Attempts()
    items = {code: list(names) for code, names in scales.items.items() if names}
    scores = pd.DataFrame(scales.personal_scores(answers), columns=list(scales.items))[list(items)]
    table = answers[[name for names in items.values() for name in names]]
    model, is_full = _factors(table, items, attempts)
    inflation = attempts.make(lambda: full_collinearity(scores.to_numpy()))
    correlated = attempts.make(lambda: correlations(table.to_numpy()))
    return GroupScales(
        function=function,
        respondents=len(answers),
        scales=tuple(
            _scale(code, answers[names], scores[code], model, _at(inflation, place), attempts)
            for place, (code, names) in enumerate(items.items())
        ),
        distinctness=_distinctness(correlated, items, attempts),
        fit=None if model is None else fit_of(model.fit, table, is_full=is_full),
        single_factor=None if correlated is None else single_factor_share(correlated),
        marker=attempts.make(lambda: _marker(scores, markers)) if len(markers.columns) else None,
        problems=tuple(attempts.problems),
    )


def fit_of(found: FitIndices, answers: pd.DataFrame, *, is_full: bool) -> Fit:
    """Return fit indices as they are stored; answers: DataFrame[<items>] of the model."""
    low, high = found.rmsea_interval
    return Fit(
        chi_square=found.chi_square,
        degrees=found.degrees,
        p=figure(found.p),
        cfi=found.cfi,
        tli=found.tli,
        rmsea=found.rmsea,
        rmsea_low=low,
        rmsea_high=high,
        srmr=found.srmr,
        respondents=found.respondents,
        complete=int(answers.notna().all(axis=1).sum()),
        is_full=is_full,
    )


def _factors(
    answers: pd.DataFrame, items: Mapping[str, Sequence[str]], attempts: Attempts
) -> tuple[FactorModel | None, bool]:
    """Fit by full information; by complete answers alone where that fails, the reason noted."""
    full = Attempts()
    model = full.make(lambda: confirmatory_factors(answers, items, missing="full_information"))
    if model is not None:
        return model, True
    model = attempts.make(lambda: confirmatory_factors(answers, items))
    prefix = "" if model is None else COMPLETE_ONLY
    attempts.problems.extend(f"{prefix}{problem}" for problem in full.problems)
    return model, False


def _scale(
    code: str,
    answers: pd.DataFrame,
    scores: pd.Series,
    model: FactorModel | None,
    inflation: float | None,
    attempts: Attempts,
) -> ScaleFigures:
    reliability = attempts.make(lambda: alpha(answers))
    total = attempts.make(lambda: omega(answers))
    place = None if model is None else model.factors.index(code)
    return ScaleFigures(
        construct=code,
        items=tuple(_items(answers, model, attempts)),
        mean=float(scores.mean()),
        deviation=float(scores.std()),
        alpha=None if reliability is None else figure(reliability.raw),
        omega=None if total is None else figure(total.total),
        reliability=None if model is None or place is None else figure(model.reliability[place]),
        extracted=None if model is None or place is None else figure(model.extracted[place]),
        inflation=inflation,
    )


def _items(
    answers: pd.DataFrame, model: FactorModel | None, attempts: Attempts
) -> Iterator[ItemResult]:
    found = attempts.make(lambda: item_statistics(answers))
    loadings: Mapping[str, float] = {}
    if model is not None:
        loadings = dict(zip(model.items, model.loadings.tolist(), strict=True))
    for place, code in enumerate(answers.columns):
        column = answers[code].dropna()
        yield ItemResult(
            code=code,
            answers=len(column),
            mean=float(column.mean()),
            deviation=float(column.std()),
            rest=_at(found.rest if found else None, place),
            alpha_without=_at(found.alpha_without if found else None, place),
            loading=loadings.get(code),
        )


def _distinctness(
    correlated: NDArray[np.float64] | None, items: Mapping[str, Sequence[str]], attempts: Attempts
) -> tuple[tuple[float | None, ...], ...]:
    if correlated is None:
        return ()
    ends = np.cumsum([len(names) for names in items.values()])
    places = [
        list(range(end - len(names), end)) for end, names in zip(ends, items.values(), strict=True)
    ]
    table = attempts.make(lambda: heterotrait_monotrait(correlated, places))
    return () if table is None else tuple(tuple(map(figure, row)) for row in table.tolist())


def _marker(scores: pd.DataFrame, markers: pd.DataFrame) -> MarkerResult:
    together = np.column_stack([scores.to_numpy(), markers.mean(axis=1).to_numpy()])
    table = correlations(together)
    with_marker, among = table[:-1, -1], table[:-1, :-1]
    assumed = float(np.abs(with_marker).min())
    adjusted = marker_adjusted(among, marker=assumed)
    return MarkerResult(
        correlations=tuple(map(NamedFigure, scores.columns, with_marker.tolist())),
        assumed=assumed,
        largest_change=float(np.abs(adjusted - among).max()),
    )


def _at(values: NDArray[np.float64] | None, place: int) -> float | None:
    return None if values is None else figure(float(values[place]))
