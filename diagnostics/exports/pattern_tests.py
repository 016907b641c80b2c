"""The table of what the company's own answers say about its patterns, function by function."""

from typing import Final

from django.utils.translation import gettext

from diagnostics.exports.tables import ColumnKind, ExportColumn, ExportTable, plain
from diagnostics.scoring.results import AssessmentResult, SetTest
from diagnostics.wording.findings import finding_words
from diagnostics.wording.glossary import Glossary
from qca.patterns.support import BetweenUnits, Finding

FINDING_CODES: Final = {finding: number for number, finding in enumerate(Finding, 1)}
BETWEEN_CODES: Final = {answer: number for number, answer in enumerate(BetweenUnits, 1)}
OF_PATTERN: Final = (
    "consistency", "pri", "coverage", "expected", "lift", "p", "between", "within", "cases",
    "respondents", "pools",
)  # fmt: skip
OF_SET: Final = (
    "association", "attainable", "p", "pools", "pattern_fit", "sum_fit", "lead_low", "lead_high",
)  # fmt: skip


def pattern_test_table(
    result: AssessmentResult, names: Glossary, functions: ExportColumn, codes: dict[str, int]
) -> ExportTable:
    """Return a row a pattern and function; what is asked of all patterns together is in each."""
    version = result.company.method_version
    whole = {test.function: test for test in result.company.set_tests}
    rows = tuple(
        (
            plain(names.pattern(test.pattern)),
            codes[test.function],
            FINDING_CODES[test.finding],
            *(getattr(test, name) for name in OF_PATTERN),
            *_of_set(whole.get(test.function)),
            version,
        )
        for test in result.company.pattern_tests
    )
    columns = (
        ExportColumn("pattern", gettext("Pattern"), ColumnKind.TEXT),
        functions,
        ExportColumn("finding", gettext("Finding"), ColumnKind.CODE, _findings(version)),
        *(ExportColumn(name, label, ColumnKind.NUMBER) for name, label in _pattern_labels()),
        ExportColumn(
            "between_units",
            gettext("Set of patterns: between units, the outcome told by others"),
            ColumnKind.CODE,
            _answers(),
        ),
        *(ExportColumn(f"set_{name}", label, ColumnKind.NUMBER) for name, label in _set_labels()),
        ExportColumn("method_version", gettext("Version of the method"), ColumnKind.NUMBER),
    )
    return ExportTable("pattern_tests", gettext("Do the patterns hold here?"), columns, rows)


def _of_set(test: SetTest | None) -> tuple[float | int | None, ...]:
    if test is None:
        return (None,) * (1 + len(OF_SET))
    return (BETWEEN_CODES[test.between_units], *(getattr(test, name) for name in OF_SET))


def _findings(method_version: int) -> dict[int, str]:
    return {number: finding_words(one, method_version) for one, number in FINDING_CODES.items()}


def _answers() -> dict[int, str]:
    names = {
        BetweenUnits.SHOWN: gettext("shown"),
        BetweenUnits.OPEN: gettext("cannot be told"),
        BetweenUnits.REFUTED: gettext("refuted"),
        BetweenUnits.TOO_FEW_POOLS: gettext("too few units"),
    }
    return {number: names[answer] for answer, number in BETWEEN_CODES.items()}


def _pattern_labels() -> tuple[tuple[str, str], ...]:
    labels = (
        gettext("Consistency"),
        gettext("PRI"),
        gettext("Coverage"),
        gettext("Consistency by chance"),
        gettext("Consistency above chance"),
        gettext("p of it, corrected for the number of patterns"),
        gettext("Consistency between units"),
        gettext("Consistency within units, mean"),
        gettext("People more in than out"),
        gettext("People"),
        gettext("Groups with people more in than out; 10 stands for more"),
    )
    return tuple(zip(OF_PATTERN, labels, strict=True))


def _set_labels() -> tuple[tuple[str, str], ...]:
    labels = (
        gettext("Set of patterns: association between units"),
        gettext("Set of patterns: the most that units as alike as these allow"),
        gettext("Set of patterns: p of the association"),
        gettext("Set of patterns: groups"),
        gettext("Set of patterns: R² of the best pattern, units left out"),
        gettext("Set of patterns: R² of a plain sum, units left out"),
        gettext("Set of patterns: R² of pattern less sum, lower end"),
        gettext("Set of patterns: R² of pattern less sum, upper end"),
    )
    return tuple(zip(OF_SET, labels, strict=True))
