"""What is said of a pattern set or a calibration before it is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diagnostics.methods.wording.pattern_sets import pattern_set_figure
from diagnostics.scoring.method import CalibrationContent, CalibrationKind, PatternSetContent
from diagnostics.scoring.pattern_reviews import Doubt, LeadingPatterns, PatternDoubt
from diagnostics.wording.glossary import listed, text_in
from diagnostics.wording.page_parts import ConfigurationFigure


@dataclass(frozen=True, slots=True)
class EffectLine:
    """In how many units of the last release one pattern leads, now and then."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do to the last release."""

    release: str
    units: int
    changed: int
    lines: tuple[EffectLine, ...]
    unreadable: str = ""  # why nobody can read the release's results, and nothing else is told


@dataclass(frozen=True, slots=True)
class SetReview:
    """A pattern set as it would be: its chart, its expressions, doubts and its effect."""

    figure: ConfigurationFigure
    expressions: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    effect: Effect | None


def set_review(
    content: PatternSetContent,
    doubts: Iterable[PatternDoubt],
    effect: Effect | None,
    *,
    language: str,
    element_names: Mapping[str, str],
) -> SetReview:
    """Return the review of a set in a language."""
    names = {entry.code: text_in(entry.name, language) for entry in content.patterns}
    return SetReview(
        figure=pattern_set_figure(content, language=language, element_names=element_names),
        expressions=tuple((names[one.code], one.pattern.expression) for one in content.patterns),
        doubts=tuple(_doubt(one, names) for one in doubts),
        effect=effect,
    )


def effect_of(counts: LeadingPatterns, *, release: str, names: Mapping[str, str]) -> Effect:
    """Return the effect in names, patterns that led before first."""
    codes = list(dict.fromkeys([*counts.before, *counts.after]))
    lines = tuple(
        EffectLine(names.get(code, code), counts.before.get(code, 0), counts.after.get(code, 0))
        for code in codes
    )
    return Effect(release, counts.units, counts.changed, lines)


def unreadable_effect(release: str, reason: str) -> Effect:
    """Return an effect that only says why it is not known."""
    return Effect(release, units=0, changed=0, lines=(), unreadable=reason)


def calibration_doubts(
    content: CalibrationContent, names: Mapping[str, str], *, points: int = 7
) -> tuple[str, ...]:
    """Return what speaks against a calibration rule."""
    found = []
    if content.kind is CalibrationKind.ABSOLUTE:
        exact = [code for code, three in content.anchors.items() if three[1] == round(three[1])]
        if exact:
            found.append(
                _(
                    "A crossover at a whole number is a mean that many people reach exactly "
                    "(%(of)s): they would be neither in nor out."
                )
                % {"of": listed([names.get(code, code) for code in exact])}
            )
        outside = [
            code for code, three in content.anchors.items() if three[0] < 1 or three[2] > points
        ]
        if outside:
            found.append(
                _("No answer reaches an anchor outside the scale from 1 to %(points)d (%(of)s).")
                % {"points": points, "of": listed([names.get(code, code) for code in outside])}
            )
    else:
        found.append(
            _(
                "Percentiles are counted among the company's own answers when the ballots are "
                "opened: half of the people are always more in than out, whatever they answer."
            )
        )
    return tuple(found)


def _doubt(doubt: PatternDoubt, names: Mapping[str, str]) -> str:
    shown: Sequence[str] = [names.get(code, code) for code in doubt.patterns]
    first, second = (*shown, "", "")[:2]
    words = {
        Doubt.SAME: _("%(first)s and %(second)s ask for the same."),
        Doubt.CONTAINED: _(
            "%(second)s asks for all that %(first)s asks for, and more: it can never lead before "
            "it."
        ),
        Doubt.NO_CORE: _("%(first)s has no core element."),
        Doubt.ONLY_ABSENCE: _("%(first)s asks only for what must be absent."),
        Doubt.NONE_WITHOUT_SENSITIVE: _(
            "Every pattern asks for rule-bending, so that no advice can offer one without it."
        ),
    }
    return words[doubt.doubt] % {"first": first, "second": second}
