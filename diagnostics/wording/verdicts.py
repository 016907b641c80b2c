"""Results as sentences: verdicts, levels, stability, bottlenecks and levers in plain words."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.charts.configuration import membership_text
from diagnostics.scoring.results import ConstructScore, Interval, LeverResult, VerdictResult
from diagnostics.wording.glossary import Glossary, listed
from qca.patterns.verdicts import Level, VerdictKind
from survey.policy import MEAN_HIGH, MEAN_LOW

Goals = tuple[float, float]  # scores at which an element counts as reached, and as well inside

# Which pattern leads is beside the point while none fits.
BELOW_HALF = frozenset({VerdictKind.ELEMENT_FIRST, VerdictKind.NONE_YET})
NEARLY_ALWAYS = 0.95  # share of draws from which "nearly every time" is said


def level_words(level: Level | None) -> str:
    """Return a membership's level (method, "Words")."""
    if level is None:
        return ""
    return {
        Level.WELL_INSIDE: _("well inside"),
        Level.MORE_IN_THAN_OUT: _("more in than out"),
        Level.NOT_YET: _("not yet"),
    }[level]


def one_decimal(number: float) -> str:
    """Return a number rounded to one decimal; Django's own formatting would cut it.

    >>> one_decimal(4.56)
    '4.6'
    """
    return number_format(round(number, 1), 1)


def score_words(score: float) -> str:
    """Return a score in scale points with one decimal; the ends of the scale only as limits.

    >>> score_words(4.64), score_words(6.5), score_words(1.2)
    ('4.6', '≥ 6.5', '≤ 1.5')
    """
    if score <= MEAN_LOW:
        return f"≤ {one_decimal(MEAN_LOW)}"
    if score >= MEAN_HIGH:
        return f"≥ {one_decimal(MEAN_HIGH)}"
    return one_decimal(score)


def interval_words(interval: Interval | None) -> str:
    """Return an interval in scale points, cut at the ends that are shown."""
    if interval is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": one_decimal(max(interval.low, MEAN_LOW)),
        "high": one_decimal(min(interval.high, MEAN_HIGH)),
    }


def score_and_interval(entry: ConstructScore) -> str:
    """Return a score with its interval behind it, where there is one."""
    if entry.interval is None:
        return score_words(entry.score)
    return f"{score_words(entry.score)} ({interval_words(entry.interval)})"


def points_words(points: float) -> str:
    """Return a distance on the answer scale as a person would say it.

    >>> [points_words(points) for points in (0.01, 0.24, 0.5, 1.0)]
    ['one tenth of a point', 'two tenths of a point', 'half a point', 'one point']
    >>> points_words(1.31)
    '1.3 points'
    """
    tenths = max(round(points * 10), 1)
    in_words = {
        1: _("one tenth of a point"),
        2: _("two tenths of a point"),
        3: _("three tenths of a point"),
        4: _("four tenths of a point"),
        5: _("half a point"),
        6: _("six tenths of a point"),
        7: _("seven tenths of a point"),
        8: _("eight tenths of a point"),
        9: _("nine tenths of a point"),
        10: _("one point"),
    }
    return in_words.get(tenths) or _("%(points)s points") % {"points": one_decimal(tenths / 10)}


def signed_points(points: float) -> str:
    """Return a difference in scale points to one decimal, with its sign.

    >>> signed_points(0.34), signed_points(-0.21), signed_points(-0.04)
    ('+0.3', '−0.2', '0.0')
    """
    shown = round(points, 1)
    if not shown:
        return one_decimal(0.0)
    return ("+" if shown > 0 else "−") + one_decimal(abs(shown))


def band_words(band: str) -> str:
    """Return a group's size as the band in which it may be shown.

    >>> band_words("10-19"), band_words("50+")
    ('10–19 answers', '50 or more answers')
    """
    if band.endswith("+"):
        return _("%(least)s or more answers") % {"least": band.removesuffix("+")}
    return _("%(band)s answers") % {"band": band.replace("-", "–")}


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
    """Return the verdict in one line (method, "Verdict")."""
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


def bottleneck_sentence(bottlenecks: tuple[str, ...], pattern: str, names: Glossary) -> str:
    """Name what holds back most; two elements where the answers cannot tell them apart."""
    values = {"names": names.mention(*bottlenecks), "pattern": pattern}
    if len(bottlenecks) == 1:
        return (
            _("What holds back most is %(names)s: of what %(pattern)s asks for, it is lowest.")
            % values
        )
    return (
        _(
            "What holds back most is %(names)s: of what %(pattern)s asks for, they are lowest, and "
            "too close to tell apart."
        )
        % values
    )


def shortfall_sentence(entry: ConstructScore, goals: Goals, names: Glossary) -> str:
    """Say how far an element is from the score at which it counts as reached, or well inside."""
    reached, well_inside = (round(goal, 1) for goal in goals)
    shown = round(entry.score, 1)
    goal = reached if shown < reached else well_inside
    values = {
        "element": capfirst(names.mention(entry.construct)),
        "score": score_and_interval(entry),
        "goal": one_decimal(goal),
        "points": points_words(goal - shown),
    }
    if shown >= well_inside:
        return _("%(element)s stands at %(score)s, well inside already.") % values
    if shown >= reached:
        return (
            _(
                "%(element)s stands at %(score)s, which is enough; from %(goal)s on it would be "
                "well inside: %(points)s more."
            )
            % values
        )
    return (
        _("%(element)s stands at %(score)s; from %(goal)s on it would be reached: %(points)s more.")
        % values
    )


def lever_sentence(lever: LeverResult, before: float, names: Glossary) -> str:
    """Say what raising one or two elements brings."""
    values = {
        "points": capfirst(points_words(lever.points / len(lever.elements))),
        "names": names.mention(*lever.elements),
        "pattern": names.pattern(lever.pattern),
        "before": membership_text(before),
        "after": membership_text(lever.membership),
        "level": level_words(lever.level),
    }
    if len(lever.elements) > 1:
        return (
            _(
                "%(points)s more on each of %(names)s brings the best membership from "
                "%(before)s to %(after)s: %(level)s, in %(pattern)s."
            )
            % values
        )
    return (
        _(
            "%(points)s more on %(names)s brings the best membership from %(before)s to %(after)s: "
            "%(level)s, in %(pattern)s."
        )
        % values
    )
