"""What changed since the wave before, in words and rows, or why nothing is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.trends import ElementTrend, PatternTrend, UnitTrend
from diagnostics.wording.glossary import Glossary, glossary, listed
from diagnostics.wording.numbers import membership_text, score_words, signed_points
from diagnostics.wording.page_parts import TrendReading, TrendRow
from diagnostics.wording.verdicts import headline
from qca.patterns.verdicts import DEFAULT_POLICY


@dataclass(frozen=True, slots=True)
class Past:
    """The wave before, as far as words need it."""

    campaign: str
    closed_on: str
    former_name: str = ""  # of the unit, where it was called otherwise
    has_other_parts: bool = False


def trend_reading(
    trend: UnitTrend | None, past: Past, *, now: AssessmentResult, unit: str, language: str
) -> TrendReading:
    """Return what changed; without a trend, that fewer than ten answered in one of the waves."""
    with override(language):
        names = glossary(now.method, language)
        if trend is None:
            return no_trend(
                past,
                _(
                    "Changes are shown where ten people or more answered for %(unit)s alone in "
                    "both waves; that was not so."
                )
                % {"unit": unit},
            )
        return TrendReading(
            since=_since(past),
            sentences=(*_sentences(trend, names), *_cautions(trend, past, unit, names)),
            rows=tuple(_element_row(entry, names) for entry in trend.elements),
            caption=_("Scores in scale points, then and now, with the 95 % interval of the change"),
            pattern_rows=tuple(_pattern_row(entry, names) for entry in trend.patterns),
            pattern_caption=_("Membership in each pattern, then and now"),
        )


def no_trend(past: Past | None, reason: str) -> TrendReading:
    """Return a trend that only says why there is none."""
    return TrendReading(_since(past) if past else "", (reason,), (), "", (), "")


def first_wave_reason() -> str:
    """Say that there is nothing to compare with yet."""
    return _("This is the first wave. From the next one on, changes are shown here.")


def other_statements_reason() -> str:
    """Say that the questionnaire has changed too much to compare anything."""
    return _(
        "The wave before asked other statements, so no change is shown: a difference could come "
        "from the words. From the next wave with these statements on, changes are shown here."
    )


def lineage_reason(unit: str, names: Sequence[str], *, is_split: bool) -> str:
    """Say why a unit's answers then and now are not those of the same group."""
    if not names:
        return _("%(unit)s was not there in the wave before, so no change can be shown.") % {
            "unit": unit
        }
    values = {"unit": unit, "names": listed(list(names))}
    if is_split:
        return (
            _(
                "In the wave before, %(names)s stood for what are several units now. Other people "
                "answered then, so no change of %(unit)s is shown."
            )
            % values
        )
    return (
        _(
            "%(unit)s has come together from several units of the wave before: %(names)s. Other "
            "people answered then, so no change is shown."
        )
        % values
    )


def _since(past: Past) -> str:
    values = {"campaign": past.campaign, "day": past.closed_on}
    return _("Compared with “%(campaign)s”, closed on %(day)s") % values


def _sentences(trend: UnitTrend, names: Glossary) -> list[str]:
    risen = [e.construct for e in trend.elements if e.is_clear and (e.change or 0) > 0]
    fallen = [e.construct for e in trend.elements if e.is_clear and (e.change or 0) < 0]
    found = []
    if risen:
        found.append(
            _("Clearly higher than then: %(elements)s.") % {"elements": names.mention(*risen)}
        )
    if fallen:
        found.append(
            _("Clearly lower than then: %(elements)s.") % {"elements": names.mention(*fallen)}
        )
    if not found:
        found.append(
            _("No element has clearly changed: every difference may be chance, or is too near an "
              "end of the scale to be told.")
        )  # fmt: skip
    return [*found, *_verdict_sentences(trend, names)]


def _verdict_sentences(trend: UnitTrend, names: Glossary) -> list[str]:
    if trend.verdict_before is None or trend.verdict_now is None:
        return []
    then, now = (headline(one, names) for one in (trend.verdict_before, trend.verdict_now))
    if then == now:
        return [_("The verdict is the same as then: %(verdict)s.") % {"verdict": now}]
    return [_("The verdict then: %(then)s. Now: %(now)s.") % {"then": then, "now": now}]


def _cautions(trend: UnitTrend, past: Past, unit: str, names: Glossary) -> list[str]:
    found = []
    if past.former_name:
        found.append(
            _("%(unit)s was called %(former)s then.") % {"unit": unit, "former": past.former_name}
        )
    if past.has_other_parts:
        found.append(
            _("Other units belong to %(unit)s now; part of a change may come from that.")
            % {"unit": unit}
        )
    if trend.reworded:
        found.append(
            _(
                "Not compared, as their statements are others now: %(elements)s. A difference "
                "could come from the words."
            )
            % {"elements": names.mention(*trend.reworded)}
        )
    if not trend.is_same_rule:
        found.append(
            _("Patterns or calibration differ between the waves, so only scores are compared.")
        )
    found.append(
        _("Not quite the same people answered. A change says that answers differ, not why.")
    )
    return found


def _element_row(entry: ElementTrend, names: Glossary) -> TrendRow:
    return TrendRow(
        name=names.constructs[entry.construct],
        before=score_words(entry.before),
        now=score_words(entry.now),
        change="–" if entry.change is None else signed_points(entry.change),
        interval=""
        if entry.interval is None
        else _("%(low)s to %(high)s")
        % {"low": signed_points(entry.interval.low), "high": signed_points(entry.interval.high)},
        words=_change_words(entry),
    )


def _change_words(entry: ElementTrend) -> str:
    if entry.change is None:
        return _("too near an end of the scale to tell")
    if entry.interval is None:
        return _("not known how sure")
    if not entry.is_clear:
        return _("no clear change")
    return _("higher") if entry.change > 0 else _("lower")


def _pattern_row(entry: PatternTrend, names: Glossary) -> TrendRow:
    is_in = [value >= DEFAULT_POLICY.inside for value in (entry.before, entry.now)]
    words = {
        (False, True): _("more in than out now"),
        (True, False): _("no longer more in than out"),
        (True, True): _("more in than out, then and now"),
        (False, False): _("more out than in, then and now"),
    }[(is_in[0], is_in[1])]
    return TrendRow(
        name=names.patterns[entry.pattern],
        before=membership_text(entry.before),
        now=membership_text(entry.now),
        change="",
        interval="",
        words=capfirst(words),
    )
