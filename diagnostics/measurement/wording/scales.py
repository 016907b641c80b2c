"""Scale properties in words, held against the customary thresholds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.measurement.results import (
    AgreementResult,
    Fit,
    GroupScales,
    MeasurementResult,
    ScaleFigures,
)
from diagnostics.measurement.thresholds import (
    AGREED,
    CFI_DROP,
    DISTINCT,
    EXTRACTED,
    INFLATION,
    ITEM_REST,
    RELIABILITY,
)
from diagnostics.wording.failures import reason_words
from diagnostics.wording.glossary import function_name
from diagnostics.wording.numbers import figure, membership_text, one_decimal, share


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and whether it misses its threshold."""

    text: str
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its name and its cells."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GroupReading:
    """All scales in one group."""

    title: str
    key: str
    respondents: str
    scales: tuple[Line, ...]
    items: tuple[Line, ...]
    names: tuple[str, ...]  # of the scales but the last, as columns of the next
    distinctness: tuple[Line, ...]
    fit: tuple[tuple[str, str], ...]
    common_method: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    opposed: str  # the sentence that names items against the others of their construct; or empty

    @property
    def scale_headings(self) -> tuple[str, ...]:
        """Columns of the table of scales."""
        return (_("Mean"), _("SD"), "α", "ω", _("CR"), _("AVE"), _("VIF"))

    @property
    def item_headings(self) -> tuple[str, ...]:
        """Columns of the table of items."""
        return (
            _("Answers"), _("Mean"), _("SD"), _("Loading"), _("Item-rest"), _("α without"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeasurementReading:
    """A scale study as its page tells it."""

    missing: tuple[Line, ...]
    dropped: str
    groups: tuple[GroupReading, ...]
    invariance: tuple[Line, ...]
    invariance_words: str
    agreement: tuple[Line, ...]

    @property
    def invariance_headings(self) -> tuple[str, ...]:
        """Columns of the table of models."""
        return (_("Answers"), _("χ² (df)"), "CFI", "RMSEA", "SRMR", _("CFI lost"))

    @property
    def agreement_headings(self) -> tuple[str, ...]:
        """Columns of the table of agreement."""
        return (
            _("rwg(j), median"),
            _("rwg(j) of %(least)s or more") % {"least": membership_text(AGREED)},
            "ICC(1)",
            _("F (p)"),
            "ICC(2)",
        )


def measurement_reading(
    result: MeasurementResult, *, constructs: Mapping[str, str], in_tens: bool = False
) -> MeasurementReading:
    """Return a study in words; constructs: code -> name; in_tens: numbers are that or more."""
    size = _at_least_so_many if in_tens else str
    return MeasurementReading(
        missing=tuple(
            Line(one.code, (Cell(share(one.value)),)) for one in result.missing if one.value > 0
        ),
        dropped=", ".join(result.dropped),
        groups=tuple(_group(group, constructs, size) for group in result.groups),
        invariance=tuple(_invariance_lines(result, size)),
        invariance_words=_invariance_words(result),
        agreement=tuple(_agreement(one, constructs) for one in result.agreement),
    )


def _at_least_so_many(number: int) -> str:
    return f"≥ {number}"


def _group(
    group: GroupScales, constructs: Mapping[str, str], size: Callable[[int], str]
) -> GroupReading:
    codes = [one.construct for one in group.scales]
    return GroupReading(
        title=function_name(group.function) if group.function else _("all answers"),
        key=group.function or "all",
        respondents=size(group.respondents),
        scales=tuple(_scale(one, constructs) for one in group.scales),
        items=tuple(line for one in group.scales for line in _items(one, size)),
        names=tuple(codes[:-1]),
        distinctness=tuple(
            Line(code, _below_diagonal(row, place))
            for place, (code, row) in enumerate(zip(codes, group.distinctness, strict=False))
            if place
        ),
        fit=_fit(group.fit, size) if group.fit else (),
        common_method=tuple(_common_method(group)),
        problems=tuple(dict.fromkeys(map(reason_words, group.problems))),
        opposed=_opposed(group),
    )


def _opposed(group: GroupScales) -> str:
    """Name the items that run against the others of their construct; none was turned for that."""
    found = []
    for one in group.scales:
        upward = sum(item.loading or 0 for item in one.items) >= 0
        for item in one.items:
            loading = (item.loading or 0) * (1 if upward else -1)
            if loading < 0 or (item.rest or 0) < 0:
                found.append(item.code)
    words = _(
        "Against the other items of their construct: %(items)s. Nothing was turned for that; look "
        "whether they are worded the other way round and should be marked as reversed."
    )
    return words % {"items": ", ".join(found)} if found else ""


def _scale(one: ScaleFigures, constructs: Mapping[str, str]) -> Line:
    return Line(
        constructs.get(one.construct, one.construct),
        (
            Cell(figure(one.mean)),
            Cell(figure(one.deviation)),
            _at_least(one.alpha, RELIABILITY),
            _at_least(one.omega, RELIABILITY),
            _at_least(one.reliability, RELIABILITY),
            _at_least(one.extracted, EXTRACTED),
            Cell(figure(one.inflation), (one.inflation or 0) > INFLATION),
        ),
    )


def _items(one: ScaleFigures, size: Callable[[int], str]) -> Iterator[Line]:
    for item in one.items:
        cells = (
            Cell(size(item.answers)),
            Cell(figure(item.mean)),
            Cell(figure(item.deviation)),
            Cell(figure(item.loading)),
            _at_least(item.rest, ITEM_REST),
            Cell(figure(item.alpha_without)),
        )
        yield Line(item.code, cells)


def _below_diagonal(row: Sequence[float | None], place: int) -> tuple[Cell, ...]:
    """The cells of a triangle's row; the empty ones too, so that rows are of one length."""
    return tuple(
        _distinct(value) if column < place else Cell("") for column, value in enumerate(row[:-1])
    )


def _distinct(value: float | None) -> Cell:
    return Cell(figure(value), value is not None and value >= DISTINCT)


def _at_least(value: float | None, threshold: float) -> Cell:
    return Cell(figure(value), value is not None and value < threshold)


def _fit(fit: Fit, size: Callable[[int], str]) -> tuple[tuple[str, str], ...]:
    used = _("Answers used, incomplete ones too") if fit.is_full else _("Complete answers used")
    return (
        (used, size(fit.respondents)),
        (_("of them complete"), size(fit.complete)),
        ("χ²", one_decimal(fit.chi_square)),
        (_("Degrees of freedom"), str(fit.degrees)),
        ("p", figure(fit.p)),
        ("CFI", figure(fit.cfi)),
        ("TLI", figure(fit.tli)),
        ("RMSEA", _error_with_interval(fit)),
        ("SRMR", figure(fit.srmr)),
    )


def _error_with_interval(fit: Fit) -> str:
    if fit.rmsea_low is None:
        return figure(fit.rmsea)
    ends = {"low": figure(fit.rmsea_low), "high": figure(fit.rmsea_high)}
    return f"{figure(fit.rmsea)} ({_('90 %%: %(low)s to %(high)s') % ends})"


def _common_method(group: GroupScales) -> Iterator[tuple[str, str]]:
    if group.single_factor is not None:
        yield (
            _("First factor's share of all items (Harman)"),
            _("%(share)s; below 50 %% rules nothing out") % {"share": share(group.single_factor)},
        )
    if group.marker is not None:
        found = ", ".join(f"{one.code} {figure(one.value)}" for one in group.marker.correlations)
        yield _("Correlations with the marker"), found
        yield (
            _("Largest change of a correlation without the marker's part"),
            figure(group.marker.largest_change),
        )


def _invariance_lines(result: MeasurementResult, size: Callable[[int], str]) -> Iterator[Line]:
    found = result.invariance
    if found is None:
        return
    before: Fit | None = None
    models: Sequence[tuple[str, Fit]] = (
        (_("same factors"), found.configural),
        (_("equal loadings"), found.metric),
        (_("equal intercepts"), found.scalar),
    )
    for name, fit in models:
        drop = None if before is None else before.cfi - fit.cfi
        cells = (
            Cell(size(fit.respondents)),
            Cell(f"{one_decimal(fit.chi_square)} ({fit.degrees})"),
            Cell(figure(fit.cfi)),
            Cell(figure(fit.rmsea)),
            Cell(figure(fit.srmr)),
            Cell(figure(drop), drop is not None and drop > CFI_DROP),
        )
        yield Line(name, cells)
        before = fit


def _invariance_words(result: MeasurementResult) -> str:
    found = result.invariance
    if found is None:
        return _("Not tested: %(reason)s. Comparisons of the functions are descriptive.") % {
            "reason": reason_words(result.invariance_problem)
        }
    if found.configural.cfi - found.metric.cfi > CFI_DROP:
        return _("Loadings differ, so comparisons of the functions are descriptive.")
    if found.metric.cfi - found.scalar.cfi > CFI_DROP:
        return _(
            "Loadings are alike and intercepts are not: relations may be compared, means are "
            "descriptive."
        )
    return _("Loadings and intercepts are alike: means of the functions may be compared.")


def _agreement(one: AgreementResult, constructs: Mapping[str, str]) -> Line:
    test = "–" if one.f is None else f"{number_format(round(one.f, 2), 2)} ({figure(one.p)})"
    return Line(
        constructs.get(one.construct, one.construct),
        (
            Cell(figure(one.median)),
            Cell("–" if one.share is None else share(one.share)),
            Cell(figure(one.icc_single)),
            Cell(test),
            Cell(figure(one.icc_mean)),
        ),
    )
