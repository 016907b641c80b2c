"""Configuration chart after Fiss (2011): core and peripheral conditions of a solution's terms."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from qca.errors import OptionError
from qca.minimisation.counterfactuals import CounterfactualPair, IntermediateSolution
from qca.minimisation.implicants import Implicants
from qca.minimisation.solutions import Solution, TermFit


class Mark(Enum):
    """What a condition is to a configuration; the value is its symbol in text.

    Core conditions are in the intermediate term and in a parsimonious one that contains it;
    peripheral conditions are in the intermediate term only.
    """

    CORE_PRESENT = "●"
    PERIPHERAL_PRESENT = "•"
    CORE_ABSENT = "⊗"
    PERIPHERAL_ABSENT = "×"
    IRRELEVANT = " "

    @property
    def core(self) -> bool:
        """Whether the condition is core."""
        return self in (Mark.CORE_PRESENT, Mark.CORE_ABSENT)

    @property
    def required(self) -> bool | None:
        """True if the condition must be present, False if absent, None if irrelevant."""
        if self is Mark.IRRELEVANT:
            return None
        return self in (Mark.CORE_PRESENT, Mark.PERIPHERAL_PRESENT)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One column of the chart.

    Attributes
    ----------
    name : number of the set of core conditions, with a letter where several share it (1a, 1b, 2)
    term : text such as `A*~B`
    marks : one for each condition of the chart
    consistency, pri, coverage, unique_coverage : see `qca.minimisation.solutions.TermFit`
    cases : names of the cases in its positive rows
    """

    name: str
    term: str
    marks: tuple[Mark, ...]
    consistency: float
    pri: float
    coverage: float
    unique_coverage: float
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfigurationChart:
    """The configurations of one model; page, document and text printer draw the same data.

    Attributes
    ----------
    outcome : the outcome as written
    conditions : names, the rows of the chart
    configurations : its columns, those with the same core conditions side by side
    consistency, pri, coverage : of the whole model
    source : pair and model drawn, such as "C1P1, model 1 of 2"
    """

    outcome: str
    conditions: tuple[str, ...]
    configurations: tuple[Configuration, ...]
    consistency: float
    pri: float
    coverage: float
    source: str

    def __str__(self) -> str:
        return chart_text(self)


def configuration_chart(
    solution: IntermediateSolution, *, pair: str = "C1P1", model: int = 0
) -> ConfigurationChart:
    """Draw up the chart of an intermediate model.

    Parameters
    ----------
    solution : intermediate solution
    pair : name of the pair of models it lies between
    model : place of the intermediate model in that pair, from 0

    Returns
    -------
    ConfigurationChart
        Ordered by core conditions, the set with the highest raw coverage first.

    Raises
    ------
    OptionError
        There is no such pair or model.

    Examples
    --------
    >>> import pandas as pd
    >>> from qca.minimisation.three_solutions import minimise
    >>> from qca.truth_tables.truth_table import truth_table
    >>> data = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "C": [1, 1, 1, 0],
    ...                      "Y": [1, 0, 0, 0]})
    >>> table = truth_table(data, outcome="Y")
    >>> found = minimise(table, solution="intermediate", directional_expectations=["1"] * 3)
    >>> print(configuration_chart(found))
    Y                      1
    A                      ●
    B                      ●
    C                      •
    Consistency         1.00
    PRI                 1.00
    Raw coverage        1.00
    Unique coverage        -
    <BLANKLINE>
    Solution consistency 1.00, PRI 1.00, coverage 1.00 (C1P1, model 1 of 1)
    ● core, present   • peripheral, present   ⊗ core, absent   × peripheral, absent

    References
    ----------
    Fiss (2011), Building better causal theories, Academy of Management Journal 54(2).
    """
    chosen = _pair_named(solution, pair)
    models = chosen.solution.rows.models
    if not 0 <= model < len(models):
        raise OptionError(f"expected a model from 0 to {len(models) - 1}, found {model}")
    fit = chosen.solution.fit(model)
    parsimonious = solution.parsimonious.rows
    simple = parsimonious.implicants.keep(parsimonious.models[chosen.parsimonious_model])
    columns = _ordered([(_core(term, simple), term) for term in fit.terms])
    return ConfigurationChart(
        outcome=chosen.solution.table.outcome,
        conditions=chosen.solution.table.conditions,
        configurations=tuple(
            _configuration(chosen.solution, name, core, term)
            for name, (core, term) in zip(_names(columns), columns, strict=True)
        ),
        consistency=fit.consistency,
        pri=fit.pri,
        coverage=fit.coverage,
        source=f"{pair}, model {model + 1} of {len(models)}",
    )


def chart_text(chart: ConfigurationChart) -> str:
    """Print a chart as plain text, one column a configuration.

    Parameters
    ----------
    chart : the chart

    Returns
    -------
    str
        Lines without trailing blanks; figures with two decimals, "-" for NaN.

    Examples
    --------
    >>> column = Configuration("1", "A", (Mark.CORE_PRESENT,), 1.0, 1.0, 0.5, math.nan, ("p",))
    >>> chart = ConfigurationChart("Y", ("A",), (column,), 1.0, 1.0, 0.5, "C1P1, model 1 of 1")
    >>> chart_text(chart).splitlines()[1]
    'A                      ●'
    """
    columns = chart.configurations
    lines = [(chart.outcome, [column.name for column in columns])]
    for place, condition in enumerate(chart.conditions):
        lines.append((condition, [column.marks[place].value for column in columns]))
    figures = (
        ("Consistency", [column.consistency for column in columns]),
        ("PRI", [column.pri for column in columns]),
        ("Raw coverage", [column.coverage for column in columns]),
        ("Unique coverage", [column.unique_coverage for column in columns]),
    )
    lines += [(label, [_figure(value) for value in values]) for label, values in figures]
    width = max(len(label) for label, _ in lines) + 1
    body = [label.ljust(width) + "".join(cell.rjust(8) for cell in cells) for label, cells in lines]
    whole = (
        f"Solution consistency {_figure(chart.consistency)}, PRI {_figure(chart.pri)},"
        f" coverage {_figure(chart.coverage)} ({chart.source})"
    )
    legend = (
        f"{Mark.CORE_PRESENT.value} core, present   {Mark.PERIPHERAL_PRESENT.value} peripheral,"
        f" present   {Mark.CORE_ABSENT.value} core, absent   {Mark.PERIPHERAL_ABSENT.value}"
        " peripheral, absent"
    )
    return "\n".join([*(line.rstrip() for line in body), "", whole, legend])


def _pair_named(solution: IntermediateSolution, name: str) -> CounterfactualPair:
    for pair in solution.pairs:
        if pair.name == name:
            return pair
    names = ", ".join(pair.name for pair in solution.pairs)
    raise OptionError(f"expected a pair among {names}, found {name!r}")


def _core(term: TermFit, simple: Implicants) -> int:
    """Conditions of the parsimonious terms that contain the term, as bits."""
    core = 0
    for mask, value in zip(simple.masks.tolist(), simple.values.tolist(), strict=True):
        if term.mask & mask == mask and term.value & mask == value:
            core |= mask
    return core


def _ordered(columns: Sequence[tuple[int, TermFit]]) -> list[tuple[int, TermFit]]:
    """Sort by core literals, the core with the highest raw coverage first, then by coverage."""
    best: dict[tuple[int, int], float] = {}
    for core, term in columns:
        key = core, term.value & core
        best[key] = max(best.get(key, 0.0), term.coverage)
    return sorted(
        columns,
        key=lambda column: (
            -best[column[0], column[1].value & column[0]],
            column[0],
            column[1].value & column[0],
            -column[1].coverage,
            column[1].term,
        ),
    )


def _names(columns: Sequence[tuple[int, TermFit]]) -> list[str]:
    keys = [(core, term.value & core) for core, term in columns]
    numbers = {key: place for place, key in enumerate(dict.fromkeys(keys), 1)}
    used = dict.fromkeys(numbers, 0)
    names = []
    for key in keys:
        used[key] += 1
        names.append(f"{numbers[key]}{_letters(used[key]) if keys.count(key) > 1 else ''}")
    return names


def _letters(number: int) -> str:
    """Count in letters: a to z, then aa, ab and so on."""
    text = ""
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def _configuration(solution: Solution, name: str, core: int, term: TermFit) -> Configuration:
    k = solution.table.k
    return Configuration(
        name=name,
        term=term.term,
        marks=tuple(_mark(term, core, 1 << place) for place in range(k - 1, -1, -1)),
        consistency=term.consistency,
        pri=term.pri,
        coverage=term.coverage,
        unique_coverage=term.unique_coverage,
        cases=tuple(case for row in solution.cases(term) for case in row),
    )


def _mark(term: TermFit, core: int, bit: int) -> Mark:
    if not term.mask & bit:
        return Mark.IRRELEVANT
    if term.value & bit:
        return Mark.CORE_PRESENT if core & bit else Mark.PERIPHERAL_PRESENT
    return Mark.CORE_ABSENT if core & bit else Mark.PERIPHERAL_ABSENT


def _figure(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"
