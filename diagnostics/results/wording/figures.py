"""Charts and their tables from scores and patterns."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from diagnostics.charts.configuration import configuration_chart
from diagnostics.charts.profile import ProfileValue, profile_chart
from diagnostics.scoring.method import NamedPattern
from diagnostics.scoring.results import ConstructScore, Diagnosis
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.numbers import interval_words, membership_text, score_words, short
from diagnostics.wording.page_parts import (
    ConditionRow,
    ConfigurationFigure,
    ProfileFigure,
    ScoreRow,
)
from diagnostics.wording.verdicts import level_words


def profile_figure(
    scores: Sequence[ConstructScore], *, who: str, crossover: float | None, names: Glossary
) -> ProfileFigure:
    """Return the profile of every construct; those that may not be shown say so."""
    by_code = {score.construct: score for score in scores}
    rows = tuple(_score_row(code, by_code.get(code), names) for code in names.constructs)
    values = [_value(code, by_code.get(code), names) for code in names.constructs]
    return ProfileFigure(
        chart=profile_chart(values, crossover=crossover),
        title=_("Scores of %(who)s on the scale from 1 to 7") % {"who": who},
        description=" ".join(_described(row) for row in rows),
        caption=_profile_caption(scores, crossover),
        rows=rows,
        with_company=any(entry.company for entry in scores),
    )


def _profile_caption(scores: Sequence[ConstructScore], crossover: float | None) -> str:
    parts = [_("Point: the score.")]
    if any(entry.interval for entry in scores):
        parts.append(_("Grey bar: 95 % interval."))
    if any(entry.company for entry in scores):
        parts.append(_("Upright line: the company."))
    if crossover is not None:
        parts.append(_("Dashed line: half in, half out (%s).") % short(crossover))
    return " ".join(parts)


def _hidden(code: str, names: Glossary) -> str:
    return _("from ten answers on") if code in names.sensitive else _("too few answers")


def _value(code: str, score: ConstructScore | None, names: Glossary) -> ProfileValue:
    if score is None:
        return ProfileValue(names.constructs[code], None, text=_hidden(code, names))
    interval = score.interval
    return ProfileValue(
        name=names.constructs[code],
        score=score.score,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        company=score.company,
        text=score_words(score.score),
    )


def _score_row(code: str, score: ConstructScore | None, names: Glossary) -> ScoreRow:
    if score is None:
        return ScoreRow(names.constructs[code], _hidden(code, names), "", "", "", "")
    return ScoreRow(
        name=names.constructs[code],
        score=score_words(score.score),
        interval=interval_words(score.interval),
        company="" if score.company is None else score_words(score.company),
        membership=membership_text(score.membership),
        level=level_words(score.level),
    )


def _described(row: ScoreRow) -> str:
    parts = [f"{row.name}: {row.score}"]
    if row.interval:
        parts.append(f"({row.interval})")
    if row.company:
        parts.append(_("company %(score)s") % {"score": row.company})
    return " ".join(parts) + "."


def configuration_figure(
    diagnosis: Diagnosis, patterns: Sequence[NamedPattern], *, who: str, names: Glossary
) -> ConfigurationFigure:
    """Return what each pattern asks, and the memberships of one set of answers in it."""
    in_patterns = {score.pattern: score.membership for score in diagnosis.patterns}
    in_elements = {score.construct: score.membership for score in diagnosis.scores}
    elements = {code: name for code, name in names.constructs.items() if code != names.outcome}
    return ConfigurationFigure(
        chart=configuration_chart(
            patterns=[entry.pattern for entry in patterns],
            pattern_names=names.patterns,
            element_names=elements,
            element_memberships=in_elements,
            pattern_memberships=in_patterns,
            leading=diagnosis.verdict.leading,
        ),
        title=_("What each pattern asks for, and where %(who)s stands") % {"who": who},
        description=" ".join(_asked(entry, in_patterns, names) for entry in patterns),
        caption=("" if diagnosis.source.is_own else f"{who}. ")
        + _(
            "Large circle: core. Small circle: supporting. Crossed circle: must be absent. Blank: "
            "does not matter. Bars: membership from 0 (out) to 1 (in), with a tick at one half."
        ),
        patterns=tuple(names.patterns[entry.code] for entry in patterns),
        rows=tuple(
            ConditionRow(
                name=name,
                conditions=tuple(_condition(entry, code) for entry in patterns),
                membership=membership_text(in_elements.get(code)),
            )
            for code, name in elements.items()
        ),
        totals=tuple(membership_text(in_patterns.get(entry.code)) for entry in patterns),
        unit_label=_("Here"),
        totals_label=_("Membership in the pattern"),
    )


def _condition(pattern: NamedPattern, code: str) -> str:
    if code not in pattern.required:
        return _("does not matter")
    kind = _("core") if code in pattern.core else _("supporting")
    presence = _("present") if pattern.required[code] else _("absent")
    return f"{presence}, {kind}"


def _asked(pattern: NamedPattern, memberships: dict[str, float], names: Glossary) -> str:
    asked = [f"{names.mention(code)} ({_condition(pattern, code)})" for code in pattern.required]
    return _("%(pattern)s asks for %(elements)s; membership %(membership)s.") % {
        "pattern": names.patterns[pattern.code],
        "elements": ", ".join(asked),
        "membership": membership_text(memberships.get(pattern.code)) or _("unknown"),
    }
