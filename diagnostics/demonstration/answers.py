"""Answers from a planted structure: units differ, persons differ more, items measure constructs.

A person's level of a construct is that of the unit's way, plus what is the unit's own, plus a
personal part. The outcome follows from the best of three conjunctions of the person's levels, so
that the default patterns induce it. Numbers are in points of the answering scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.demonstration.design import Way
from survey.instrument.content import Construct, ConstructRole, Instrument

ELEMENTS: Final = ("TF", "AD", "AG", "RB", "CF")
LEVELS: Final[Mapping[Way, tuple[float, ...]]] = {  # of a unit, in the order of the elements
    Way.RESPONSIVE: (5.2, 5.15, 5.05, 3.0, 5.5),
    Way.ASSERTIVE: (5.15, 5.15, 3.95, 4.45, 4.65),
    Way.NIMBLE: (5.2, 4.05, 5.2, 4.4, 5.55),
    Way.BETWEEN: (5.25, 5.1, 4.4, 4.4, 4.9),
    Way.UNSIGHTED: (3.5, 4.9, 5.0, 3.4, 4.7),
    Way.UNDECIDED: (4.2, 3.9, 3.8, 3.1, 4.5),
}
SALES_SHIFT: Final = np.array([0.0, -0.1, 0.1, 0.0, 0.15])  # sales less operations
UNIT_DEVIATION: Final = 0.2  # what a unit's way does not explain; one number where in between
PERSON_DEVIATION: Final = 1.0
COMMON_PART: Final = np.array([0.55, 0.55, 0.5, 0.0, 0.55])  # loading on one's general outlook
OUTCOME_FLOOR: Final = 2.7
OUTCOME_RISE: Final = 3.6  # from membership 0 to membership 1 in the best conjunction
OUTCOME_DEVIATION: Final = 0.55
OUTCOME_UNIT_DEVIATION: Final = 0.35
ITEM_DEVIATION: Final = 0.95
ITEM_DIFFICULTY: Final = 0.25
MISSING: Final = 0.015  # share of single answers left out
MISSING_SENSITIVE: Final = 0.03
STRAIGHT_LINERS: Final = 5  # persons who give one answer throughout
INATTENTIVE: Final = 4  # persons who answer at random and miss the check


@dataclass(frozen=True)
class Respondents:
    """Who answers: unit codes, functions, and the ways of the units, all of one length."""

    units: NDArray[np.str_]
    functions: NDArray[np.str_]
    ways: tuple[Way, ...]


def generate_answers(
    respondents: Respondents, instrument: Instrument, generator: np.random.Generator
) -> pd.DataFrame:
    """Return DataFrame[<every item>], 1 to 7 or missing, one row a respondent."""
    levels = element_levels(respondents, generator)
    outcome = outcome_levels(levels, respondents.units, generator)
    columns: dict[str, NDArray[np.float64]] = {}
    for construct in instrument.constructs:
        if construct.role is ConstructRole.CHECK:
            for item in construct.items:
                columns[item.code] = np.full(len(levels), float(item.expected or 1))
            continue
        if construct.code in ELEMENTS:
            level = levels[:, ELEMENTS.index(construct.code)]
        elif construct.role is ConstructRole.OUTCOME:
            level = outcome
        else:
            level = generator.normal(5.0, PERSON_DEVIATION, len(levels))
        columns |= item_answers(construct, level, instrument.scale.points, generator)
    answers = pd.DataFrame(columns)
    _leave_out(answers, instrument, generator)
    _be_careless(answers, respondents.units, instrument, generator)
    return answers


def element_levels(respondents: Respondents, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return float[person, element]."""
    size = len(respondents.ways)
    outlook = skewed(generator, size)
    own = np.stack([skewed(generator, size) for _ in ELEMENTS], axis=1)
    personal = PERSON_DEVIATION * (
        COMMON_PART * outlook[:, None] + np.sqrt(1 - COMMON_PART**2) * own
    )
    personal += SALES_SHIFT * (respondents.functions == "sales")[:, None]
    levels = np.array([LEVELS[way] for way in respondents.ways])
    for unit in np.unique(respondents.units):
        members = np.flatnonzero(respondents.units == unit)
        # Personal parts sum to nothing in a unit: its way is planted, not left to chance.
        personal[members] -= personal[members].mean(axis=0)
        is_between = respondents.ways[members[0]] is Way.BETWEEN
        levels[members] += generator.normal(0, UNIT_DEVIATION, 1 if is_between else len(ELEMENTS))
    return np.asarray(levels + personal)


def outcome_levels(
    levels: NDArray[np.float64], units: NDArray[np.str_], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return float[person]: high where foresight and two of the other three go together."""
    membership = 1 / (1 + np.exp(-2.944 * (levels - 4.1) / 1.9))
    foresight, adaptability, agility, bending, _ = membership.T
    best = np.max(
        [
            np.minimum(np.minimum(foresight, one), other)
            for one, other in (
                (adaptability, bending), (adaptability, agility), (agility, bending)
            )
        ],
        axis=0,
    )  # fmt: skip
    names, places = np.unique(units, return_inverse=True)
    of_unit = generator.normal(0, OUTCOME_UNIT_DEVIATION, len(names))[places]
    noise = generator.normal(0, OUTCOME_DEVIATION, len(levels))
    return np.asarray(OUTCOME_FLOOR + OUTCOME_RISE * best + of_unit + noise)


def item_answers(
    construct: Construct,
    level: NDArray[np.float64],
    points: int,
    generator: np.random.Generator,
) -> dict[str, NDArray[np.float64]]:
    """Return float[person] by item: the level, the item's difficulty, noise; on whole points."""
    difficulty = np.linspace(-ITEM_DIFFICULTY, ITEM_DIFFICULTY, len(construct.items))
    generator.shuffle(difficulty)
    answers = {}
    for item, shift in zip(construct.items, difficulty, strict=True):
        noise = generator.normal(0, ITEM_DEVIATION, len(level))
        given = np.clip(np.rint(level + shift + noise), 1, points)
        answers[item.code] = points + 1 - given if item.is_reversed else given
    return answers


def skewed(generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Draw numbers with mean 0, deviation 1 and a longer tail below, as answers have it."""
    shape = 8.0
    return np.asarray((shape - generator.gamma(shape, size=size)) / np.sqrt(shape))


def _leave_out(
    answers: pd.DataFrame, instrument: Instrument, generator: np.random.Generator
) -> None:
    for construct, item in instrument.items():
        if construct.role is not ConstructRole.CHECK:
            share = MISSING_SENSITIVE if construct.is_sensitive else MISSING
            answers.loc[generator.random(len(answers)) < share, item.code] = np.nan


def _be_careless(
    answers: pd.DataFrame,
    units: NDArray[np.str_],
    instrument: Instrument,
    generator: np.random.Generator,
) -> None:
    """Let a few persons of the largest units answer without reading."""
    names, counts = np.unique(units, return_counts=True)
    large = np.flatnonzero(np.isin(units, names[counts >= np.sort(counts)[-8]]))
    chosen = generator.choice(large, STRAIGHT_LINERS + INATTENTIVE, replace=False)
    for person in chosen[:STRAIGHT_LINERS]:
        answers.loc[person, :] = float(generator.integers(3, 7))
    for person in chosen[STRAIGHT_LINERS:]:
        answers.loc[person, :] = generator.integers(1, 8, answers.shape[1]).astype(float)
        for _, item in instrument.items(ConstructRole.CHECK):
            answers.loc[person, item.code] = 6.0
