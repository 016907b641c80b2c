"""What holds a unit back, and what it gains where that rises, in one sentence each."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.scoring.results import ConstructScore, LeverResult
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.numbers import (
    membership_text,
    one_decimal,
    points_words,
    score_and_interval,
)
from diagnostics.wording.verdicts import level_words

Goals = tuple[float, float]  # scores at which an element counts as reached, and as well inside


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
