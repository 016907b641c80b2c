"""The names of elements and patterns in a reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diagnostics.scoring.method import Method, NamedPattern, Texts
from survey.instrument.content import Item

FALLBACK = "en"
# German writes nouns with a capital letter; the others begin names in lower case in a sentence.
CAPITALISING = frozenset({"de"})


def text_in(texts: Texts, language: str) -> str:
    """Return a text in a language, else in English, else in any."""
    return texts.get(language) or texts.get(FALLBACK) or next(iter(texts.values()), "")


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence.

    >>> listed(["agility"]), listed(["foresight", "agility", "adaptability"])
    ('agility', 'foresight, agility and adaptability')
    """
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


@dataclass(frozen=True, slots=True)
class Glossary:
    """Names by code."""

    language: str
    constructs: Mapping[str, str]
    outcome: str
    sensitive: frozenset[str]
    patterns: Mapping[str, str]
    summaries: Mapping[str, str]

    def mention(self, *codes: str) -> str:
        """Return construct names as they stand within a sentence."""
        names = [self.constructs[code] for code in codes]
        if self.language not in CAPITALISING:
            names = [name[:1].lower() + name[1:] for name in names]
        return listed(names)

    def pattern(self, code: str | None) -> str:
        """Return a pattern's name; nothing for none."""
        return self.patterns.get(code, "") if code else ""


def glossary(method: Method, language: str, *, function: str = "") -> Glossary:
    """Return the names that a method uses, for both functions or for one."""
    patterns: Sequence[NamedPattern] = method.pattern_set.for_function(function)
    return Glossary(
        language=language,
        constructs={entry.code: text_in(entry.name, language) for entry in method.constructs},
        outcome=method.outcome,
        sensitive=frozenset(entry.code for entry in method.constructs if entry.is_sensitive),
        patterns={entry.code: text_in(entry.name, language) for entry in patterns},
        summaries={entry.code: text_in(entry.summary, language) for entry in patterns},
    )


def asked_wording(item: Item, language: str, function: str = "") -> str:
    """Return a statement as a function reads it, with who is asked where not everybody is."""
    wording = item.wording(language, function)
    if not item.function:
        return wording
    return _("%(wording)s (%(function)s only)") % {
        "wording": wording,
        "function": function_name(item.function),
    }


def function_name(code: str) -> str:
    """Return a function's name within a sentence; both together have no code."""
    return {"operations": _("service operations"), "sales": _("service sales")}.get(
        code, _("both functions")
    )
