"""Robustness of an analysis: how far each choice may move, and what other choices would give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.analyses.check_results import (
    KindCount,
    OtherSolution,
    RangeResult,
    RobustnessResult,
)
from diagnostics.analyses.checking import Report, rule_of
from diagnostics.analyses.figures import figure
from diagnostics.analyses.recipes import Calibration, Recipe
from diagnostics.analyses.sets import sets_of
from qca.calibration import calibrate_direct
from qca.calibration.anchors import Anchors
from qca.errors import NoPositiveRowError
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.minimisation.row_solver import EVERYTHING
from qca.robustness.other_solutions import CaseKind, case_robustness, robustness_fit
from qca.robustness.sensitivity import SensitivityRange, anchor_ranges, cut_range, frequency_range
from qca.sets.expressions import evaluate
from qca.truth_tables.row_coding import Cuts

CUT_SHIFT: Final = 0.05  # of the consistency and the PRI cut in test solutions
ANCHOR_SHIFT: Final = 0.025  # of the span from full out to full in: .1 point of 2 to 6
ANCHOR_STEPS: Final = 20  # so an anchor is tried half the span each way


@dataclass(frozen=True, slots=True)
class Setting:
    """Another plausible setting: its rule and its memberships."""

    parameter: str
    value: float
    rule: AnalysisRule
    memberships: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Work:
    """What every step of a robustness check needs."""

    raw: pd.DataFrame
    memberships: pd.DataFrame
    anchors: Mapping[str, Anchors]  # of the sets calibrated by the direct method
    rule: AnalysisRule

    def steps(self) -> int:
        """How many steps there are: three cuts, the anchors of each set, the test solutions."""
        return 4 + len(self.anchors)


def find_robustness(frame: pd.DataFrame, recipe: Recipe, *, report: Report) -> RobustnessResult:
    """Find the ranges in which the intermediate solution stays, and the fit of its core.

    Raises NoPositiveRowError where there is no solution to test.
    """
    work = _work(frame, recipe)
    report(0, work.steps())
    models = work.rule.models(work.memberships)
    if not models or models == EVERYTHING:
        raise NoPositiveRowError("expected rows for and against the outcome, found one kind only")
    ranges: list[RangeResult] = []
    for done, found in enumerate(_ranges(work), start=1):
        ranges += [_range(one) for one in found]
        report(done, work.steps())
    result = _tested(work, tuple(ranges), work.rule.text(chosen_model(models)))
    report(work.steps(), work.steps())
    return result


def _work(frame: pd.DataFrame, recipe: Recipe) -> Work:
    sets = sets_of(frame, recipe)
    direct = {Calibration.DIRECT, Calibration.PERCENTILE}
    anchors = {
        rule.column: _anchors(sets.anchors[rule.column], recipe.idm)
        for rule in recipe.sets
        if rule.anchors and rule.method in direct
    }
    return Work(sets.raw, sets.memberships, anchors, rule_of(recipe))


def _anchors(three: tuple[float, ...], idm: float) -> Anchors:
    full_out, crossover, full_in = three
    return Anchors(full_out, crossover, full_in, idm=idm)


def _ranges(work: Work) -> Iterator[tuple[SensitivityRange, ...]]:
    yield (cut_range(work.memberships, work.rule, "inclusion"),)
    yield (cut_range(work.memberships, work.rule, "pri"),)
    yield (frequency_range(work.memberships, work.rule),)
    for name, anchors in work.anchors.items():
        yield anchor_ranges(
            work.memberships, work.raw, {name: anchors}, work.rule,
            step=_step(anchors), steps=ANCHOR_STEPS,
        )  # fmt: skip


def _range(found: SensitivityRange) -> RangeResult:
    return RangeResult(
        parameter=found.parameter,
        value=float(found.value),
        lower=found.lower,
        upper=found.upper,
        changes_below=found.changes_below,
        changes_above=found.changes_above,
    )


def _tested(work: Work, ranges: tuple[RangeResult, ...], expression: str) -> RobustnessResult:
    initial = work.rule.membership(work.memberships)
    outcome = evaluate(work.rule.outcome, work.memberships)
    tests, others = [], []
    for setting in _settings(work):
        text, membership = _solved(setting)
        tests.append(OtherSolution(setting.parameter, setting.value, text))
        if membership is not None:
            others.append(membership)
    # A setting without a solution is told as such; as an empty set it would empty the core.
    kept = others or [initial]
    fit = robustness_fit(initial, kept, outcome)
    cases = case_robustness(initial, kept, outcome)
    return RobustnessResult(
        expression=expression,
        ranges=ranges,
        tests=tuple(tests),
        consistency=figure(fit.consistency),
        coverage=figure(fit.coverage),
        coincidence_smallest=figure(fit.coincidence_smallest),
        coincidence_largest=figure(fit.coincidence_largest),
        typical_share=figure(cases.typical_share),
        deviant_share=figure(cases.deviant_share),
        kinds=tuple(KindCount(kind.value, len(cases.cases(kind))) for kind in CaseKind),
    )


def _settings(work: Work) -> Iterator[Setting]:
    """Yield every setting that moves one choice a little, up and down."""
    cuts, memberships = work.rule.cuts, work.memberships
    for parameter, value, moved in _moved_cuts(cuts):
        yield Setting(parameter, value, replace(work.rule, cuts=moved), memberships)
    for name, anchors in work.anchors.items():
        for sign in (-1, 1):
            moved_anchors = anchors.shifted(anchor="crossover", by=sign * _step(anchors))
            three = (moved_anchors.full_out, moved_anchors.crossover, moved_anchors.full_in)
            column = calibrate_direct(work.raw[name].to_numpy(), three, idm=anchors.idm)
            yield Setting(
                f"{name} crossover",
                round(moved_anchors.crossover, 10),
                work.rule,
                memberships.assign(**{name: column}),
            )


def _moved_cuts(cuts: Cuts) -> Iterator[tuple[str, float, Cuts]]:
    two = isinstance(cuts.inclusion, tuple)
    for sign in (-1, 1):
        upper = round(min(max(cuts.upper + sign * CUT_SHIFT, cuts.lower if two else 0), 1), 10)
        if upper != cuts.upper:
            inclusion = (upper, cuts.lower) if two else upper
            yield "inclusion", upper, replace(cuts, inclusion=inclusion)
        pri = round(min(max(cuts.pri + sign * CUT_SHIFT, 0), 1), 10)
        if pri != cuts.pri:
            yield "pri", pri, replace(cuts, pri=pri)
        if cuts.frequency + sign >= 1:
            moved = replace(cuts, frequency=cuts.frequency + sign)
            yield "frequency", moved.frequency, moved


def _solved(setting: Setting) -> tuple[str, NDArray[np.float64] | None]:
    models = setting.rule.models(setting.memberships)
    if not models or models == EVERYTHING:  # no row for the outcome, or none against it
        return "", None
    model = chosen_model(models)
    conditions = setting.memberships[list(setting.rule.conditions)].to_numpy()
    return setting.rule.text(model), model_membership(conditions, model)


def _step(anchors: Anchors) -> float:
    return abs(anchors.full_in - anchors.full_out) * ANCHOR_SHIFT
