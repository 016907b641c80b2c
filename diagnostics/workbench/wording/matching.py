"""How like the configurations of a solution are to named patterns, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from diagnostics.analyses.check_results import MatchingResult, TermMatching
from diagnostics.scoring.method import NamedPattern
from diagnostics.wording.glossary import text_in
from diagnostics.wording.numbers import figure

CLEAR_LEAD: Final = 0.1  # of set coincidence; below it the match is called doubtful
LIKE: Final = 0.6  # set coincidence from which two sets are called alike


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One configuration: the best and the second match, and the doubt."""

    name: str
    term: str
    proposed: str
    best: str
    best_coincidence: str
    shared_core: str
    second: str
    second_coincidence: str
    difference: str
    doubt: str


def match_lines(
    matching: MatchingResult, known: Mapping[str, NamedPattern], *, language: str
) -> tuple[MatchLine, ...]:
    """Return the matches in words."""
    names = {code: text_in(entry.name, language) for code, entry in known.items()}
    return tuple(_line(term, names) for term in matching.terms)


def _line(term: TermMatching, names: Mapping[str, str]) -> MatchLine:
    best, *others = term.likenesses
    second = others[0] if others else None
    lead = (best.coincidence or 0.0) - (second.coincidence or 0.0) if second else None
    return MatchLine(
        name=term.name,
        term=term.term,
        proposed=names.get(term.proposed, ""),
        best=names[best.pattern],
        best_coincidence=figure(best.coincidence),
        shared_core=figure(best.shared_core),
        second=names[second.pattern] if second else "–",
        second_coincidence=figure(second.coincidence) if second else "–",
        difference=figure(lead),
        doubt=_doubt(term, lead),
    )


def _doubt(term: TermMatching, lead: float | None) -> str:
    best = term.likenesses[0]
    if not term.proposed:
        return _("More configurations than named patterns: this one needs a name of its own.")
    if term.proposed != best.pattern:
        return _("The most alike pattern fits another configuration better.")
    if (best.coincidence or 0.0) < LIKE:
        return _("Not much alike: the cases of the two differ.")
    if lead is not None and lead < CLEAR_LEAD:
        return _("Doubtful: the second pattern is nearly as much alike.")
    return _("Clear.")
