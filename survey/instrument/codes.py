"""Codes of items, constructs and background questions: names of variables wherever they go.

A code becomes a column of the answers and of every export, a field of the respondent's form and a
variable in statistics programs. So it has a variable's form, differs from every other code in more
than case, and is no word that one of these places needs itself. Option codes and the
questionnaire's own code are values, never names, and keep a wider form (survey.instrument.shape).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_CODE: Final = 24  # characters, as in the tables
VARIABLE: Final = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_CODE - 1}}}")
DERIVED: Final = "_set"  # ends the name of the membership beside each score in the exports


@dataclass(frozen=True, slots=True)
class WordList:
    """Words that no code may be, compared without case, and what they are in words."""

    owner: Promise | str
    words: frozenset[str]


def _list(owner: Promise, *lines: str) -> WordList:
    return WordList(owner, frozenset(word.casefold() for line in lines for word in line.split()))


PRODUCT: Final = _list(
    gettext_lazy("a word that this software uses itself"),
    # A ballot and a draft: survey.services.ballots, survey.instrument.answers.
    "unit function leads planned answers background items",
    # Columns of the release: survey.release.answers, tables and plan; survey.selectors.releases.
    "pool set item n mean distribution",
    # pandas takes them for something else where columns are keywords, or the index becomes one.
    "self index",
    # Exported tables and their codebook: diagnostics.exports.figures, answers and tables.
    "unit_name verdict leading second membership stability borderline bottleneck "
    "group plan wording is_reversed table variable label kind values",
    # What the R scripts read beside the tables: diagnostics.exports.reproduction and analyses.
    "row configuration output consistency pri coverage solution model pattern condition outcome "
    "relevance expected parameters",
    # Cases of an analysis and of an uploaded matrix: diagnostics.analyses.
    "case cases number",
    # Columns of the files that people bring: survey.import_files.
    "code name parent email language leader_email leader_name",
    # Fields beside those of the constructs in the forms of diagnostics.methods.
    "title note organisation count summary",
)
FORM: Final = _list(
    gettext_lazy("a word of the respondent's form or of this editor"),
    # What a page of the questionnaire posts beside answers: templates/respondent.
    "csrfmiddlewaretoken to language kiosk code",
    # Lookups in templates, which find a field or an answer of that name first.
    "errors non_field_errors fields media data files prefix initial helper is_valid is_bound "
    "hidden_fields visible_fields items keys values",
    # A field named so hides the form's own property from answers.js; HTML standard, 4.10.3 and
    # [LegacyOverrideBuiltIns].
    "acceptCharset action autocomplete enctype encoding method name noValidate target rel relList "
    "elements length submit requestSubmit reset checkValidity reportValidity dataset id "
    "querySelector querySelectorAll addEventListener",
    # The page's own anchor: templates/base.html.
    "main",
    # Places and sections of the editor: survey.instrument.editing.
    "title opening stem opt_out label general background lead_in scale",
)
SPSS: Final = _list(
    gettext_lazy("a word of SPSS"),
    # IBM SPSS Statistics, Command Syntax Reference, Variable Names: reserved keywords. pyreadstat
    # refuses them in capitals.
    "ALL AND BY EQ GE GT LE LT NE NOT OR TO WITH",
)
R: Final = _list(
    gettext_lazy("a word of R or of its package QCA"),
    # ?Reserved in R: data.frame() renames such a column, and no formula takes it.
    "if else repeat while function for next break TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_ "
    "NA_complex_ NA_character_ in",
    # Constants and functions that scripts write without quotes, ours too: a column masks them.
    "T F c t pi letters",
    # Columns that truthTable() of QCA puts beside the conditions.
    "OUT n incl PRI cases DCC",
)
LISTS: Final = (PRODUCT, FORM, SPSS, R)


def code_problem(code: str) -> str:
    """Return what is wrong with a code by itself, as "expected ..., found ..."; empty if nothing.

    >>> code_problem("TF1"), code_problem("leads")[:42]
    ('', 'expected another code, found leads, a word')
    """
    if not VARIABLE.fullmatch(code):
        expected = _("a letter, then letters, digits and _, at most %(most)d characters")
        return _told(expected % {"most": LONGEST_CODE}, code[:80])
    if code.endswith("_"):
        # IBM's reference again: names that SPSS makes itself end so, such as ROWTYPE_.
        return _told(_("a code that does not end with _, as SPSS ends its own names"), code)
    if code.casefold().endswith(DERIVED):
        expected = _("a code that does not end with %(end)s, as the exports end memberships")
        return _told(expected % {"end": DERIVED}, code)
    for known in LISTS:
        if code.casefold() in known.words:
            found = _("%(code)s, %(owner)s") % {"code": code, "owner": known.owner}
            return _told(_("another code"), found)
    return ""


def code_problems(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words what is wrong with the codes of a questionnaire, each with its place.

    The content may come from a file that has other faults as well.
    """
    first: dict[str, str] = {}
    for place, code in _codes(content):
        if not isinstance(code, str):
            expected = _("a letter, then letters, digits and _, at most %(most)d characters")
            found = str(code)[:80] or _("nothing")
            yield f"{place}: {_told(expected % {'most': LONGEST_CODE}, found)}."
            continue
        problem = code_problem(code)
        if not problem and code.casefold() in first:
            found = _("%(code)s beside %(first)s") % {"code": code, "first": first[code.casefold()]}
            problem = _told(_("every code once, whatever its case"), found)
        first.setdefault(code.casefold(), place)
        if problem:
            yield f"{place}: {problem}."


def _told(expected: str, found: str) -> str:
    return _("expected %(expected)s, found %(found)s") % {"expected": expected, "found": found}


def _codes(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield place and code of every construct, item and background question that has one."""
    for number, construct in enumerate(_entries(content.get("constructs")), start=1):
        place = _name(construct) or _("construct %(number)d") % {"number": number}
        yield place, construct.get("code")
        for at, item in enumerate(_entries(construct.get("items")), start=1):
            name = _name(item) or _("item %(number)d") % {"number": at}
            yield f"{place}, {name}", item.get("code")
    for number, question in enumerate(_entries(content.get("background")), start=1):
        name = _name(question) or str(number)
        yield _("background question %(name)s") % {"name": name}, question.get("code")


def _name(entry: Mapping[str, Any]) -> str:
    code = entry.get("code")
    return code[:80] if isinstance(code, str) else ""


def _entries(entries: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, Mapping) and "code" in entry]
