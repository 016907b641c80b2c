"""Reasons why an analysis could not be made are told in words of the reader's language."""

import ast

import pytest
from django.utils.translation import gettext

from diagnostics.wording.failures import WORDS, reason_words
from tests.places import ROOT

# What data or a choice of cuts can bring about; the other classes are faults of a caller.
OF_THE_DATA = {
    "NoPositiveRowError", "AllPositiveError", "NoRowError", "NoCasesError", "ConstantSetError",
    "ConvergenceError", "TooManyConditionsError",
}  # fmt: skip


def messages() -> list[str]:
    """Return every such message of the analyses, with 9 where a value stands."""
    files = [*(ROOT / "qca").rglob("*.py")]
    files += [*(ROOT / "diagnostics" / "analyses").glob("*.py")]
    files += [*(ROOT / "diagnostics" / "measurement").glob("*.py")]
    calls = [
        node.exc
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    ]
    return sorted(
        {
            written(call.args[0])
            for call in calls
            if isinstance(call.func, ast.Name) and call.func.id in OF_THE_DATA
        }
    )


def written(text: ast.expr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    assert isinstance(text, ast.JoinedStr)
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "9" for p in text.values)


def test_every_reason_that_data_can_bring_about_is_told_in_plain_words() -> None:
    found = messages()

    assert len(found) > 20
    assert [text for text in found if reason_words(text) == text] == []


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("expected a row coded 1 to explain, found 6 coded 0",
         "no row of the truth table is coded 1"),
        ("expected a row with 7 cases or more, found at most 4",
         "no row has 7 cases or more; the fullest has 4"),
        ("expected memberships of A in [0, 1], found 1.0000000002 in case Finland",
         "memberships lie between 0 and 1, and A is 1.0000000002 in case Finland"),
        ("expected scores from 0, found -0.5, in case Finland",
         "this calibration takes scores from 0, and case Finland has -0.5"),
        (("expected other names of conditions than output, n, consistency, pri, cases, deviant,"
         " which the result uses itself, found 'n'"),
         "no condition may be called n, because a column of the results is"),
        (("expected names of conditions that differ by more than case, since lower case can be"
         " read as absence, found 'A' and 'a'"),
         "A and a differ by case only, and lower case can be read as absence"),
        ("expected an outcome that varies, found SURV = 1.0 in every case",
         "SURV is the same in every case"),
        ("expected more than 29 respondents, found 12",
         "more than 29 complete answers are needed, and there are 12"),
        ("expected at most 5000 patterns of missing answers, found 6012",
         "statements were left open in 6012 different ways, and at most 5000 can be worked on"),
        ("full information: expected an optimum, found -2 ln L 5.0 still falling by 1.0",
         ("the factor model over incomplete answers, so it rests on complete ones alone"
          " (the computation came to no result with these answers)")),
        ("a reason that nobody foresaw", "a reason that nobody foresaw"),
    ],
)  # fmt: skip
def test_a_reason_keeps_the_values_of_its_message(stored: str, told: str) -> None:
    assert reason_words(stored) == told


def test_every_sentence_takes_the_values_that_its_pattern_names() -> None:
    for pattern, words in WORDS:
        values = dict.fromkeys(pattern.groupindex, "9")
        assert gettext(words) % values
        assert words.count("%(") == len(values)
