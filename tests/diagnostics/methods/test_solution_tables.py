"""A published solution is read as it is printed, or refused with the place of every fault."""

import pytest

from diagnostics.methods.solution_tables import read_solution
from survey.import_files.problems import FileProblemsError

ELEMENTS = {"TF": "Technology foresight", "AD": "Adaptability", "RB": "Rule-bending"}
Read = list[tuple[str, dict[str, bool], set[str]]]


def read(text: str) -> Read:
    found = read_solution(text, elements=ELEMENTS, file="solution.csv")
    return [(one.name["en"], dict(one.required), set(one.core)) for one in found.patterns]


def faults(text: str) -> list[str]:
    with pytest.raises(FileProblemsError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_expressions_are_read_with_and_without_names() -> None:
    text = "Steady: [TF]*AD*~RB + [TF] * rb\n\nTF*Adaptability\n"

    assert read(text) == [
        ("Steady", {"TF": True, "AD": True, "RB": False}, {"TF"}),
        ("Steady", {"TF": True, "RB": True}, {"TF"}),
        ("Configuration 3", {"TF": True, "AD": True}, {"TF", "AD"}),
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_chart_is_read_whatever_parts_its_columns(separator: str) -> None:
    rows = [
        ["", "Assertive", "Other"],
        ["Technology foresight", "●", "•"],
        ["AD", "⊗", "-"],
        ["rb", "", "⊘"],
    ]

    assert read("\n".join(separator.join(row) for row in rows)) == [
        ("Assertive", {"TF": True, "AD": False}, {"TF", "AD"}),
        ("Other", {"TF": True, "RB": False}, set()),
    ]


def test_every_fault_of_a_chart_is_told_by_line_and_column() -> None:
    signs, whole = "● ⬤ C • ∙ c ⊗ ⨂ N ⊘ ⦻ n", "a configuration of one element or more"

    assert faults(";One;Two\nTF;●;\nXX;?;\n") == [
        f"solution.csv, line 1, column 3: expected {whole}, found 'Two'.",
        "solution.csv, line 3, column 1: expected an element (AD, RB, TF), found 'XX'.",
        f"solution.csv, line 3, column 2: expected one of the signs {signs} or nothing, found '?'.",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "solution.csv: expected at least one configuration, found nothing."),
        ("TF*1x", "solution.csv, line 1: expected a product such as A*~B, found 'TF*1x'."),
        ("AD\nTF*ZZ", "solution.csv, line 2: expected an element (AD, RB, TF), found 'ZZ'."),
        ("+".join(["TF"] * 9), "solution.csv: expected at most 8 configurations, found 9."),
    ],
)
def test_what_is_no_solution_is_refused(text: str, told: str) -> None:
    assert faults(text) == [told]
