"""The checks of an analysis in words: parameters, kinds of cases, spreads."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diagnostics.analyses.check_results import (
    BootstrapResult,
    HalvesResult,
    RangeResult,
    RobustnessResult,
    Spread,
)
from diagnostics.wording.numbers import figure, short
from qca.robustness.other_solutions import CaseKind


@dataclass(frozen=True, slots=True)
class RangeLine:
    """One parameter: its value, and between which values the solution stays."""

    parameter: str
    value: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class OtherLine:
    """What another setting gives."""

    parameter: str
    value: str
    expression: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """How many cases are of a kind."""

    name: str
    cases: int | None  # None: few, and the answers are deleted


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """A figure over draws: the median, the middle half, and 95 % of the draws."""

    name: str
    median: str
    middle: str
    most: str


@dataclass(frozen=True, slots=True)
class RobustnessReading:
    """A robustness check as pages and files tell it."""

    expression: str
    ranges: tuple[RangeLine, ...]
    others: tuple[OtherLine, ...]
    fits: tuple[tuple[str, str], ...]  # name, figure
    kinds: tuple[CountLine, ...]  # none where no number of cases is told


def robustness_reading(result: RobustnessResult) -> RobustnessReading:
    """Return a robustness check in words."""
    names = kind_names()
    return RobustnessReading(
        expression=result.expression,
        ranges=tuple(_range_line(one) for one in result.ranges),
        others=tuple(
            OtherLine(parameter_name(one.parameter), short(one.value), one.expression)
            for one in result.tests
        ),
        fits=(
            ("RF_cons", figure(result.consistency)),
            ("RF_cov", figure(result.coverage)),
            ("RF_SC_minTS", figure(result.coincidence_smallest)),
            ("RF_SC_maxTS", figure(result.coincidence_largest)),
            ("RCR_typ", figure(result.typical_share)),
            ("RCR_dev", figure(result.deviant_share)),
        ),
        kinds=tuple(CountLine(names[one.kind], one.cases) for one in result.kinds)
        if any(one.cases is not None for one in result.kinds)
        else (),
    )


def halves_lines(result: HalvesResult) -> tuple[SpreadLine, ...]:
    """Return the spreads of a half-split."""
    return (
        _spread_line(_("Consistency in the other half"), result.consistency),
        _spread_line(_("Coverage in the other half"), result.coverage),
        _spread_line(_("Consistency in its own half"), result.own_consistency),
    )


def bootstrap_lines(result: BootstrapResult) -> tuple[SpreadLine, ...]:
    """Return the spreads of the fit of each term and of the whole solution."""
    lines = []
    for one in result.fits:
        name = one.term or _("Whole solution")
        lines.append(_spread_line(_("%(term)s: consistency") % {"term": name}, one.consistency))
        lines.append(_spread_line(_("%(term)s: coverage") % {"term": name}, one.coverage))
    return tuple(lines)


def parameter_name(parameter: str) -> str:
    """Return what a parameter of qca's sensitivity ranges is called."""
    known = {
        "inclusion": _("Consistency cut"),
        "pri": _("PRI cut"),
        "frequency": _("Frequency cut"),
    }
    if parameter in known:
        return known[parameter]
    column, _space, anchor = parameter.rpartition(" ")
    anchors: Mapping[str, str] = {
        "full_out": _("%(column)s: full out"),
        "crossover": _("%(column)s: crossover"),
        "full_in": _("%(column)s: full in"),
    }
    return anchors[anchor] % {"column": column}


def kind_names() -> dict[str, str]:
    """Return what each kind of case is called."""
    return {
        CaseKind.ROBUST_TYPICAL: _("robust and typical: in every solution, with the outcome"),
        CaseKind.ROBUST_DEVIANT: _("robust and deviant: in every solution, without the outcome"),
        CaseKind.SHAKY_TYPICAL: _("shaky and typical: not in every other solution"),
        CaseKind.SHAKY_DEVIANT: _("shaky and deviant"),
        CaseKind.POSSIBLE_TYPICAL: _("possible and typical: in some other solution only"),
        CaseKind.POSSIBLE_DEVIANT: _("possible and deviant"),
        CaseKind.UNCOVERED: _("in no solution, with the outcome"),
        CaseKind.IRRELEVANT: _("in no solution, without the outcome"),
    }


def _range_line(found: RangeResult) -> RangeLine:
    """An end where the search stopped without a change is marked as open."""
    lower = _("%(end)s or less") if not found.changes_below else "%(end)s"
    upper = _("%(end)s or more") if not found.changes_above else "%(end)s"
    return RangeLine(
        parameter=parameter_name(found.parameter),
        value=short(found.value, 4),
        lower=lower % {"end": short(found.lower, 4)},
        upper=upper % {"end": short(found.upper, 4)},
    )


def _spread_line(name: str, spread: Spread | None) -> SpreadLine:
    if spread is None:
        return SpreadLine(name, "–", "–", "–")
    between = "%(low)s – %(high)s"
    return SpreadLine(
        name=name,
        median=figure(spread.median),
        middle=between % {"low": figure(spread.lower), "high": figure(spread.upper)},
        most=between % {"low": figure(spread.lowest), "high": figure(spread.highest)},
    )
