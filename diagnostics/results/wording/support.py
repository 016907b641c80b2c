"""What the company's own answers say about a pattern, to the reader of one unit."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from diagnostics.scoring.results import CompanyResult
from diagnostics.wording.glossary import Glossary, function_name, listed
from qca.patterns.support import Finding

# With these advice is given as usual, if with a word about what it rests on.
CARRYING = frozenset({Finding.SUPPORTED, Finding.AMONG_PERSONS, Finding.PLAIN_SUM})


def advice_is_doubtful(
    company: CompanyResult, pattern: str | None, functions: Sequence[str]
) -> bool:
    """Whether advice rests on a pattern that was not shown, and nowhere goes with the outcome."""
    found = {finding for _, finding in _findings(company, pattern, functions)}
    return Finding.NOT_SHOWN in found and not found & CARRYING


def support_sentences(
    company: CompanyResult, pattern: str | None, names: Glossary, functions: Sequence[str]
) -> tuple[str, ...]:
    """Say of every finding but support in which of the unit's functions it was made."""
    findings = _findings(company, pattern, functions)
    texts = {
        Finding.AMONG_PERSONS: _(
            "In this company's own answers, %(pattern)s goes with a turn to digital services among "
            "persons; units are too few or too alike to tell more (%(functions)s)."
        ),
        Finding.PLAIN_SUM: _(
            "In this company's own answers, %(pattern)s goes with a turn to digital services, but "
            "a plain sum of the elements says as much (%(functions)s). Take the pattern as a "
            "picture, and go by the elements."
        ),
        Finding.NOT_SHOWN: _(
            "In this company's own answers, %(pattern)s was not shown to go with a turn to digital "
            "services (%(functions)s). Take the advice that rests on it lightly."
        ),
        Finding.TOO_FEW_ANSWERS: _(
            "Whether %(pattern)s goes with a turn to digital services in this company could not be "
            "tested: too few answers (%(functions)s)."
        ),
    }
    sentences = []
    for finding, text in texts.items():
        concerned = [function_name(code) for code, one in findings if one is finding]
        if concerned:
            values = {"pattern": names.pattern(pattern), "functions": listed(concerned)}
            sentences.append(text % values)
    return tuple(sentences)


def _findings(
    company: CompanyResult, pattern: str | None, functions: Sequence[str]
) -> list[tuple[str, Finding]]:
    return [
        (test.function, test.finding)
        for test in company.pattern_tests
        if test.pattern == pattern and test.function in functions
    ]
