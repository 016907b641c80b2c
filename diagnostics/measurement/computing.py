"""Data quality and scale properties of a campaign's released answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from diagnostics.analyses.figures import figure
from diagnostics.measurement.groups import fit_of, group_scales
from diagnostics.measurement.results import (
    AgreementResult,
    GroupScales,
    InvarianceResult,
    MeasurementResult,
    NamedFigure,
)
from diagnostics.measurement.thresholds import AGREED, FEWEST, FEWEST_POOLS
from diagnostics.scoring.scales import Scales
from qca.errors import NoCasesError, QcaError
from qca.psychometrics import (
    Invariance,
    agreement,
    intraclass_correlation,
    invariance,
    uniform_variance,
)
from survey.instrument.content import FUNCTIONS

Report = Callable[[int, int], None]  # steps done, steps in all; raises to stop
STEPS: Final = 5


def measure(
    rows: pd.DataFrame,
    scales: Scales,
    *,
    markers: Sequence[str],
    dropped: Sequence[str],
    sensitive: frozenset[str],
    sensitive_floor: int,
    report: Report,
) -> MeasurementResult:
    """Return all figures; rows: DataFrame[pool, function, <items>] of released answers."""
    report(0, STEPS)
    answers = scales.turned_answers(rows)
    marked = rows[list(markers)].astype(float)
    groups: list[GroupScales] = []
    fewest = FEWEST if any(scales.items.values()) else len(rows) + 1  # no scale, no group
    for done, function in enumerate(("", *FUNCTIONS), start=1):
        chosen = (rows["function"] == function) if function else pd.Series(True, index=rows.index)
        if chosen.sum() >= fewest:
            asked = scales.asked_of(function)
            groups.append(group_scales(answers[chosen], marked[chosen], asked, function=function))
        report(done, STEPS)
    common = scales.asked_of("")
    equal, problem = _invariance(answers, rows["function"], common)
    report(4, STEPS)
    agreed = tuple(_agreement(answers, rows["pool"], common, sensitive, sensitive_floor))
    report(STEPS, STEPS)
    return MeasurementResult(
        missing=tuple(_missing(answers, rows["function"], scales)),
        dropped=tuple(dropped),
        groups=tuple(groups),
        invariance=equal,
        invariance_problem=problem,
        agreement=agreed,
    )


def _missing(answers: pd.DataFrame, functions: pd.Series, scales: Scales) -> Iterator[NamedFigure]:
    """Share of those asked who did not answer; an item for one function is told where that is."""
    for code in answers.columns:
        only = scales.functions.get(code)
        asked = answers[code] if only is None else answers.loc[functions == only, code]
        if len(asked):
            yield NamedFigure(str(code), float(asked.isna().mean()))


def _invariance(
    answers: pd.DataFrame, functions: pd.Series, scales: Scales
) -> tuple[InvarianceResult | None, str]:
    known = functions.isin(FUNCTIONS)
    items = {code: list(names) for code, names in scales.items.items() if names}
    sizes = functions[known].value_counts()
    try:
        if len(sizes) < len(FUNCTIONS) or sizes.min() < FEWEST:
            raise NoCasesError(f"expected {FEWEST} answers or more of each function, found fewer")
        used = answers.loc[known, [name for names in items.values() for name in names]]
        found, is_full = _equal_models(used, items, functions[known].tolist())
    except QcaError as error:
        return None, str(error)
    models = (found.configural, found.metric, found.scalar)
    return InvarianceResult(*(fit_of(fit, used, is_full=is_full) for fit in models)), ""


def _equal_models(
    answers: pd.DataFrame, items: Mapping[str, Sequence[str]], functions: Sequence[str]
) -> tuple[Invariance, bool]:
    """Fit by full information; by complete answers alone where that fails."""
    try:
        return invariance(answers, items, functions, missing="full_information"), True
    except QcaError:
        return invariance(answers, items, functions), False


def _agreement(
    answers: pd.DataFrame,
    pools: pd.Series,
    scales: Scales,
    sensitive: frozenset[str],
    sensitive_floor: int,
) -> Iterator[AgreementResult]:
    """Sensitive constructs are compared between pools that may be told of them only."""
    scores = pd.DataFrame(
        scales.personal_scores(answers), columns=list(scales.items), index=answers.index
    )
    sizes = pools.map(pools.value_counts())
    for code, items in scales.items.items():
        shown = sizes >= sensitive_floor if code in sensitive else sizes > 0
        names = pools[shown].tolist()
        if not items or len(set(names)) < FEWEST_POOLS:
            continue
        yield _agreed(code, answers.loc[shown, list(items)], scores.loc[shown, code], names, scales)


def _agreed(
    code: str, answers: pd.DataFrame, scores: pd.Series, pools: list[str], scales: Scales
) -> AgreementResult:
    chance = uniform_variance(scales.points)
    within = agreement(answers.to_numpy(), pools, chance_variance=chance)
    between = intraclass_correlation(scores.to_numpy(), pools)
    defined = within.james[~np.isnan(within.james)]
    return AgreementResult(
        construct=code,
        pools=len(set(pools)),
        median=float(np.median(defined)) if defined.size else None,
        share=float((defined >= AGREED).mean()) if defined.size else None,
        icc_single=figure(between.single),
        icc_mean=figure(between.mean),
        f=figure(between.f),
        p=figure(between.p),
    )
