"""The figures of one released set by its own answers alone: construct scores and intervals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.scoring.method import Method
from diagnostics.scoring.scales import Scales
from qca.evidence.mean_intervals import t_intervals
from survey.policy import INTERVAL_FLOOR, MEAN_HIGH, MEAN_LOW, size_band
from survey.release.tables import ReleasedTables, SetInfo

SCORE_DIGITS: Final = 2  # of scores as they are told, and of everything that rests on them


@dataclass(frozen=True)
class SetFigures:
    """Construct scores of one set, in the method's order of constructs.

    scores: float[construct], NaN where too few items may be told; valid: how many answered each
    construct's least answered item; answered: how many answered as many of its items as a score
    needs, by item; personal: float[person, construct], empty where the rows may not tell who is in
    the set; reaches: float[construct], how far the interval of each score goes to both sides; none
    without persons.
    """

    info: SetInfo
    scores: NDArray[np.float64]
    valid: tuple[int, ...]
    answered: tuple[int, ...]
    personal: NDArray[np.float64]
    reaches: NDArray[np.float64] | None

    @cached_property
    def intervals(self) -> NDArray[np.float64]:
        """float[construct, 2]: 95 % intervals around the scores, by Student's t.

        They know of the set's own answers only. NaN without persons, and where so few answered that
        it would tell that all agree.
        """
        if self.reaches is None:
            return np.full((len(self.scores), 2), np.nan)
        reaches = self.reaches.copy()
        reaches[np.array(self.valid) < INTERVAL_FLOOR] = np.nan
        bounds = np.stack([self.scores - reaches, self.scores + reaches], axis=1)
        # Means are released between these ends, so what they are thought to be lies there as well.
        return np.clip(bounds, MEAN_LOW, MEAN_HIGH)

    def band(self, construct: int) -> str:
        """Return the band of the valid answers to one construct."""
        return size_band(self.valid[construct])


@dataclass(frozen=True)
class ReleasedAnswers:
    """A release with its rows, ready to be scored.

    rows: DataFrame[pool, function, <items>]; codes: unit key -> a name that stays the same from
    one installation to the next, for the seeds.
    """

    tables: ReleasedTables
    rows: pd.DataFrame
    scales: Scales
    method: Method
    codes: Mapping[str, str]

    @cached_property
    def answers(self) -> pd.DataFrame:
        """DataFrame[<items>]: reversed items turned, in the order of the rows."""
        return self.scales.turned_answers(self.rows)

    @cached_property
    def personal(self) -> NDArray[np.float64]:
        """float[person, construct] of the whole company."""
        return self.scales.personal_scores(self.answers, self.rows["function"].tolist())

    def scores(self, info: SetInfo) -> NDArray[np.float64]:
        """float[construct]: the scores of one set as they are told, without drawing anything.

        Everything else is computed from these: further digits would tell more than a score, and a
        verdict that rests on them could not be repeated from what is published.
        """
        told = self._told.get(info.key, {})
        usable = self._usable_items(told, info.function)
        scores = np.full(len(self.scales.items), np.nan)
        for place, code in enumerate(self.scales.items):
            if code in usable:
                turned = [self.scales.turned_mean(item, told[item][1]) for item in usable[code]]
                scores[place] = round(float(np.mean(turned)), SCORE_DIGITS)
        return scores

    def figures(self, info: SetInfo) -> SetFigures:
        """Return the figures of one set; intervals from the sensitive floor upwards only."""
        told = self._told.get(info.key, {})
        usable = self._usable_items(told, info.function)
        scores = self.scores(info)
        valid, answered = [0] * len(scores), [0] * len(scores)
        for place, code in enumerate(self.scales.items):
            if code in usable:
                known = sorted((told[item][0] for item in usable[code]), reverse=True)
                valid[place] = known[-1]
                needed = self.scales.enough(code, usable[code], function=info.function)
                answered[place] = known[needed - 1]
        members = self._members(info)
        reaches = self._reaches(members, usable) if len(members) else None
        personal = self.personal[members]
        return SetFigures(info, scores, tuple(valid), tuple(answered), personal, reaches)

    @cached_property
    def _told(self) -> dict[str, dict[str, tuple[int, float]]]:
        """Valid answers and mean of every item of every set."""
        cells, found = self.tables.cells, defaultdict[str, dict[str, tuple[int, float]]](dict)
        columns = (cells[name].tolist() for name in ("set", "item", "n", "mean"))
        for key, item, n, mean in zip(*columns, strict=True):
            found[key][item] = (n, mean)
        return found

    @cached_property
    def _table(self) -> NDArray[np.float64]:
        """float[person, item], the columns as in `answers`."""
        return self.answers.to_numpy()

    @cached_property
    def pools(self) -> list[str]:
        """The pool of each person, "" where there is none."""
        return [str(pool) for pool in self.rows["pool"].fillna("")]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {str(item): place for place, item in enumerate(self.answers.columns)}

    @cached_property
    def _persons_of_pool(self) -> dict[str, NDArray[np.int64]]:
        found = self.rows.groupby("pool", sort=False).indices
        return {str(pool): np.asarray(places, dtype=np.int64) for pool, places in found.items()}

    @cached_property
    def _functions(self) -> NDArray[np.str_]:
        return self.rows["function"].to_numpy(dtype=str)

    def lasting_name(self, info: SetInfo) -> str:
        """Name a set by its unit's code; the same of both plans, so that their draws agree."""
        return "/".join((info.kind, self.codes.get(info.unit, info.unit), info.function))

    def _usable_items(
        self, told: Mapping[str, tuple[int, float]], function: str
    ) -> dict[str, list[str]]:
        """Return construct -> items that score it, where those that are told suffice.

        An item for one function that fewer than ten answered would stand for all who are in a
        set of both, and let the construct be told as of so few: it waits while others suffice.
        """
        usable: dict[str, list[str]] = {}
        for code, items in self.scales.items.items():
            known = [item for item in items if item in told]
            if not function:
                wide = [item for item in known if self._is_widely_told(item, told[item][0])]
                known = wide if self.scales.enough(code, wide) else known
            if self.scales.enough(code, known, function=function):
                usable[code] = known
        return usable

    def _is_widely_told(self, item: str, answers: int) -> bool:
        return item not in self.scales.functions or answers >= self.method.sensitive_floor

    def _members(self, info: SetInfo) -> NDArray[np.int64]:
        """Who is in the set; nobody where the rows do not tell it of all, or the set is small."""
        nobody = np.array([], dtype=np.int64)
        if info.n < self.method.sensitive_floor:
            return nobody
        of_pools = [self._persons_of_pool.get(pool, nobody) for pool in info.pools]
        members = np.concatenate([nobody, *of_pools])
        if info.function:
            functions = self._functions[members]
            is_told = bool((functions != "").all())
            members = members[functions == info.function] if is_told else nobody
        return members

    def _reaches(
        self, members: NDArray[np.int64], usable: Mapping[str, list[str]]
    ) -> NDArray[np.float64]:
        """How far the interval of each construct that is told goes to both sides."""
        found = np.full(len(self.scales.items), np.nan)
        told = [code for code in self.scales.items if code in usable]
        if told:
            columns = [[self._column[item] for item in usable[code]] for code in told]
            bounds = t_intervals(self._table[members], constructs=columns)
            places = [place for place, code in enumerate(self.scales.items) if code in usable]
            found[places] = (bounds[:, 1] - bounds[:, 0]) / 2
        return found
