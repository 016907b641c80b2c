"""The tables of released figures: scores and verdicts of units, item means of released sets.

Sizes are bands. Scores of five to nine answers are told to one decimal, as on the pages. Of single
statements a group of ten to nineteen learns which are best and lowest, a larger one also the means,
to one decimal: exact ones of all statements together are nearly the answers themselves.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd
from django.utils.translation import gettext, override

from diagnostics.exports.pattern_tests import pattern_test_table
from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable, plain
from diagnostics.scoring.results import AssessmentResult, ConstructScore, Diagnosis, Profile
from diagnostics.wording.glossary import Glossary, asked_wording, function_name, glossary
from qca.patterns.verdicts import VerdictKind
from survey.instrument.content import Instrument
from survey.policy import COMPARISON_FLOOR, SENSITIVE_FLOOR, size_band
from survey.release.tables import FUNCTIONS, Plan, ReleasedTables

SMALL: Final = size_band(SENSITIVE_FLOOR - 1)
FUNCTION_CODES: Final = {"": 0, **{name: number for number, name in enumerate(FUNCTIONS, 1)}}
KIND_CODES: Final = {kind: number for number, kind in enumerate(VerdictKind, 1)}
PLACES: Final = 3  # statements that are best, and as many that are lowest
BEST, LOWEST = 1, 2
Codes = Mapping[str, str]  # unit key -> the unit's code


def figure_tables(
    result: AssessmentResult,
    released: ReleasedTables,
    instrument: Instrument,
    *,
    codes: Codes,
    language: str,
    background: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[ExportTable, ...]:
    """Return all tables of a release; only units with figures of their own are named in them.

    background: question -> option -> people of the whole company; no table without any.
    """
    names = glossary(result.method, language)
    with override(language):
        return (
            _scores(result, names, codes),
            _verdicts(result, names, codes),
            pattern_test_table(result, names, _function_column(), FUNCTION_CODES),
            _items(released, instrument, codes, language),
            *([_background(background, instrument, language)] if background else ()),
        )


def function_labels() -> dict[int, str]:
    """Return the names of the coded functions in the active language."""
    return {code: function_name(name) for name, code in FUNCTION_CODES.items()}


def _function_column() -> ExportColumn:
    return ExportColumn("function", gettext("Function"), ColumnKind.CODE, function_labels())


def _unit_columns() -> tuple[ExportColumn, ...]:
    return (
        ExportColumn("unit", gettext("Code of the unit"), ColumnKind.TEXT),
        ExportColumn("unit_name", gettext("Name of the unit"), ColumnKind.TEXT),
        _function_column(),
        ExportColumn(
            "answers",
            gettext("Number of answers by people planned at the launch, as a band"),
            ColumnKind.TEXT,
        ),
    )


def _verdict_labels() -> dict[int, str]:
    names = {
        VerdictKind.PROFILE_ONLY: gettext("profile only"),
        VerdictKind.ELEMENT_FIRST: gettext("element first"),
        VerdictKind.NONE_YET: gettext("none yet"),
        VerdictKind.BETWEEN: gettext("between"),
        VerdictKind.CLEAR: gettext("clear"),
        VerdictKind.LEANING: gettext("leaning"),
        VerdictKind.NOT_CLEAR: gettext("not clear"),
    }
    return {number: names[kind] for kind, number in KIND_CODES.items()}


def _yes_or_no() -> dict[int, str]:
    return {0: gettext("no"), 1: gettext("yes")}


def _scores(result: AssessmentResult, names: Glossary, codes: Codes) -> ExportTable:
    constructs = result.method.codes
    columns = [*_unit_columns()]
    for code in constructs:
        label = gettext("%(element)s: score, 1 to 7") % {"element": names.constructs[code]}
        columns.append(ExportColumn(code, label, ColumnKind.NUMBER))
    for code in constructs:
        label = gettext("%(element)s: membership, 0 to 1") % {"element": names.constructs[code]}
        columns.append(ExportColumn(f"{code}_set", label, ColumnKind.NUMBER))
    rows = []
    for unit, name, function, profile, diagnosis in _own_results(result):
        # Profile and diagnosis rest on the same people; the diagnosis adds the sensitive element.
        scores = {
            score.construct: score for part in (profile, diagnosis) if part for score in part.scores
        }
        shown = profile or diagnosis
        band = shown.source.band if shown else ""
        values = [_score(scores.get(code)) for code in constructs]
        memberships = [_membership(scores.get(code)) for code in constructs]
        rows.append(
            (codes[unit], plain(name), FUNCTION_CODES[function], band, *values, *memberships)
        )
    return ExportTable("scores", gettext("Scores of units"), tuple(columns), tuple(rows))


def _verdicts(result: AssessmentResult, names: Glossary, codes: Codes) -> ExportTable:
    columns = (
        *_unit_columns(),
        ExportColumn("verdict", gettext("Verdict"), ColumnKind.CODE, _verdict_labels()),
        ExportColumn("leading", gettext("Leading or nearest pattern"), ColumnKind.TEXT),
        ExportColumn("second", gettext("Second pattern"), ColumnKind.TEXT),
        ExportColumn("membership", gettext("Membership in the leading pattern"), ColumnKind.NUMBER),
        ExportColumn(
            "stability", gettext("Share of redraws with the same leader"), ColumnKind.NUMBER
        ),
        ExportColumn(
            "borderline",
            gettext("Changes with small changes of method"),
            ColumnKind.CODE,
            _yes_or_no(),
        ),
        ExportColumn("bottleneck", gettext("Lowest required elements"), ColumnKind.TEXT),
    )
    rows = []
    for unit, name, function, _, diagnosis in _own_results(result):
        if diagnosis is None:
            continue
        verdict = diagnosis.verdict
        rows.append(
            (
                codes[unit],
                plain(name),
                FUNCTION_CODES[function],
                diagnosis.source.band,
                KIND_CODES[verdict.kind],
                plain(names.pattern(verdict.leading)),
                plain(names.pattern(verdict.second)),
                _rounded(verdict.membership, 3),
                _rounded(verdict.stability, 2),
                int(verdict.is_borderline),
                " ".join(diagnosis.bottlenecks),
            )
        )
    return ExportTable("verdicts", gettext("Verdicts of units"), columns, tuple(rows))


def _items(
    released: ReleasedTables, instrument: Instrument, codes: Codes, language: str
) -> ExportTable:
    """Return which statements are best and lowest in each group, and means of larger groups.

    Of one plan only, whose groups differ by ten answers and more: a second partition would tell
    what lies between the two.
    """
    by_code = {item.code: item for _, item in instrument.items()}
    names = dict(zip(released.tree.keys, released.tree.names, strict=True))
    rows = []
    for key, cells in released.cells.groupby("set", sort=False):
        info = released.set_by_key[str(key)]
        if info.plan is not Plan.SENSITIVE:
            continue
        places = item_places(cells, instrument)
        for item, n, mean in cells[["item", "n", "mean"]].itertuples(index=False):
            is_large = n >= COMPARISON_FLOOR
            if n < SENSITIVE_FLOOR or not (is_large or item in places):
                continue
            rows.append(
                (
                    codes[info.unit],
                    plain(names[info.unit]),
                    FUNCTION_CODES[info.function],
                    size_band(int(n)),
                    1 if info.kind == "unit" else 2,
                    item,
                    plain(asked_wording(by_code[item], language, info.function)),
                    int(by_code[item].is_reversed),
                    places.get(item),
                    round(float(mean), 1) if is_large else None,
                )
            )
    return ExportTable(
        "items", gettext("Statements in released groups"), _item_columns(), tuple(rows)
    )


def item_places(cells: pd.DataFrame, instrument: Instrument) -> dict[str, int]:
    """Return the three best and the three lowest statements of a group: code -> BEST or LOWEST.

    cells: DataFrame[item, n, mean, ...]; reverse-keyed statements count turned. Not of what is
    sensitive, of which more is neither better nor worse, and none where fewer than twice as many
    are there.
    """
    points = instrument.scale.points
    comparable = {
        item.code: item for construct, item in instrument.items() if not construct.is_sensitive
    }
    found = [
        (points + 1 - mean if comparable[item].is_reversed else mean, item)
        for item, n, mean in cells[["item", "n", "mean"]].itertuples(index=False)
        if item in comparable and n >= SENSITIVE_FLOOR
    ]
    if len(found) < 2 * PLACES:
        return {}
    ordered = [item for _, item in sorted(found)]
    return dict.fromkeys(ordered[:PLACES], LOWEST) | dict.fromkeys(ordered[-PLACES:], BEST)


def _item_columns() -> tuple[ExportColumn, ...]:
    return (
        *_unit_columns(),
        ExportColumn(
            "group",
            gettext("Whose answers"),
            ColumnKind.CODE,
            {1: gettext("the unit"), 2: gettext("small teams in the unit together")},
        ),
        ExportColumn("item", gettext("Statement"), ColumnKind.TEXT),
        ExportColumn("wording", gettext("Wording"), ColumnKind.TEXT),
        ExportColumn("is_reversed", gettext("Reversed statement"), ColumnKind.CODE, _yes_or_no()),
        ExportColumn(
            "place",
            gettext("Among the three best or lowest statements of the group"),
            ColumnKind.CODE,
            {BEST: gettext("best"), LOWEST: gettext("lowest")},
        ),
        ExportColumn(
            "mean",
            gettext("Mean as answered, 1.5 to 6.5, of twenty answers or more"),
            ColumnKind.NUMBER,
        ),
    )


def _background(
    background: Mapping[str, Mapping[str, int]], instrument: Instrument, language: str
) -> ExportTable:
    """Return the counts; whoever is in none of them gave another answer or told nothing."""
    columns = (
        ExportColumn("question", gettext("Question about the person"), ColumnKind.TEXT),
        ExportColumn("wording", gettext("Wording"), ColumnKind.TEXT),
        ExportColumn("option", gettext("Answer"), ColumnKind.TEXT),
        ExportColumn("option_wording", gettext("Answer in words"), ColumnKind.TEXT),
        ExportColumn("people", gettext("People of the whole company"), ColumnKind.COUNT),
    )
    rows = tuple(
        (
            question.code,
            plain(question.text[language]),
            option,
            plain(text[language]),
            background[question.code][option],
        )
        for question in instrument.background
        for option, text in question.options
        if option in background.get(question.code, {})
    )
    return ExportTable("background", gettext("Counts of background answers"), columns, rows)


def _own_results(
    result: AssessmentResult,
) -> Iterator[tuple[str, str, str, Profile | None, Diagnosis | None]]:
    """Yield key, name, function and figures of every unit that has figures of its own."""
    for unit in result.units:
        parts = [("", unit.profile, unit.diagnosis)]
        parts += [(one.function, one.profile, one.diagnosis) for one in unit.functions]
        for function, profile, diagnosis in parts:
            own_profile = profile if profile and profile.source.is_own else None
            own_diagnosis = diagnosis if diagnosis and diagnosis.source.is_own else None
            if own_profile or own_diagnosis:
                yield unit.unit, unit.name, function, own_profile, own_diagnosis


def _score(score: ConstructScore | None) -> Cell:
    if score is None:
        return None
    return round(score.score, 1) if score.band == SMALL else score.score


def _membership(score: ConstructScore | None) -> Cell:
    return _rounded(score.membership, 3) if score else None


def _rounded(number: float | None, decimals: int) -> float | None:
    return None if number is None else round(number, decimals)
