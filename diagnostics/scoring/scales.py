"""From item figures to construct scores: of released sets by their means, of persons by theirs."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.scoring.method import construct_infos
from qca.psychometrics import scale_means
from survey.instrument.content import FUNCTIONS, Instrument
from survey.policy import ITEMS_FOR_CONSTRUCT


@dataclass(frozen=True)
class Scales:
    """Which items score which construct, dropped items left out; elements, then the outcome."""

    items: Mapping[str, tuple[str, ...]]  # construct -> items
    reversed_items: frozenset[str]
    points: int
    functions: Mapping[str, str] = field(default_factory=dict)  # item -> the only function asked

    def asked_of(self, function: str) -> "Scales":
        """Return the scales of the items that everybody of a function is asked; "" is of both."""
        if not self.functions:
            return self
        asked = {
            construct: tuple(item for item in items if self.functions.get(item) in (None, function))
            for construct, items in self.items.items()
        }
        return replace(self, items=asked, functions={})

    def turned_mean(self, item: str, mean: float) -> float:
        """Return an item's mean as its construct counts it: 8 - x for a reversed one of 7."""
        return self.points + 1 - mean if item in self.reversed_items else mean

    def needed(self, construct: str) -> int:
        """How many items a score of the construct needs; one at least."""
        return max(math.ceil(ITEMS_FOR_CONSTRUCT * len(self.items[construct])), 1)

    def enough(self, construct: str, found: Collection[str], *, function: str = "") -> int:
        """Return how many of the items found a score needs, 0 where they do not suffice.

        Of both functions together the items suffice where they do for one of them.
        """
        needed = [
            scales.needed(construct)
            for scales in map(self.asked_of, [function] if function else FUNCTIONS)
            if len(set(found).intersection(scales.items[construct])) >= scales.needed(construct)
        ]
        return min(needed, default=0)

    def turned_answers(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return DataFrame[<items>] of floats with reversed items turned."""
        columns = [item for items in self.items.values() for item in items]
        answers = rows[columns].astype(float)
        turned = [item for item in columns if item in self.reversed_items]
        answers[turned] = self.points + 1 - answers[turned]
        return answers

    def personal_scores(
        self, answers: pd.DataFrame, functions: Sequence[str] = ()
    ) -> NDArray[np.float64]:
        """Return float[person, construct] from turned answers; NaN under 60 % of the items asked.

        functions: each person's, "" where it is not told; needed where they are asked differently.
        """
        scores = np.full((len(answers), len(self.items)), np.nan)
        if not len(answers):
            return scores
        asked = self._asked(functions)
        for column, (construct, items) in enumerate(self.items.items()):
            if items:
                scores[:, column] = scale_means(
                    answers[list(items)].to_numpy(),
                    share=ITEMS_FOR_CONSTRUCT,
                    asked=asked[construct] if asked else None,
                )
        return scores

    def _asked(self, functions: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """Return how many items of each construct everybody was asked; nothing where it is all."""
        if not self.functions:
            return {}
        parts = {function: self.asked_of(function).items for function in ("", *FUNCTIONS)}
        return {
            construct: np.array([len(parts[function][construct]) for function in functions])
            for construct in self.items
        }


def scales_of(instrument: Instrument, dropped: tuple[str, ...]) -> Scales:
    """Return the scales of an instrument once weak items are dropped."""
    constructs = [instrument.construct(info.code) for info in construct_infos(instrument)]
    items = [item for construct in constructs for item in construct.items]
    return Scales(
        items={
            construct.code: tuple(item.code for item in construct.items if item.code not in dropped)
            for construct in constructs
        },
        reversed_items=frozenset(item.code for item in items if item.is_reversed),
        points=instrument.scale.points,
        functions={item.code: item.function for item in items if item.function},
    )
