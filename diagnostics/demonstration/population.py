"""The demonstration organisation as a whole: units, people, who answered, and what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.demonstration.answers import Respondents, generate_answers
from diagnostics.demonstration.design import (
    COMPANY,
    DEMONSTRATION_UNIT,
    DOMAIN,
    OPERATIONS_ANSWERS,
    REGIONS,
    PlannedUnit,
    planned_units,
)
from survey.instrument.content import Instrument
from survey.release.tree import UnitTree

RESPONSE_RATE: Final = 0.76
FIRST_NAMES: Final = (
    "Aino", "Björn", "Clara", "David", "Elif", "Fredrik", "Greta", "Hugo", "Ines", "Jonas",
    "Karin", "Lars", "Maja", "Nils", "Olga", "Pekka", "Rosa", "Sven", "Tove", "Yusuf",
)  # fmt: skip
LAST_NAMES: Final = (
    "Almgren", "Berg", "Castro", "Dahl", "Ek", "Forsman", "Granat", "Holm", "Ivarsson", "Jansen",
    "Kallio", "Lind", "Moreau", "Nyman", "Okafor", "Palm", "Rossi", "Sandell", "Tamm", "Weber",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One invited person; the answers are the number of a row, None where there are none."""

    email: str
    name: str
    unit: str
    function: str
    leads: bool
    row: int | None


@dataclass(frozen=True)
class Population:
    """Everything that is invented for one seed.

    answers: DataFrame[unit, function, leads, <every item>], one row an answering person.
    """

    units: tuple[PlannedUnit, ...]
    people: tuple[Person, ...]
    answers: pd.DataFrame
    backgrounds: tuple[dict[str, str | None], ...]

    def tree(self) -> UnitTree:
        """Return company, regions and units by their codes, parents first."""
        regions = [(region.code, 0, region.name) for region in REGIONS]
        place = {region.code: number for number, region in enumerate(REGIONS, start=1)}
        units = [(unit.code, place[unit.region], unit.name) for unit in self.units]
        keys, parents, names = zip(("HQ", -1, COMPANY), *regions, *units, strict=True)
        return UnitTree(keys, parents, names)


def generate_population(seed: int, instrument: Instrument) -> Population:
    """Return the demonstration organisation of a seed."""
    generator = np.random.Generator(np.random.PCG64(seed))
    units = planned_units(generator)
    of_person = [unit for unit in units for _ in range(unit.answers)]
    functions = _functions(units, generator)
    respondents = Respondents(
        units=np.array([unit.code for unit in of_person]),
        functions=functions,
        ways=tuple(unit.way for unit in of_person),
    )
    answers = generate_answers(respondents, instrument, generator)
    leads = _is_first_of_unit(respondents.units)
    keys = pd.DataFrame({"unit": respondents.units, "function": functions, "leads": leads})
    return Population(
        units=units,
        people=tuple(_people(units, respondents, generator)),
        answers=pd.concat([keys, answers], axis=1),
        backgrounds=_backgrounds(len(answers), instrument, generator),
    )


def _functions(units: tuple[PlannedUnit, ...], generator: np.random.Generator) -> NDArray[np.str_]:
    """Mix both functions in every unit, each unit in its own share; totals are exact."""
    leaning = np.concatenate(
        [np.full(unit.answers, generator.uniform(-0.35, 0.35)) for unit in units]
    )
    rank = np.argsort(np.argsort(leaning + generator.uniform(-0.5, 0.5, len(leaning))))
    return np.where(rank < OPERATIONS_ANSWERS, "operations", "sales")


def _is_first_of_unit(units: NDArray[np.str_]) -> NDArray[np.bool_]:
    """The leader of each unit answers too, and is listed first."""
    _, first = np.unique(units, return_index=True)
    leads = np.zeros(len(units), dtype=np.bool_)
    leads[first] = True
    return leads


def _people(
    units: tuple[PlannedUnit, ...], respondents: Respondents, generator: np.random.Generator
) -> Iterator[Person]:
    row = 0
    for unit in units:
        silent = int(generator.binomial(round(unit.answers / RESPONSE_RATE), 1 - RESPONSE_RATE))
        for number in range(unit.answers + silent):
            answered = number < unit.answers
            function = respondents.functions[row] if answered else _any_function(generator)
            name = f"{generator.choice(FIRST_NAMES)} {generator.choice(LAST_NAMES)}"
            yield Person(
                email=_address(unit, number),
                name=name,
                unit=unit.code,
                function=str(function),
                leads=number == 0,
                row=row if answered else None,
            )
            row += answered


def _address(unit: PlannedUnit, number: int) -> str:
    if unit.code == DEMONSTRATION_UNIT and number == 0:
        return f"leader@{DOMAIN}"
    return f"{unit.code.lower()}.{number + 1:02d}@{DOMAIN}"


def _any_function(generator: np.random.Generator) -> str:
    return str(generator.choice(["operations", "sales"]))


def _backgrounds(
    size: int, instrument: Instrument, generator: np.random.Generator
) -> tuple[dict[str, str | None], ...]:
    chosen = {
        question.code: generator.choice([code for code, _ in question.options], size)
        for question in instrument.background
    }
    left_open = {code: generator.random(size) < 0.1 for code in chosen}
    return tuple(
        {
            code: None if left_open[code][person] else str(values[person])
            for code, values in chosen.items()
        }
        for person in range(size)
    )
