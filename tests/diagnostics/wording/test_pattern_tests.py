"""What pages say of the five questions: every answer, and results of version 1 of the method."""

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.documents import COMPANY_RESULT
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.method_box import method_facts
from diagnostics.results.wording.support import advice_is_doubtful, support_sentences
from diagnostics.scoring.older_results import FIRST_METHOD
from diagnostics.scoring.results import METHOD_VERSION, CompanyResult, SetTest
from diagnostics.wording.findings import finding_words
from diagnostics.wording.glossary import glossary
from diagnostics.wording.page_parts import CompanyReading
from qca.patterns.support import BetweenUnits, Finding
from tests.diagnostics.example_results import SETTING, example_assessment

ASSESSMENT = example_assessment()
BOTH = ("operations", "sales")


def of_one_function() -> CompanyResult:
    """The example's operations alone."""
    company = ASSESSMENT.company
    return replace(
        company,
        pattern_tests=company.pattern_tests[:3],
        set_tests=company.set_tests[:1],
    )


def found(*findings: Finding) -> CompanyResult:
    company = of_one_function()
    tests = zip(company.pattern_tests, findings, strict=True)
    return replace(company, pattern_tests=tuple(replace(test, finding=one) for test, one in tests))


def read(company: CompanyResult) -> CompanyReading:
    return company_reading(replace(ASSESSMENT, company=company), setting=SETTING, language="en")


def asked_of_all(**changes: Any) -> tuple[str, str]:  # noqa: ANN401 - fields of a set's test
    """What is answered to questions 2 and 4 of a set that is told so."""
    (whole,) = of_one_function().set_tests
    (table,) = read(replace(of_one_function(), set_tests=(replace(whole, **changes),))).pattern_test
    second, fourth = (line for line in table.lines if line.is_shared)
    return second.cells[0], fourth.cells[0]


def test_every_question_has_a_line_with_its_figures() -> None:
    (table,) = read(of_one_function()).pattern_test

    assert (table.function, table.patterns) == (
        "Service operations",
        ("Assertive", "Responsive", "Nimble"),
    )
    assert [(line.question[:12], line.cells[0]) for line in table.lines] == [
        ("In a word", "supported"),
        ("1. More than", ".87; .74; p ≤ .01"),
        ("PRI; coverag", ".71; .55"),
        ("2. Between u", "yes: association .35, at most .51, p ≤ .01, 24 groups"),
        ("3. Consisten", ".87; .98; .88"),
        ("4. More than", "as much: R² .44 against .39 in units left out, −.01 to .11 apart"),
        ("5. People an", "61; 10 groups or more"),
    ]


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        (BetweenUnits.SHOWN, "yes: "),
        (BetweenUnits.OPEN, "cannot be told: "),
        (BetweenUnits.REFUTED, "no: "),
    ],
)
def test_the_answer_of_the_units_comes_before_its_figures(
    answer: BetweenUnits, begins: str
) -> None:
    assert asked_of_all(between_units=answer)[0].startswith(f"{begins}association .35")


def test_a_plain_sum_wins_or_loses_by_the_whole_interval() -> None:
    assert asked_of_all(lead_low=-0.2, lead_high=-0.01)[1].startswith("no: R²")
    assert asked_of_all(lead_low=0.01, lead_high=0.2)[1].startswith("yes: R²")


def test_what_few_units_cannot_tell_is_said_without_figures() -> None:
    nothing = SetTest(
        "operations", BetweenUnits.TOO_FEW_POOLS, 3, *[None] * 7
    )  # fmt: skip
    (table,) = read(replace(of_one_function(), set_tests=(nothing,))).pattern_test

    assert {line.cells for line in table.lines if line.is_shared} == {
        ("cannot be told with so few units",)
    }


def test_each_finding_is_a_sentence_of_its_own() -> None:
    company = found(Finding.AMONG_PERSONS, Finding.PLAIN_SUM, Finding.TOO_FEW_ANSWERS)

    assert read(company).pattern_test_words[1:] == (
        (
            "In service operations, 1 of 3 patterns go with a turn to digital services among "
            "persons; units are too few or too alike to tell more: Assertive."
        ),
        (
            "In service operations, 1 of 3 patterns go with a turn to digital services, but a "
            "plain sum of the elements says as much: Responsive. Take them as a picture, and the "
            "advice element by element."
        ),
        "In service operations, 1 of 3 patterns have too few answers to be tested: Nimble.",
    )


def test_patterns_of_one_or_two_groups_are_named() -> None:
    company = of_one_function()
    few = replace(company.pattern_tests[0], pools=2)
    changed = read(replace(company, pattern_tests=(few, *company.pattern_tests[1:])))

    assert changed.pattern_test_words[-1] == (
        "In service operations, the people behind Assertive are in one or two groups."
    )
    assert changed.pattern_test[0].lines[-1].cells[0] == "61; fewer than 3 groups"


@pytest.mark.parametrize(
    ("first", "second", "is_doubtful"),
    [
        (Finding.NOT_SHOWN, Finding.NOT_SHOWN, True),
        (Finding.NOT_SHOWN, Finding.TOO_FEW_ANSWERS, True),
        (Finding.NOT_SHOWN, Finding.AMONG_PERSONS, False),
        (Finding.NOT_SHOWN, Finding.PLAIN_SUM, False),
        (Finding.TOO_FEW_ANSWERS, Finding.TOO_FEW_ANSWERS, False),
        (Finding.AMONG_PERSONS, Finding.PLAIN_SUM, False),
    ],
)
def test_advice_is_greyed_only_where_no_function_carries_it(
    first: Finding, second: Finding, is_doubtful: bool
) -> None:
    tests = ASSESSMENT.company.pattern_tests
    company = replace(
        ASSESSMENT.company,
        pattern_tests=(replace(tests[0], finding=first), replace(tests[3], finding=second)),
    )

    assert advice_is_doubtful(company, "assertive", BOTH) is is_doubtful


def test_a_reader_of_a_unit_is_told_what_its_pattern_rests_on() -> None:
    names = glossary(ASSESSMENT.method, "en")
    said = [
        support_sentences(found(finding, finding, finding), "nimble", names, BOTH)
        for finding in (Finding.SUPPORTED, Finding.AMONG_PERSONS, Finding.PLAIN_SUM)
    ]

    assert said == [
        (),
        (
            (
                "In this company's own answers, Nimble goes with a turn to digital services among "
                "persons; units are too few or too alike to tell more (service operations)."
            ),
        ),
        (
            (
                "In this company's own answers, Nimble goes with a turn to digital services, but a "
                "plain sum of the elements says as much (service operations). Take the pattern as "
                "a picture, and go by the elements."
            ),
        ),
    ]


def test_results_of_version_one_are_read_and_labelled_as_such() -> None:
    newest = COMPANY_RESULT.stored(ASSESSMENT.company)["content"]
    asked_then = ("pattern", "function", "consistency", "pri", "coverage", "cases", "respondents")
    older = {name: value for name, value in newest.items() if name not in {"method_version"}}
    del older["set_tests"]
    older["pattern_tests"] = [
        {name: test[name] for name in asked_then} | {"finding": finding}
        for test, finding in zip(
            newest["pattern_tests"][:3], ("supported", "not_supported", "too_few_data"), strict=True
        )
    ]
    company = COMPANY_RESULT.read({"kind": "company result", "version": 1, "content": older})
    reading = read(company)

    assert company.method_version == FIRST_METHOD
    assert reading.pattern_test_words[0].startswith(
        "These results were scored by version 1 of the method, whose test of patterns hardly ever"
    )
    assert [line.cells for line in reading.pattern_test[0].lines] == [
        ("not contradicted", "not shown", "too few answers"),
        (".87",) * 3,
        (".71; .55",) * 3,
        ("61",) * 3,
    ]


def test_supported_is_a_word_of_todays_method_only() -> None:
    assert finding_words(Finding.SUPPORTED, METHOD_VERSION) == "supported"
    assert finding_words(Finding.SUPPORTED, FIRST_METHOD) == "not contradicted"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (FIRST_METHOD, "random redraws of the answers, seed 7, 95 % intervals"),
        (
            METHOD_VERSION,
            "random redraws of the answers, seed 7; 95 % intervals of scores by Student's t",
        ),
    ],
)
def test_intervals_are_said_to_come_from_where_they_came(version: int, said: str) -> None:
    company = replace(ASSESSMENT.company, method_version=version)
    names = glossary(ASSESSMENT.method, "en")
    facts = method_facts(replace(ASSESSMENT, company=company), SETTING, band="", names=names)

    (uncertainty,) = [fact.text for fact in facts if fact.label == "Uncertainty"]
    assert uncertainty.endswith(said)
