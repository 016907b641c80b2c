"""What an entry of the ledger says in words: who it was, and what else is known of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from survey.access import role_words
from survey.mail.domains import domains_told
from survey.models import AskedChange, Function, LedgerEntry, Who, known_action


def who_words(entry: LedgerEntry) -> str:
    """Return who did it, by the name and address of that time.

    Of a command line the name is that of the server's user, who may be several people.
    """
    if entry.who != Who.ACCOUNT:
        kind = str(entry.get_who_display())
        return f"{kind} ({entry.account_name})" if entry.account_name else kind
    return _named(entry.account_name, entry.account_address)


def function_words(function: str) -> str:
    """Return the function's name; nothing where it is both or none."""
    return str(dict(Function.choices).get(function, function))


def concern_words(action: str) -> str:
    """Return why an action is noted; nothing of one that a newer version has noted."""
    known = known_action(action)
    return str(known.concern.label) if known else ""


def detail_words(entry: LedgerEntry, zone: ZoneInfo) -> str:
    """Return what is known beside who, what and where; times by the campaign's clock."""
    return "; ".join(_parts(entry.detail, zone))


def _parts(detail: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    if "address" in detail:
        yield _named(detail["name"], detail["address"])
    for key, label in LABELS.items():
        if key in detail and detail[key] != "":
            words = WORDS.get(key, str)(detail[key])
            yield f"{label}: {_moment(words, zone) if key in MOMENTS else words}"
    for group in detail.get("people", ()):
        place = ", ".join(filter(None, (group["unit"], function_words(group["function"]))))
        without = group.get("without_mail", 0)  # entries of earlier versions do not say
        told = (
            _("%(place)s: %(invited)d invited, %(without)d without e-mail")
            if without
            else _("%(place)s: %(invited)d invited")
        )
        yield told % {"place": place, "invited": group["invited"], "without": without}
    changed = detail.get("tree", ())
    for change in changed[:UNITS_SHOWN]:
        yield f"{_coded(change)}: {unit_words(change)}"
    if more := len(changed[UNITS_SHOWN:]):
        told = ngettext("and %(count)d more, in the file", "and %(count)d more, in the file", more)
        yield told % {"count": more}


def unit_words(change: Mapping[str, Any]) -> str:
    """Return what became of one unit of a changed tree."""
    return ", ".join(_unit_parts(change))


def _unit_parts(change: Mapping[str, Any]) -> Iterator[str]:
    if "under" in change:
        parent = change["under"]
        yield _("under %(unit)s") % {"unit": _coded(parent)} if parent else _("at the top")
    if "formerly_under" in change:
        parent = change["formerly_under"]
        under = _("formerly under %(unit)s")
        yield under % {"unit": _coded(parent)} if parent else _("formerly at the top")
    if "formerly" in change:
        yield _("formerly called “%(name)s”") % {"name": change["formerly"]}


def _coded(unit: Mapping[str, Any]) -> str:
    return _named(unit["name"], unit["code"]) if unit["code"] else unit["name"]


def _named(name: str, address: str) -> str:
    return f"{name} ({address})" if name else address


def _moment(text: str, zone: ZoneInfo) -> str:
    moment = timezone.localtime(datetime.fromisoformat(text), zone)
    return f"{date_format(moment, 'DATETIME_FORMAT')} ({zone.key})"


def register_codes(key: str, words: Mapping[str, str | Promise]) -> None:
    """Tell codes of a detail in words; packages built on this one have codes of their own."""
    _codes.setdefault(key, {}).update(words)


def _code_words(key: str) -> Callable[[Any], str]:
    return lambda code: str(_codes.get(key, {}).get(code, code))


def _change_words(kind: str) -> str:
    return str(dict(AskedChange.Kind.choices).get(kind, kind))


def _yes_or_no(answer: bool) -> str:
    return _("yes") if answer else _("no")


def rules_words(rules: Mapping[str, Any]) -> str:
    """Return rules in the order of their table; PostgreSQL keeps them in one of its own."""
    names = [*(name for name in RULES if name in rules), *sorted(set(rules) - set(RULES))]
    return ", ".join(_rule(name, rules[name]) for name in names)


def _rule(name: str, value: Any) -> str:  # noqa: ANN401
    if name not in RULES:
        return f"{name} {value}"  # noted by another version
    told = _yes_or_no(value) if isinstance(value, bool) else localize(value)
    return f"{RULES[name]}: {told}"


_codes: Final[dict[str, dict[str, str | Promise]]] = {}
# What is told, in this order. Numbers of answers are in no entry's words: sizes are bands.
LABELS: Final[Mapping[str, Promise]] = {
    "role": gettext_lazy("role"),
    "from_unit": gettext_lazy("from unit"),
    "from_function": gettext_lazy("from function"),
    "from": gettext_lazy("from"),
    "to": gettext_lazy("to"),
    "count": gettext_lazy("number"),
    "pattern_set": gettext_lazy("patterns"),
    "calibration": gettext_lazy("calibration"),
    "file": gettext_lazy("file"),
    "analysis": gettext_lazy("analysis"),
    "check": gettext_lazy("check"),
    "fingerprint": gettext_lazy("fingerprint"),
    "digest": gettext_lazy("fingerprint"),
    "questionnaire": gettext_lazy("questionnaire"),
    "questionnaire_fingerprint": gettext_lazy("fingerprint of the questionnaire"),
    "languages": gettext_lazy("languages"),
    "closes_at": gettext_lazy("closes"),
    "asks_attention_check": gettext_lazy("check of attention"),
    "asks_markers": gettext_lazy("statements that have nothing to do with work"),
    "gives_rows": gettext_lazy("single answers for analysts, nothing of units"),
    "launched_alone": gettext_lazy("launched without a second person"),
    "floor": gettext_lazy("fewest answers of a figure"),
    "sensitive_floor": gettext_lazy("fewest answers of patterns and distributions"),
    "exclusion_rules": gettext_lazy("rules for leaving answers out"),
    "retention_months": gettext_lazy("months until answers are deleted"),
    "has_passphrase": gettext_lazy("passphrase of the works council"),
    "units": gettext_lazy("units"),
    "units_created": gettext_lazy("new units"),
    "units_changed": gettext_lazy("changed units"),
    "units_ended": gettext_lazy("units that ended"),
    "leaders_replaced": gettext_lazy("leaders replaced"),
    "leaders_appointed": gettext_lazy("leaders appointed"),
    "accounts_created": gettext_lazy("new accounts"),
    "invited": gettext_lazy("invited"),
    "agreed_by": gettext_lazy("agreed by"),
    "old_domains": gettext_lazy("mail domains until then"),
    "new_domains": gettext_lazy("mail domains from then on"),
    "without_mail": gettext_lazy("without e-mail"),
    "change": gettext_lazy("what was asked for"),
}
RULES: Final[Mapping[str, Promise]] = {
    "attention_check": gettext_lazy("wrong answer to a check of attention"),
    "uniform_share": gettext_lazy("same answer on at least this share of statements"),
    "item_total": gettext_lazy("statement with a lower correlation with the others"),
    "item_total_answers": gettext_lazy("judged from this many answers on"),
}
UNITS_SHOWN: Final = 5  # units of a changed tree on a page; the file has all
MOMENTS: Final = frozenset({"from", "to", "closes_at"})
WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "change": _change_words,
    "role": role_words,
    "from_function": function_words,
    "file": _code_words("file"),
    "check": _code_words("check"),
    "has_passphrase": _yes_or_no,
    "languages": ", ".join,
    "asks_attention_check": _yes_or_no,
    "asks_markers": _yes_or_no,
    "gives_rows": _yes_or_no,
    "launched_alone": _yes_or_no,
    "exclusion_rules": rules_words,
    "old_domains": domains_told,
    "new_domains": domains_told,
}
# Kept for whoever reproduces a release or an assessment, and told nowhere.
UNTOLD: Final = frozenset({
    "answers", "backgrounds", "ballots", "invitations_done", "sets", "seed", "number",
    "compared_with", "from_unit_code", "unit", "function",
})  # fmt: skip
