"""What the company's own answers say about a pattern, to the reader of one unit."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from diagnostics.scoring.results import CompanyResult
from diagnostics.wording.glossary import Glossary, function_name, listed
from qca.patterns.support import Finding


def advice_is_doubtful(
    company: CompanyResult, pattern: str | None, functions: Sequence[str]
) -> bool:
    """Whether advice rests on a pattern that the answers speak against and nowhere support."""
    found = {finding for _, finding in _findings(company, pattern, functions)}
    return Finding.NOT_SUPPORTED in found and Finding.SUPPORTED not in found


def support_sentences(
    company: CompanyResult, pattern: str | None, names: Glossary, functions: Sequence[str]
) -> tuple[str, ...]:
    """Say in which of the unit's functions a pattern is not supported, or could not be tested."""
    findings = _findings(company, pattern, functions)
    texts = {
        Finding.NOT_SUPPORTED: _(
            "In this company's own answers, %(pattern)s does not go with a turn to digital "
            "services often enough (%(functions)s). Take the advice that rests on it lightly."
        ),
        Finding.TOO_FEW_DATA: _(
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
