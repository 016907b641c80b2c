"""Do the patterns hold here: five questions with their figures, and what follows in sentences."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnostics.scoring.older_results import FIRST_METHOD
from diagnostics.scoring.pattern_tests import POOLS_TOLD
from diagnostics.scoring.results import CompanyResult, PatternTest, SetTest
from diagnostics.wording.findings import finding_words
from diagnostics.wording.glossary import Glossary, function_name, listed
from diagnostics.wording.numbers import signed_text, statistic_text
from diagnostics.wording.page_parts import PatternTestLine, PatternTestTable
from qca.patterns.support import DEFAULT_SUPPORT_POLICY, BetweenUnits, Finding
from survey.policy import SENSITIVE_FLOOR

Glossaries = Mapping[str, Glossary]  # function -> names of its elements and patterns


def pattern_test_tables(company: CompanyResult, names: Glossaries) -> tuple[PatternTestTable, ...]:
    """Return a table a function: its patterns beside each other, a line a question."""
    return tuple(
        PatternTestTable(
            function=capfirst(function_name(function)),
            patterns=tuple(names[function].pattern(test.pattern) for test in tests),
            lines=_lines(company, function, tests),
        )
        for function, tests in _by_function(company).items()
    )


def pattern_test_sentences(company: CompanyResult, names: Glossaries) -> tuple[str, ...]:
    """Say what support takes, and what each function's patterns have of it."""
    found = [_rule(company)]
    for function, tests in _by_function(company).items():
        found += _findings_of(company, function, tests, names[function])
    return tuple(found)


def _by_function(company: CompanyResult) -> dict[str, list[PatternTest]]:
    found: dict[str, list[PatternTest]] = {}
    for test in company.pattern_tests:
        found.setdefault(test.function, []).append(test)
    return found


def _lines(
    company: CompanyResult, function: str, tests: Sequence[PatternTest]
) -> tuple[PatternTestLine, ...]:
    version = company.method_version
    words = [finding_words(test.finding, version) for test in tests]
    if version == FIRST_METHOD:
        return (
            _line(_("In a word"), words),
            _line(_("Consistency"), [statistic_text(test.consistency) for test in tests]),
            _line(_("PRI; coverage"), [_joined(test.pri, test.coverage) for test in tests]),
            _line(_("People"), [_cases(test) for test in tests]),
        )
    whole = next((test for test in company.set_tests if test.function == function), None)
    return (
        _line(_("In a word"), words),
        _line(_("1. More than chance? Consistency, by chance, p"), map(_chance, tests)),
        _line(_("PRI; coverage"), [_joined(test.pri, test.coverage) for test in tests]),
        _shared(_("2. Between units, the outcome told by other people?"), _other_people(whole)),
        _line(
            _("3. Consistency of all; between units; within units"),
            [_joined(test.consistency, test.between, test.within) for test in tests],
        ),
        _shared(_("4. More than a plain sum of the elements?"), _plain_sum(whole)),
        _line(_("5. People and groups behind it"), map(_behind, tests)),
    )


def _line(question: str, cells: Iterable[str]) -> PatternTestLine:
    return PatternTestLine(question, tuple(cells), is_shared=False)


def _shared(question: str, cell: str) -> PatternTestLine:
    """A line that is said of all patterns together."""
    return PatternTestLine(question, (cell,), is_shared=True)


def _joined(*figures: float | None) -> str:
    return "; ".join(statistic_text(figure) for figure in figures)


def _chance(test: PatternTest) -> str:
    if test.p is None:
        return _joined(test.consistency, test.expected)
    return f"{_joined(test.consistency, test.expected)}; p ≤ {statistic_text(test.p)}"


def _other_people(whole: SetTest | None) -> str:
    if whole is None or whole.association is None:
        return _("cannot be told with so few units")
    text = {
        BetweenUnits.SHOWN: _("yes: association %(found)s, at most %(most)s, p ≤ %(p)s, %(pools)s"),
        BetweenUnits.OPEN: _(
            "cannot be told: association %(found)s, at most %(most)s, p ≤ %(p)s, %(pools)s"
        ),
    }.get(
        whole.between_units,
        _("no: association %(found)s, at most %(most)s, p ≤ %(p)s, %(pools)s"),
    )
    return text % {
        "found": signed_text(whole.association),
        "most": statistic_text(whole.attainable),
        "p": statistic_text(whole.p),
        "pools": _groups(whole.pools or 0),
    }


def _plain_sum(whole: SetTest | None) -> str:
    if whole is None or whole.lead_low is None or whole.lead_high is None:
        return _("cannot be told with so few units")
    text = _("as much: R² %(pattern)s against %(sum)s in units left out, %(low)s to %(high)s apart")
    if whole.lead_high < 0:
        text = _("no: R² %(pattern)s against %(sum)s in units left out, %(low)s to %(high)s apart")
    elif whole.lead_low > 0:
        text = _("yes: R² %(pattern)s against %(sum)s in units left out, %(low)s to %(high)s apart")
    return text % {
        "pattern": signed_text(whole.pattern_fit),
        "sum": signed_text(whole.sum_fit),
        "low": signed_text(whole.lead_low),
        "high": signed_text(whole.lead_high),
    }


def _behind(test: PatternTest) -> str:
    if test.pools is None:
        return _cases(test)
    if test.pools < DEFAULT_SUPPORT_POLICY.pools:
        groups = _("fewer than %d groups") % DEFAULT_SUPPORT_POLICY.pools
    elif test.pools >= POOLS_TOLD:
        groups = _("%d groups or more") % POOLS_TOLD
    else:
        groups = _groups(test.pools)
    return f"{_cases(test)}; {groups}"


def _groups(count: int) -> str:
    return ngettext("%d group", "%d groups", count) % count


def _cases(test: PatternTest) -> str:
    """How many people fit a pattern; neither they nor the others are told where they are few."""
    if test.cases is None or test.respondents is None:
        return _("fewer than %d") % SENSITIVE_FLOOR
    if test.respondents - test.cases < SENSITIVE_FLOOR:
        return _("all but fewer than %d") % SENSITIVE_FLOOR
    return number_format(test.cases, 0, force_grouping=True)


def _rule(company: CompanyResult) -> str:
    policy = DEFAULT_SUPPORT_POLICY
    if company.method_version == FIRST_METHOD:
        return _(
            "These results were scored by version 1 of the method, whose test of patterns hardly "
            "ever fails: take “not contradicted” for no more than it says. Scoring again asks the "
            "questions of today's version."
        )
    return _(
        "A pattern is supported here when it goes with a turn to digital services more than chance "
        "gives, also where other people of the same unit tell of that turn, and no plain sum of "
        "the elements foretells it better. Consistency from %(consistency)s, PRI from %(pri)s and "
        "%(cases)s people are needed, and far from enough."
    ) % {
        "consistency": statistic_text(policy.consistency),
        "pri": statistic_text(policy.pri),
        "cases": str(policy.cases),
    }


def _findings_of(
    company: CompanyResult, function: str, tests: Sequence[PatternTest], names: Glossary
) -> list[str]:
    """One sentence for every finding that there is, the best one first."""
    if all(test.finding is Finding.TOO_FEW_ANSWERS for test in tests):
        where = {"function": function_name(function)}
        return [_("In %(function)s there are too few answers to test it.") % where]
    found = []
    for finding, text in _texts(company.method_version).items():
        mine = [names.pattern(test.pattern) for test in tests if test.finding is finding]
        values = {
            "function": function_name(function),
            "held": len(mine),
            "all": len(tests),
            "names": ", ".join(mine),
        }
        found += [text % values] if mine else []
    few = [
        names.pattern(test.pattern)
        for test in tests
        if test.pools is not None and test.pools < DEFAULT_SUPPORT_POLICY.pools
    ]
    if few:
        where = {"function": function_name(function), "names": listed(few)}
        found.append(
            _("In %(function)s, the people behind %(names)s are in one or two groups.") % where
        )
    return found


def _texts(method_version: int) -> dict[Finding, str]:
    supported = _("In %(function)s, %(held)d of %(all)d patterns are supported: %(names)s.")
    if method_version == FIRST_METHOD:
        supported = _(
            "In %(function)s, %(held)d of %(all)d patterns are not contradicted: %(names)s."
        )
    return {
        Finding.SUPPORTED: supported,
        Finding.AMONG_PERSONS: _(
            "In %(function)s, %(held)d of %(all)d patterns go with a turn to digital services "
            "among persons; units are too few or too alike to tell more: %(names)s."
        ),
        Finding.PLAIN_SUM: _(
            "In %(function)s, %(held)d of %(all)d patterns go with a turn to digital services, but "
            "a plain sum of the elements says as much: %(names)s. Take them as a picture, and the "
            "advice element by element."
        ),
        Finding.NOT_SHOWN: _(
            "In %(function)s, %(held)d of %(all)d patterns are not shown to go with a turn to "
            "digital services: %(names)s."
        ),
        Finding.TOO_FEW_ANSWERS: _(
            "In %(function)s, %(held)d of %(all)d patterns have too few answers to be tested: "
            "%(names)s."
        ),
    }
