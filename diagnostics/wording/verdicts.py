"""Verdicts as sentences: levels, headlines, how sure they are, in plain words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from diagnostics.scoring.results import VerdictResult
from diagnostics.wording.glossary import Glossary, listed
from diagnostics.wording.numbers import membership_text
from qca.patterns.verdicts import Level, VerdictKind

# Which pattern leads is beside the point while none fits.
BELOW_HALF = frozenset({VerdictKind.ELEMENT_FIRST, VerdictKind.NONE_YET})
NEARLY_ALWAYS = 0.95  # share of draws from which "nearly every time" is said


def level_words(level: Level | None) -> str:
    """Return the words for a level of membership."""
    if level is None:
        return ""
    return {
        Level.WELL_INSIDE: _("well inside"),
        Level.MORE_IN_THAN_OUT: _("more in than out"),
        Level.NOT_YET: _("not yet"),
    }[level]


def _values(verdict: VerdictResult, names: Glossary) -> Mapping[str, str]:
    return {
        "leading": names.pattern(verdict.leading),
        "second": names.pattern(verdict.second),
        "element": names.constructs.get(verdict.element or "", ""),
        "mention": names.mention(verdict.element) if verdict.element else "",
        "membership": membership_text(verdict.membership),
        "level": level_words(verdict.level),
        "patterns": listed(
            [names.pattern(code) for code in (verdict.leading, verdict.second, *verdict.also)]
        ),
    }


def headline(verdict: VerdictResult, names: Glossary) -> str:
    """Return the verdict in one line."""
    if verdict.also:
        return _("Between %(patterns)s") % _values(verdict, names)
    return {
        VerdictKind.PROFILE_ONLY: _("A profile, and no pattern yet"),
        VerdictKind.ELEMENT_FIRST: _("%(element)s first"),
        VerdictKind.NONE_YET: _("No pattern yet; %(leading)s is nearest"),
        VerdictKind.BETWEEN: _("Between %(leading)s and %(second)s"),
        VerdictKind.CLEAR: _("%(leading)s: %(level)s"),
        VerdictKind.LEANING: _("Leaning towards %(leading)s"),
        VerdictKind.NOT_CLEAR: _("Not clear; %(leading)s is a little ahead"),
    }[verdict.kind] % _values(verdict, names)


def verdict_sentence(verdict: VerdictResult, names: Glossary) -> str:
    """Say what the verdict means."""
    if verdict.also:
        return _(
            "%(patterns)s fit so nearly alike that the answers cannot tell which comes first "
            "(membership %(membership)s: %(level)s). Each describes the answers; it is "
            "possible to choose."
        ) % _values(verdict, names)
    return {
        VerdictKind.PROFILE_ONLY: _(
            "There are enough answers for a profile of the elements. Patterns are shown from ten "
            "answers on."
        ),
        VerdictKind.ELEMENT_FIRST: _(
            "Every pattern rests on %(mention)s, and of what they ask for it is too low (below one "
            "half). Which pattern fits is the second question; %(leading)s is nearest (membership "
            "%(membership)s)."
        ),
        VerdictKind.NONE_YET: _(
            "None of the patterns fits so far. Nearest is %(leading)s (membership "
            "%(membership)s: %(level)s)."
        ),
        VerdictKind.BETWEEN: _(
            "%(leading)s and %(second)s fit so nearly alike that the answers cannot tell which "
            "comes first (membership %(membership)s: %(level)s). Both describe the answers; it is "
            "possible to choose."
        ),
        VerdictKind.CLEAR: _("The answers fit %(leading)s (membership %(membership)s: %(level)s)."),
        VerdictKind.LEANING: _(
            "The answers lean towards %(leading)s (membership %(membership)s: %(level)s), without "
            "being settled."
        ),
        VerdictKind.NOT_CLEAR: _(
            "%(leading)s comes first (membership %(membership)s: %(level)s), but the answers are "
            "too few or too different to be sure. That is a result as well: the profile, the "
            "weakest point and the questions for the team are of more use than a name."
        ),
    }[verdict.kind] % _values(verdict, names)


def stability_sentence(verdict: VerdictResult, names: Glossary) -> str:
    """Say how often the same pattern leads when the answers are drawn again.

    Nothing where two fit alike, or none: which of them leads is then no finding.
    """
    if verdict.stability is None or verdict.kind in {*BELOW_HALF, VerdictKind.BETWEEN}:
        return ""
    values = {"pattern": names.pattern(verdict.leading), "count": round(verdict.stability * 10)}
    if verdict.stability >= NEARLY_ALWAYS:
        return (
            _(
                "How sure is that? When the answers are drawn again at random, %(pattern)s leads "
                "nearly every time."
            )
            % values
        )
    return (
        _(
            "How sure is that? When the answers are drawn again at random, %(pattern)s leads about "
            "%(count)d times in ten."
        )
        % values
    )


def borderline_sentence(
    verdict: VerdictResult, other_lens: VerdictResult | None, names: Glossary
) -> str:
    """Say which change of the calibration would give another verdict."""
    if not verdict.is_borderline:
        return ""
    if verdict.turning_points == ("other lens",) and other_lens is not None:
        return _("Borderline: by the other calibration %(pattern)s would lead.") % {
            "pattern": names.pattern(other_lens.leading)
        }
    return _(
        "Borderline: a shift of the calibration by a tenth of a point would change the verdict."
    )
