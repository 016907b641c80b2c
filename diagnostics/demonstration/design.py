"""What is planned of the demonstration organisation: its units, their sizes and their ways."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

COMPANY: Final = "Northlight Equipment"
OPERATIONS_ANSWERS: Final = 270
SALES_ANSWERS: Final = 264
DOMAIN: Final = "northlight.example"  # reserved: no mail can reach it
DEMONSTRATION_UNIT: Final = "N1"  # whose leader can sign in
DEFAULT_SEED: Final = 58
LARGEST_SMALL: Final = 9  # answers; units up to here are shown with others, or without patterns


class Way(StrEnum):
    """How a unit gets digital services done; the planted structure."""

    ASSERTIVE = "assertive"
    RESPONSIVE = "responsive"
    NIMBLE = "nimble"
    BETWEEN = "between"  # two patterns cannot be told apart
    UNSIGHTED = "unsighted"  # all but foresight
    UNDECIDED = "undecided"  # nothing marked yet


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its code, its name, its units' names and how many of each answer."""

    code: str
    name: str
    units: tuple[tuple[str, int], ...]


# 24 units and 534 answers: four units under 5, four with 5 to 9, the others with 12 to 40.
REGIONS: Final = (
    Region("N", "Region North", (
        ("Harbour Cranes", 40), ("Process Pumps", 36), ("Marine Drives", 14), ("Ice Routes", 8))),
    Region("S", "Region South", (
        ("Packaging Lines", 39), ("Food Plants", 31), ("Wine Valleys", 4), ("Island Sites", 3))),
    Region("E", "Region East", (
        ("Paper Mills", 38), ("Power Stations", 33), ("Forest Machines", 9), ("Sawmills", 6))),
    Region("W", "Region West", (
        ("Wind Parks", 40), ("Container Terminals", 30), ("Ferries", 24), ("Lighthouses", 4))),
    Region("C", "Region Central", (
        ("Metro Lifts", 37), ("Hospital Systems", 28), ("Airports", 20), ("Museums", 2))),
    Region("K", "Key Accounts", (
        ("Global Mining", 35), ("Global Steel", 34), ("Global Paper", 12), ("Research Sites", 7))),
)  # fmt: skip

# Ways of the sixteen units with 12 answers or more, dealt out by the seed.
WAYS_OF_LARGE: Final = (
    *(Way.RESPONSIVE,) * 4,
    *(Way.ASSERTIVE,) * 4,
    *(Way.NIMBLE,) * 3,
    *(Way.BETWEEN,) * 3,
    Way.UNSIGHTED,
    Way.UNDECIDED,
)
WAYS_OF_SMALL: Final = (
    *(Way.RESPONSIVE,) * 3,
    *(Way.ASSERTIVE,) * 2,
    *(Way.NIMBLE,) * 3,
)


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """One unit of the plan."""

    code: str
    name: str
    region: str
    answers: int
    way: Way


def planned_units(generator: np.random.Generator) -> tuple[PlannedUnit, ...]:
    """Deal the ways out to the units; large and small ones apart."""
    large = list(generator.permutation(list(WAYS_OF_LARGE)))
    small = list(generator.permutation(list(WAYS_OF_SMALL)))
    return tuple(
        PlannedUnit(
            code=f"{region.code}{number}",
            name=name,
            region=region.code,
            answers=answers,
            way=Way(small.pop() if answers <= LARGEST_SMALL else large.pop()),
        )
        for region in REGIONS
        for number, (name, answers) in enumerate(region.units, start=1)
    )
