"""Who answered and what was left out, by the rules that were fixed before launch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.wording.glossary import function_name
from diagnostics.wording.numbers import share
from survey.policy import SENSITIVE_FLOOR
from survey.release.exclusions import ExclusionRules
from survey.release.tables import Counts


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """Invited, answered and left out in one function."""

    name: str
    invited: str
    answered: str
    rate: str
    excluded: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of exclusion and how many answers it left out."""

    rule: str
    excluded: str


def response_lines(counts: Counts) -> tuple[ResponseLine, ...]:
    """Return the response by function; small numbers are not told exactly."""
    return tuple(
        ResponseLine(
            name=capfirst(function_name(function)),
            invited=_told(counts.invited.get(function)),
            answered=_told(answered),
            rate=_rate(answered, counts.invited.get(function)),
            excluded=_told(
                sum(by_function.get(function, 0) for by_function in counts.excluded.values())
            ),
        )
        for function, answered in counts.answers.items()
    )


def rule_lines(counts: Counts, stored_rules: Mapping[str, float]) -> tuple[RuleLine, ...]:
    """Return every rule with what it left out."""
    return tuple(_rule_lines(counts, ExclusionRules.from_mapping(stored_rules)))


def item_rule(stored_rules: Mapping[str, float]) -> str:
    """Return the rule by which items are dropped, in words."""
    rules = ExclusionRules.from_mapping(stored_rules)
    return _(
        "An item whose correlation with the mean of its construct's other items is below "
        "%(least)g is dropped, where %(answers)d people or more answered it."
    ) % {"least": rules.item_total, "answers": rules.item_total_answers}


def _rule_lines(counts: Counts, rules: ExclusionRules) -> Iterator[RuleLine]:
    if rules.attention_check:
        yield RuleLine(_("Failed attention check"), _sum(counts, "attention_check"))
    words = _("The same answer on %(share)s of the items or more")
    yield RuleLine(words % {"share": share(rules.uniform_share)}, _sum(counts, "uniform_share"))


def _sum(counts: Counts, rule: str) -> str:
    return _told(sum(counts.excluded.get(rule, {}).values()))


def _rate(answered: int, invited: int | None) -> str:
    if not invited or answered < SENSITIVE_FLOOR:
        return "–"
    return share(answered / invited)


def _told(number: int | None) -> str:
    if number is None:
        return "–"
    if number < SENSITIVE_FLOOR:
        return _("fewer than %(floor)d") % {"floor": SENSITIVE_FLOOR}
    return str(number)
