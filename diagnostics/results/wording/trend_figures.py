"""A unit's scores and verdicts over waves: the chart, its words and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.charts.trend import WaveScore, trend_chart
from diagnostics.scoring.results import AssessmentResult, ConstructScore, UnitResult
from diagnostics.scoring.trends import (
    TOO_SMALL,
    comparable_scores,
    has_same_rule,
    has_same_statements,
)
from diagnostics.wording.glossary import glossary
from diagnostics.wording.numbers import band_words, score_and_interval, score_words
from diagnostics.wording.page_parts import TrendFigure, WaveRow, WaveScoresRow
from diagnostics.wording.verdicts import headline

FEWEST_WAVES = 2  # with ten answers; one alone has nothing to be compared with
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class WaveResult:
    """One wave of a unit: what was found then, and what the unit was called."""

    campaign: str
    closed_on: str
    result: AssessmentResult
    key: str  # of the unit in the result
    comparable: frozenset[str]  # constructs that were asked in the words of the current wave

    @property
    def unit(self) -> UnitResult:
        """The unit as it was found then."""
        return self.result.unit(self.key)


def trend_figure(waves: Sequence[WaveResult], *, language: str) -> TrendFigure | None:
    """Return the chart of a unit's waves, the oldest first and the current one last.

    None unless ten people or more answered in the current wave and in an earlier one.
    """
    scores = [
        {code: one for code, one in comparable_scores(wave.unit).items() if code in wave.comparable}
        for wave in waves
    ]
    if not scores[-1] or sum(map(bool, scores)) < FEWEST_WAVES:
        return None
    now = waves[-1]
    with override(language):
        names = glossary(now.result.method, language).constructs
        found = [(name, [each.get(code) for each in scores]) for code, name in names.items()]
        rows = tuple(
            WaveScoresRow(name, tuple(_cell(entry) for entry in entries)) for name, entries in found
        )
        crossover = _crossover(waves)
        return TrendFigure(
            chart=trend_chart(
                [(name, [_drawn(entry) for entry in entries]) for name, entries in found],
                crossover=(crossover, number_format(f"{crossover:g}")) if crossover else None,
            ),
            title=_("Scores of %(who)s over the waves") % {"who": now.unit.name},
            description=" ".join(f"{row.name}: {', '.join(row.cells)}." for row in rows),
            caption=_(
                "Numbers: the waves, the newest lowest and filled. Point: the score. Grey bar: "
                "95 % interval. Dashed line: half in, half out, where it is the same in all."
            ),
            waves=tuple(
                _wave_row(number, wave, now=now, language=language)
                for number, wave in enumerate(waves, start=1)
            ),
            rows=rows,
        )


def _cell(entry: ConstructScore | None) -> str:
    return NOTHING if entry is None else score_and_interval(entry)


def _drawn(entry: ConstructScore | None) -> WaveScore:
    if entry is None:
        return WaveScore(None, text=NOTHING)
    interval = entry.interval
    return WaveScore(
        score=entry.score,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        text=score_words(entry.score),
    )


def _crossover(waves: Sequence[WaveResult]) -> float | None:
    """Where half in is half out, if that is one place for all elements and waves."""
    places = {three[1] for wave in waves for three in wave.result.anchors.values()}
    return places.pop() if len(places) == 1 else None


def _wave_row(number: int, wave: WaveResult, *, now: WaveResult, language: str) -> WaveRow:
    name = wave.campaign
    if wave.unit.name != now.unit.name:
        name += f" ({wave.unit.name})"
    return WaveRow(
        number=number,
        name=name,
        day=wave.closed_on,
        verdict=_verdict(wave, now, language),
        band=_band(wave.unit),
    )


def _verdict(wave: WaveResult, now: WaveResult, language: str) -> str:
    """The verdict of then, in the words of then; none by patterns or anchors of another kind."""
    diagnosis = wave.unit.own_diagnosis
    if diagnosis is None:
        return _("no verdict of its own")
    if not has_same_statements(now.result, wave.comparable):
        return _("by other statements")
    if not has_same_rule(wave.result, now.result):
        return _("by other patterns or another calibration")
    return headline(diagnosis.verdict, glossary(wave.result.method, language))


def _band(unit: UnitResult) -> str:
    parts = (unit.diagnosis, unit.profile)
    bands = [part.source.band for part in parts if part is not None and part.source.is_own]
    told = [band for band in bands if band not in TOO_SMALL]
    return band_words(told[0]) if told else _("fewer than ten answers")
