"""The figures of one released set: construct scores, and bootstrap draws of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diagnostics.scoring.method import Method
from diagnostics.scoring.scales import Scales
from qca.bootstrap import unit_bootstrap, unit_seed
from qca.evidence.mean_intervals import t_intervals
from survey.policy import INTERVAL_FLOOR, MEAN_HIGH, MEAN_LOW, size_band
from survey.release.tables import ReleasedTables, SetInfo

Drawn = tuple[NDArray[np.float64], NDArray[np.float64]]  # draws of constructs, reach of each
SCORE_DIGITS: Final = 2  # of scores as they are told, and of everything that rests on them
SETS_KEPT: Final = 6  # with their draws: those of one unit, of both plans and functions


@dataclass(frozen=True)
class SetFigures:
    """Construct scores of one set, in the method's order of constructs.

    scores: float[construct], NaN where too few items may be told; valid: how many answered each
    construct's least answered item; answered: how many answered as many of its items as a score
    needs, by item; draws: float[draw, construct] or None where the rows may not tell who is in the
    set; personal: float[person, construct], empty without draws; reaches:
    float[construct], how far the interval of each score goes to both sides; none without draws.
    """

    info: SetInfo
    scores: NDArray[np.float64]
    valid: tuple[int, ...]
    answered: tuple[int, ...]
    draws: NDArray[np.float64] | None
    personal: NDArray[np.float64]
    reaches: NDArray[np.float64] | None

    @cached_property
    def intervals(self) -> NDArray[np.float64]:
        """float[construct, 2]: 95 % intervals around the scores, by Student's t.

        NaN without draws, and where so few answered that it would tell that all agree. Percentiles
        of the draws would be too short in small groups.
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
    _kept: dict[tuple[object, ...], Drawn] = field(default_factory=dict)

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
        """Return the figures of one set; draws from the sensitive floor upwards only."""
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
        draws, reaches = self._draws(info, members, usable) if len(members) else (None, None)
        personal = self.personal[members]
        return SetFigures(info, scores, tuple(valid), tuple(answered), draws, personal, reaches)

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
    def _scored(self) -> list[int]:
        """Where the constructs stand that any item scores."""
        return [place for place, items in enumerate(self.scales.items.values()) if items]

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

    def _draws(
        self, info: SetInfo, members: NDArray[np.int64], usable: Mapping[str, list[str]]
    ) -> Drawn:
        """Draws and reaches of the constructs that are told, over the items that are told."""
        whole, whole_reaches = self._whole_draws(info, members)
        told = np.array([code in usable for code in self.scales.items])
        draws, reaches = np.where(told, whole, np.nan), np.where(told, whole_reaches, np.nan)
        for place, (code, items) in enumerate(self.scales.items.items()):
            if code in usable and usable[code] != list(items):
                draws[:, [place]], reaches[[place]] = self._drawn(info, members, [usable[code]])
        return draws, reaches

    def _whole_draws(self, info: SetInfo, members: NDArray[np.int64]) -> Drawn:
        """Draws over every item, kept for the set of the other plan with the same people."""
        key = (info.kind, info.unit, info.function, info.pools)
        if key not in self._kept:
            if len(self._kept) == SETS_KEPT:
                self._kept.pop(next(iter(self._kept)))
            scored = [list(items) for items in self.scales.items.values() if items]
            draws = np.full((self.method.draws, len(self.scales.items)), np.nan)
            reaches = np.full(len(self.scales.items), np.nan)
            if scored:  # of some answers no statement fits its scale
                drawn = self._drawn(info, members, scored)
                draws[:, self._scored], reaches[self._scored] = drawn
            self._kept[key] = (draws, reaches)
        return self._kept[key]

    def _drawn(
        self, info: SetInfo, members: NDArray[np.int64], constructs: Sequence[Sequence[str]]
    ) -> Drawn:
        # Sorted by content, so that neither storage nor the pools' keys decide which draw is which.
        table = self._table[members]
        table = table[np.lexsort(table.T[::-1])]
        columns = [[self._column[item] for item in items] for items in constructs]
        # Without the plan: the same people get the same draws, so that the profile's intervals
        # and the diagnosis's agree.
        name = "/".join((info.kind, self.codes.get(info.unit, info.unit), info.function))
        drawn = unit_bootstrap(
            table,
            constructs=columns,
            seed=unit_seed(self.method.seed, name),
            draws=self.method.draws,
        )
        # Means are released between these ends, so draws of them lie there as well.
        draws = np.clip(drawn, MEAN_LOW, MEAN_HIGH)
        bounds = t_intervals(table, constructs=columns)
        return draws, (bounds[:, 1] - bounds[:, 0]) / 2
