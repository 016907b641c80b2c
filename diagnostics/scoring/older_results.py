"""Stored results of earlier versions of the method, brought into the shape of today's."""

from collections.abc import Mapping
from typing import Any, Final

FIRST_METHOD: Final = 1  # held patterns against floors alone, which hardly ever fail
_FINDINGS: Final = {
    "supported": "supported",
    "not_supported": "not_shown",
    "too_few_data": "too_few_answers",
}
_NOT_ASKED: Final = ("expected", "lift", "p", "between", "within", "pools")


def with_five_questions(company: Mapping[str, Any]) -> dict[str, Any]:
    """Return a company's result of version 1 with the questions that it was not asked.

    Its findings keep their words, and the version of the method says what they rest on.
    """
    tests = [
        {**test, "finding": _FINDINGS[test["finding"]], **dict.fromkeys(_NOT_ASKED)}
        for test in company["pattern_tests"]
    ]
    return {**company, "method_version": FIRST_METHOD, "pattern_tests": tests, "set_tests": []}
