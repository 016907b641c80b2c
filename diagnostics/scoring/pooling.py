"""What the answers of all units say about each: estimates, intervals and draws of true scores.

A unit's own mean is near its true score as far as it has many answers and units differ at all;
`qca.pooling` says how far. All of it follows from what is told: scores of sets, the bands of their
sizes, and the covariance of answers within groups.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from diagnostics.scoring.sets import SCORE_DIGITS, ReleasedAnswers, SetFigures
from qca.bootstrap import percentile_interval, unit_seed
from qca.pooling.pooled_draws import PooledDraws
from qca.pooling.pooled_units import PooledUnits, pool_units
from survey.policy import MEAN_HIGH, MEAN_LOW, SENSITIVE_FLOOR, band_ends, size_band, told_size
from survey.release.tables import Plan, SetInfo, SetKind, set_key
from survey.release.tree import ROOT

LEAST_VARIANCE: Final = 0.05  # squared points; where people hardly differ, chance still does
COVARIANCE_DIGITS: Final = 2  # as it is told
Constructs = tuple[int, ...]  # their places among the method's


@dataclass(frozen=True, slots=True)
class PooledFigures:
    """One set's true scores, as far as they are known; NaN of constructs that are not told.

    estimate: float[construct]; intervals: float[construct, 2], 95 %; draws: float[draw, construct].
    """

    estimate: NDArray[np.float64]
    intervals: NDArray[np.float64]
    draws: NDArray[np.float64]

    def only(self, constructs: Constructs) -> "PooledFigures":
        """Return the same of some constructs, NaN of the others."""
        kept = np.isin(np.arange(len(self.estimate)), constructs)
        return PooledFigures(
            np.where(kept, self.estimate, np.nan),
            np.where(kept[:, np.newaxis], self.intervals, np.nan),
            np.where(kept, self.draws, np.nan),
        )


@dataclass
class CompanyPooling:
    """Learns from all groups of a release, once for each function and choice of constructs."""

    released: ReleasedAnswers
    _fits: dict[tuple[str, Constructs], PooledDraws] = field(default_factory=dict)
    _groups: dict[str, tuple[SetFigures, ...]] = field(default_factory=dict)
    _within: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def figures(self, figures: SetFigures) -> PooledFigures:
        """Return what is known of one set.

        The company as a whole is not drawn towards itself: its score is its estimate. Of people
        who are told in both plans it is the same in both.
        """
        known = known_constructs(figures.scores)
        twin = self._twin(figures.info)
        if twin is not None:
            found = self._pooled(self.released.figures(twin))
            if set(known) <= set(known_constructs(found.estimate)):
                return found.only(known)
        return self._pooled(figures)

    def _twin(self, info: SetInfo) -> SetInfo | None:
        """Return the set of the sensitive plan with the same people, which tells more of them."""
        if info.plan is Plan.SENSITIVE:
            return None
        key = set_key(Plan.SENSITIVE, info.kind, info.unit, info.function)
        found = self.released.tables.set_by_key.get(key)
        return found if found is not None and found.pools == info.pools else None

    def _pooled(self, figures: SetFigures) -> PooledFigures:
        method, known = self.released.method, known_constructs(figures.scores)
        places, estimate = list(known), figures.scores.copy()
        draws = np.full((method.draws, len(estimate)), np.nan)
        intervals = np.full((len(estimate), 2), np.nan)
        if known:
            if self._is_whole(figures.info):
                drawn = self._of_the_whole(figures, known)
            else:
                size = believed_size(figures)
                fit = self._fit(figures, known, size)
                score = estimate[places]
                estimate[places] = fit.pooled.mean(score, size).round(SCORE_DIGITS)
                drawn = fit.unit(score, size, seed=self._seed(figures.info))
            # Means are released between these ends, so what they are thought to be lies there too.
            draws[:, places] = np.clip(drawn, MEAN_LOW, MEAN_HIGH)
            intervals[places] = percentile_interval(draws[:, places])
        return PooledFigures(np.clip(estimate, MEAN_LOW, MEAN_HIGH), intervals, draws)

    @cached_property
    def steps(self) -> NDArray[np.float64]:
        """float[construct]: what units of the company differ by; as a whole, whatever function.

        NaN of constructs that no group tells.
        """
        groups = self.groups("")
        found = np.full(len(self.released.method.codes), np.nan)
        known = max((known_constructs(one.scores) for one in groups), key=len, default=())
        if known:
            fit = self._learnt("", known)
            found[list(known)] = fit.pooled.spread()
        return found

    def groups(self, function: str) -> tuple[SetFigures, ...]:
        """Return the smallest released groups that have nobody in common, in a lasting order."""
        if function not in self._groups:
            infos = [
                info
                for info in self.released.tables.sets
                if info.plan is Plan.SENSITIVE and info.function == function
            ]
            taken: set[str] = set()
            chosen = []
            for info in sorted(infos, key=lambda one: (one.n, self.released.lasting_name(one))):
                if taken.isdisjoint(info.pools):
                    taken.update(info.pools)
                    chosen.append(self.released.figures(info))
            self._groups[function] = tuple(chosen)
        return self._groups[function]

    def within(self, function: str) -> NDArray[np.float64]:
        """Return float[construct, construct]: covariance of personal scores within pools, as told.

        Of the people whose function is told, if one is asked for and enough told it. NaN where
        fewer than ten have both scores.
        """
        if function not in self._within:
            members = np.array([bool(pool) for pool in self.released.pools], dtype=bool)
            if function:
                members &= (self.released.rows["function"] == function).to_numpy()
            pools = np.array(self.released.pools, dtype=str)[members]
            found = covariance_within(self.released.personal[members], pools)
            is_known = bool(np.isfinite(np.diag(found)).all())
            self._within[function] = (
                found.round(COVARIANCE_DIGITS) if is_known or not function else self.within("")
            )
        return self._within[function]

    def _fit(self, figures: SetFigures, known: Constructs, size: int) -> PooledDraws:
        function = figures.info.function
        if any(_knows(one, known) for one in self.groups(function)):
            return self._learnt(function, known)
        # Nobody else tells these constructs: it is believed as it stands.
        alone = pool_units(
            [figures.scores[list(known)]], sizes=[size], within=self._definite(function, known)
        )
        return self._drawn(alone, function, known)

    def _learnt(self, function: str, known: Constructs) -> PooledDraws:
        if (function, known) not in self._fits:
            groups = [one for one in self.groups(function) if _knows(one, known)]
            fit = pool_units(
                [one.scores[list(known)] for one in groups],
                sizes=[believed_size(one) for one in groups],
                within=self._definite(function, known),
            )
            self._fits[function, known] = self._drawn(fit, function, known)
        return self._fits[function, known]

    def _drawn(self, fit: PooledUnits, function: str, known: Constructs) -> PooledDraws:
        method = self.released.method
        named = "+".join(method.codes[place] for place in known)
        seed = unit_seed(method.seed, f"company/{function}/{named}")
        return PooledDraws(fit, seed=seed, draws=method.draws)

    def _definite(self, function: str, known: Constructs) -> NDArray[np.float64]:
        return definite(self.within(function)[np.ix_(known, known)])

    def _is_whole(self, info: SetInfo) -> bool:
        return info.unit == self.released.tables.tree.keys[ROOT] and info.kind is SetKind.UNIT

    def _of_the_whole(self, figures: SetFigures, known: Constructs) -> NDArray[np.float64]:
        size = max(told_size(figures.info.n), believed_size(figures))
        generator = np.random.Generator(np.random.PCG64(self._seed(figures.info)))
        root = np.linalg.cholesky(self._definite(figures.info.function, known) / size)
        away = generator.standard_normal((self.released.method.draws, len(known))) @ root.T
        return np.asarray(figures.scores[list(known)] + away)

    def _seed(self, info: SetInfo) -> np.random.SeedSequence:
        return unit_seed(self.released.method.seed, self.released.lasting_name(info))


def known_constructs(scores: NDArray[np.float64]) -> Constructs:
    """Return the places of the constructs that a set tells."""
    return tuple(np.flatnonzero(~np.isnan(scores)).tolist())


def believed_size(figures: SetFigures) -> int:
    """Return how many answers a set's scores count as: the least that their band may stand for."""
    answered = [figures.answered[place] for place in known_constructs(figures.scores)]
    return band_ends(size_band(min(answered)))[0]


def covariance_within(scores: NDArray[np.float64], pools: NDArray[np.str_]) -> NDArray[np.float64]:
    """Return float[construct, construct], NaN where fewer than ten people have both scores.

    scores: float[person, construct], NaN where unknown; pools: each person's. Deviations are those
    from the mean of the pool's known scores.
    """
    known = ~np.isnan(scores)
    _, place = np.unique(pools, return_inverse=True)
    indicator = np.zeros((place.max(initial=-1) + 1, len(pools)))
    indicator[place, np.arange(len(pools))] = 1.0
    filled = np.where(known, scores, 0.0)
    counts = indicator @ known
    means = indicator @ filled / np.maximum(counts, 1)
    away = np.where(known, scores - means[place], 0.0)
    both = known.T.astype(float) @ known
    told_by = (counts > 0).astype(float)
    freedom = both - told_by.T @ told_by
    enough = (both >= SENSITIVE_FLOOR) & (freedom > 0)
    return np.asarray(np.where(enough, away.T @ away / np.maximum(freedom, 1), np.nan))


def definite(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a covariance of which every direction varies by LEAST_VARIANCE at least.

    What is not known of it counts as a variance of one squared point, and as no covariance.
    """
    filled = np.where(np.isnan(covariance), np.eye(len(covariance)), covariance)
    values, vectors = np.linalg.eigh(filled)
    return np.asarray((vectors * np.maximum(values, LEAST_VARIANCE)) @ vectors.T)


def _knows(figures: SetFigures, constructs: Constructs) -> bool:
    return not np.isnan(figures.scores[list(constructs)]).any()
