"""The map of alignment in words: every area in which both functions may be told apart."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from diagnostics.charts.alignment_map import (
    NO_CELL,
    AlignmentCell,
    AlignmentMap,
    AlignmentMapRow,
    alignment_cell,
)
from diagnostics.results.wording.alignment import difference_words, interval_of_difference
from diagnostics.scoring.results import ElementDifference, FunctionResult, UnitResult
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.numbers import membership_text
from diagnostics.wording.verdicts import BELOW_HALF
from survey.release.tables import FUNCTIONS


def alignment_map(units: Iterable[UnitResult], names: Glossary) -> AlignmentMap | None:
    """Return the map of the units that have an alignment, None where none has."""
    elements = [code for code in names.constructs if code != names.outcome]
    rows = tuple(_row(unit, elements) for unit in units if unit.alignment is not None)
    if not rows:
        return None
    return AlignmentMap(tuple(names.constructs[code] for code in elements), rows)


def _row(unit: UnitResult, elements: list[str]) -> AlignmentMapRow:
    alignment = unit.alignment
    told = {} if alignment is None else {each.construct: each for each in alignment.differences}
    return AlignmentMapRow(
        name=unit.name,
        sizes=_sizes(unit.functions),
        cells=tuple(_cell(told.get(code)) for code in elements),
        overlap="" if alignment is None else membership_text(alignment.overlap),
        ahead=_ahead(unit.functions),
    )


def _sizes(functions: Iterable[FunctionResult]) -> str:
    """How many answered in each function, in bands."""
    parts = {one.function: one.diagnosis or one.profile for one in functions}
    bands = {code: part.source.band.replace("-", "–") for code, part in parts.items() if part}
    return _("operations %(operations)s, sales %(sales)s answers") % {
        "operations": bands.get("operations", "–"),
        "sales": bands.get("sales", "–"),
    }


def _cell(entry: ElementDifference | None) -> AlignmentCell:
    if entry is None:
        return NO_CELL
    text = difference_words(entry)
    if not text:
        return NO_CELL  # both scores are limits only, at opposite ends
    interval = entry.interval
    shown = (round(interval.low, 1), round(interval.high, 1)) if interval else (0.0, 0.0)
    return alignment_cell(
        entry.difference,
        text=text,
        interval=interval_of_difference(entry),
        is_clear=shown[0] > 0 or shown[1] < 0,
    )


def _ahead(functions: Iterable[FunctionResult]) -> str:
    """Whether one pattern leads in both functions, where each of them fits one."""
    verdicts = [one.diagnosis.verdict for one in functions if one.diagnosis is not None]
    leading = [one.leading for one in verdicts if one.kind not in BELOW_HALF and one.leading]
    if len(leading) < len(FUNCTIONS):
        return ""
    return _("the same") if len(set(leading)) == 1 else _("another one")
