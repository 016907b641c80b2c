"""The wave half a year before: the same units, fewer people, and agility that has grown since."""

from typing import Final

import numpy as np

from diagnostics.demonstration.answers import Respondents, generate_answers
from diagnostics.demonstration.population import Person, Population
from survey.instrument.answers import Answers
from survey.instrument.content import Instrument

SHARE: Final = 0.7  # of those who answer later; some units fall below ten with it
GROWN: Final = "AG"
LOWER_BY_ONE: Final = 0.45  # share of the answers on it that were a point lower


def earlier_answers(
    population: Population, instrument: Instrument, *, seed: int
) -> dict[str, Answers]:
    """Return who answered then, by address, and what."""
    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    people = _answering(population, generator)
    ways = {unit.code: unit.way for unit in population.units}
    respondents = Respondents(
        units=np.array([person.unit for person in people]),
        functions=np.array([person.function for person in people]),
        ways=tuple(ways[person.unit] for person in people),
    )
    answers = generate_answers(respondents, instrument, generator)
    for item in instrument.construct(GROWN).items:
        lower = generator.random(len(answers)) < LOWER_BY_ONE
        shift = 1 if item.is_reversed else -1
        answers.loc[lower, item.code] += shift
        answers[item.code] = answers[item.code].clip(1, instrument.scale.points)
    return {
        person.email: Answers(
            # A missing answer is NaN, the only number that does not equal itself.
            {str(code): int(value) if value == value else None for code, value in row.items()}, {}
        )
        for person, (_, row) in zip(people, answers.iterrows(), strict=True)
    }  # fmt: skip


def _answering(population: Population, generator: np.random.Generator) -> list[Person]:
    later = [person for person in population.people if person.row is not None]
    return [person for person in later if generator.random() < SHARE]
