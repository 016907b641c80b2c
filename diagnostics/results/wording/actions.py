"""A unit's actions as pages and reports show them, and what became of those of the last wave."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.scoring.results import ConstructScore, UnitResult
from diagnostics.scoring.trends import comparable_scores, element_trend
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.numbers import points_words, score_words
from survey.policy import MEAN_HIGH, MEAN_LOW

FEWEST_LINES: Final = 3  # of a report's table; the rest stays free for the team


@dataclass(frozen=True, slots=True)
class NotedAction:
    """An action as it was noted."""

    key: str
    element: str  # code of the construct
    text: str
    owner: str
    due_on: date
    state: str  # in words


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action in words; the address is that of its form, empty for who may only read."""

    text: str
    element: str
    owner: str
    due: str
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class EarlierAction:
    """An action of the wave before, and how its element has changed since."""

    text: str
    who: str  # owner, day and state in one line
    change: str


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What a unit wants to do, and what it wanted to do in the wave before."""

    rows: tuple[ActionRow, ...] = ()
    earlier: tuple[EarlierAction, ...] = ()
    earlier_campaign: str = ""

    @property
    def free_lines(self) -> range:
        """Numbers of the lines that a report leaves for writing by hand; one at least."""
        filled = len(self.rows)
        return range(filled + 1, max(FEWEST_LINES, filled + 1) + 1)


NO_ACTIONS: Final = ActionPlan()


def element_words(code: str, names: Glossary) -> str:
    """Return what an action is about; rule-bending is nothing to raise."""
    name = names.constructs.get(code, code)
    if code in names.sensitive:
        return _("A sanctioned way instead of %(element)s") % {"element": names.mention(code)}
    return name


def action_rows(
    actions: Sequence[NotedAction], names: Glossary, *, address: Callable[[str], str]
) -> tuple[ActionRow, ...]:
    """Return actions in words."""
    return tuple(
        ActionRow(
            text=action.text,
            element=element_words(action.element, names),
            owner=action.owner,
            due=_day(action.due_on),
            state=action.state,
            address=address(action.key),
        )
        for action in actions
    )


def earlier_actions(
    actions: Sequence[NotedAction],
    names: Glossary,
    *,
    before: UnitResult | str | None,
    now: UnitResult,
    comparable: Collection[str],
) -> tuple[EarlierAction, ...]:
    """Return the actions of the wave before with what their elements did since.

    before: what was found then, or why nobody can read it. comparable: the constructs that were
    asked in the same words.
    """
    reason = before if isinstance(before, str) else ""
    old = comparable_scores(None if isinstance(before, str) else before)
    new = comparable_scores(now)
    return tuple(
        EarlierAction(
            text=action.text,
            who=_("%(owner)s, by %(day)s: %(state)s")
            % {"owner": action.owner, "day": _day(action.due_on), "state": action.state},
            change=reason or _told_change(action.element, old, new, names, comparable),
        )
        for action in actions
    )


def _told_change(
    code: str,
    old: Mapping[str, ConstructScore],
    new: Mapping[str, ConstructScore],
    names: Glossary,
    comparable: Collection[str],
) -> str:
    if code not in comparable:
        return _("What changed is not shown: the statements are others now.")
    return _change(code, old, new, names)


def _change(
    code: str,
    old: Mapping[str, ConstructScore],
    new: Mapping[str, ConstructScore],
    names: Glossary,
) -> str:
    if code not in old or code not in new:
        return _("What changed is not shown: that takes ten answers in both waves.")
    then, now = round(old[code].score, 1), round(new[code].score, 1)
    values = {
        "element": capfirst(names.mention(code)),
        "before": score_words(then),
        "now": score_words(now),
        "points": points_words(abs(now - then)),
    }
    if then == now or {then, now} & {MEAN_LOW, MEAN_HIGH}:
        return _("%(element)s stood at %(before)s then and stands at %(now)s now.") % values
    if now > then:
        text = _("%(element)s stood at %(before)s then and stands at %(now)s now: %(points)s more.")
    else:
        text = _("%(element)s stood at %(before)s then and stands at %(now)s now: %(points)s less.")
    sentence = text % values
    if not element_trend(old[code], new[code]).is_clear:
        sentence += " " + _("So small a change may be chance.")
    return sentence


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
