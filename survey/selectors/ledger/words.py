"""What an entry of the ledger says in words: who it was, and what else is known of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.access import role_words
from survey.models import Function, LedgerEntry, Who, known_action


def who_words(entry: LedgerEntry) -> str:
    """Return who did it, by the name and address of that time."""
    if entry.who != Who.ACCOUNT:
        return str(entry.get_who_display())
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


def _yes_or_no(answer: bool) -> str:
    return _("yes") if answer else _("no")


def _rules(rules: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in rules.items())


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
    "closes_at": gettext_lazy("closes"),
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
    "without_mail": gettext_lazy("without e-mail"),
}
MOMENTS: Final = frozenset({"from", "to", "closes_at"})
WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "role": role_words,
    "from_function": function_words,
    "file": _code_words("file"),
    "check": _code_words("check"),
    "has_passphrase": _yes_or_no,
    "launched_alone": _yes_or_no,
    "exclusion_rules": _rules,
}
# Kept for whoever reproduces a release or an assessment, and told nowhere.
UNTOLD: Final = frozenset({
    "answers", "backgrounds", "ballots", "invitations_done", "sets", "seed", "number",
    "compared_with", "from_unit_code", "unit", "function",
})  # fmt: skip
