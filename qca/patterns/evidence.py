"""Five questions to every pattern: chance, other people, units, a plain sum, and how many units."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from qca.bootstrap import DRAWS
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import ShapeError
from qca.evidence.additive_rival import PlainSumContest, plain_sum_contest
from qca.evidence.chance import Lift
from qca.evidence.pattern_permutations import permute_patterns
from qca.evidence.split_sources import RANDOM_HALVES, SplitSource, split_source
from qca.inputs import as_numbers
from qca.patterns.named_patterns import Pattern, pattern_memberships
from qca.patterns.support import (
    DEFAULT_SUPPORT_POLICY,
    BetweenUnits,
    Finding,
    PatternSupport,
    SupportPolicy,
    between_units,
    finding_of,
    pattern_support,
)
from qca.sets.clusters import cluster_fit

FEWEST_IN_CLUSTER = 10  # people of a pool whose own consistency counts in the mean of pools
FEWEST_CLUSTERS = 5  # such pools, of which the mean is no figure of one
IN = 0.5  # membership above which a person is a case of a pattern
_NAN = float("nan")
_UNTESTED = Lift(*[_NAN] * 4)


@dataclass(frozen=True, slots=True)
class PatternEvidence:
    """What the data say of one pattern; NaN where it could not be asked.

    Parameters
    ----------
    support : PatternSupport
        Fit and floors.
    chance : Lift
        Question 1: the consistency, and what chance gives.
    p : float
        Of it, after Holm's correction for the number of patterns.
    between : float
        Question 3: consistency over pools, with their memberships added up before the minimum.
    within : float
        Question 3: mean over pools of 10 people or more of their own consistency, if 5 are.
    pools : int
        Question 5: with a case above .5.
    finding : Finding
        All of it in a word.
    """

    support: PatternSupport
    chance: Lift
    p: float
    between: float
    within: float
    pools: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class SetEvidence:
    """What the data say of all patterns of a set together.

    Parameters
    ----------
    split : SplitSource
        Question 2: elements told by some, the outcome by others of the same pool.
    between_units : BetweenUnits
        Its answer.
    contest : PlainSumContest
        Question 4: the best pattern against a plain sum of the elements that patterns name.
    patterns : tuple of PatternEvidence
        One a pattern, in their order.
    """

    split: SplitSource
    between_units: BetweenUnits
    contest: PlainSumContest
    patterns: tuple[PatternEvidence, ...]


def pattern_evidence(
    scores: ArrayLike,
    *,
    pools: Sequence[Hashable],
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    seed: int,
    policy: SupportPolicy = DEFAULT_SUPPORT_POLICY,
    halves: int = RANDOM_HALVES,
    draws: int = DRAWS,
) -> SetEvidence:
    """Ask of every pattern of a set whether it could be chance, halo, or a plain sum.

    Questions 1, 3 and 5 are asked of each pattern, 2 and 4 of the set: of the best pattern's
    membership. `finding_of` makes a word of the answers. Patterns that fewer than policy.smallest
    people have are left out of the set. The plain sum has the elements that a pattern of the set
    names, neither fewer nor more than the patterns know. The same answers give the same figures in
    any order and under any names of pools. 20,000 people take three seconds.

    Parameters
    ----------
    scores : array_like (people, elements + 1)
        Personal scores in the order of the elements, then the outcome; NaN where unknown.
    pools : sequence
        Label of each person's pool; None where unknown.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        Of the elements, then of the outcome.
    seed : int
        At least 0.
    policy : SupportPolicy
    halves, draws : int
        Halvings of question 2, and permutations of 1 and 2.

    Returns
    -------
    SetEvidence

    Raises
    ------
    ShapeError
        Scores, elements, anchors and pools do not belong together.
    OptionError
        There is no halving or permutation, or the seed is negative.
    NotNumericError, PatternError, DuplicateNameError, UnknownNameError

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> pools = np.repeat(np.arange(40), 10)
    >>> a = 4 + generator.normal(0, 1, 40)[pools] + generator.normal(0, 1, 400)
    >>> b = 4 + generator.normal(0, 1, 40)[pools] + generator.normal(0, 1, 400)
    >>> scores = np.column_stack([a, b, np.minimum(a, b) + generator.normal(0, 0.5, 400)])
    >>> found = pattern_evidence(scores, pools=pools.tolist(), elements=["A", "B"], seed=1,
    ...     patterns=[Pattern("bold", {"A": True, "B": True})], anchors=[Anchors(2, 4.1, 6)] * 3)
    >>> found.between_units.value, found.contest.won, found.patterns[0].finding.value
    ('shown', True, 'supported')

    Source: Braumoeller (2015), Political Analysis 23, for chance; García-Castro & Ariño (2016) for
    between and within; the five questions together are Rutin's own proposal.
    """
    table = as_numbers(scores, "scores")
    if table.ndim != 2 or table.shape[1] != len(elements) + 1 or len(pools) != len(table):
        raise ShapeError(
            f"expected {len(elements)} elements, an outcome and a pool for each person,"
            f" found shape {table.shape} and {len(pools)} pools"
        )
    ordered, pool_of = _in_order_of_content(table, pools)
    sets = calibrate_scores(ordered, anchors)
    fits = pattern_support(
        sets[:, :-1], sets[:, -1], patterns=patterns, elements=elements, policy=policy
    )
    asked = [place for place, fit in enumerate(fits) if fit.respondents >= policy.smallest]
    people = _People(
        ordered, sets, pool_of, [patterns[place] for place in asked], elements, anchors
    )
    split, contest = people.split(seed, halves, draws), people.contest(seed, policy)
    answer = between_units(
        split.association, split.attainable, split.deviation, split.p, policy=policy
    )
    tests = dict(zip(asked, people.chances(seed, draws), strict=True))
    clusters = dict(zip(asked, people.over_pools(), strict=True))
    found = []
    for place, fit in enumerate(fits):
        chance, p = tests.get(place, (_UNTESTED, _NAN))
        word = finding_of(fit, chance=p, between=answer, sum_wins=contest.lost, policy=policy)
        over = clusters.get(place, (_NAN, _NAN, 0))
        found.append(PatternEvidence(fit, chance, p, *over, word))
    return SetEvidence(split, answer, contest, tuple(found))


@dataclass(frozen=True, eq=False)
class _People:
    """Who is asked, and about which patterns.

    scores, sets: float[person, element and outcome], points and memberships; pools: int[person], -1
    for none; patterns: those that enough people have.
    """

    scores: NDArray[np.float64]
    sets: NDArray[np.float64]
    pools: NDArray[np.int64]
    patterns: Sequence[Pattern]
    elements: Sequence[str]
    anchors: Sequence[Anchors]

    @cached_property
    def memberships(self) -> NDArray[np.float64]:
        """float[person, pattern]."""
        if not self.patterns:
            return np.empty((len(self.sets), 0))
        return pattern_memberships(
            self.sets[:, :-1], patterns=self.patterns, elements=self.elements
        )

    @cached_property
    def named(self) -> list[int]:
        """Where the elements stand that a pattern names."""
        codes = {code for pattern in self.patterns for code in pattern.required}
        return [place for place, code in enumerate(self.elements) if code in codes]

    @cached_property
    def complete(self) -> NDArray[np.int64]:
        """Who has a pool, and a score of the outcome and of all elements that a pattern names."""
        if not self.patterns:
            return np.array([], dtype=np.int64)
        needed = self.sets[:, [*self.named, -1]]
        return np.flatnonzero((self.pools >= 0) & ~np.isnan(needed).any(axis=1))

    def split(self, seed: int, halves: int, draws: int) -> SplitSource:
        """Question 2, of the best pattern."""
        codes = [self.elements[place] for place in self.named]
        anchors = [self.anchors[place] for place in self.named]

        def best(means: NDArray[np.float64]) -> NDArray[np.float64]:
            sets = calibrate_scores(means, anchors)
            found = pattern_memberships(sets, patterns=self.patterns, elements=codes)
            return np.asarray(found.max(axis=1))

        scores = self.scores[self.complete]
        return split_source(
            scores[:, self.named],
            scores[:, -1],
            pools=self.pools[self.complete].tolist(),
            membership=best,
            seed=seed,
            halves=halves,
            draws=draws,
        )

    def contest(self, seed: int, policy: SupportPolicy) -> PlainSumContest:
        """Question 4, of the best pattern."""
        who = self.complete
        if not len(who):
            return PlainSumContest(0, 0, False, *[_NAN] * 5)
        return plain_sum_contest(
            self.memberships[who].max(axis=1),
            self.sets[who][:, self.named],
            self.sets[who, -1],
            pools=self.pools[who].tolist(),
            seed=seed,
            level=policy.contest,
        )

    def chances(self, seed: int, draws: int) -> list[tuple[Lift, float]]:
        """Question 1, of every pattern."""
        names = [pattern.name for pattern in self.patterns]
        tests = permute_patterns(
            self.memberships, self.sets[:, -1], names=names, seed=seed, draws=draws
        )
        return [(test.consistency, test.adjusted) for test in tests]

    def over_pools(self) -> list[tuple[float, float, int]]:
        """Questions 3 and 5, of every pattern: between, within, and pools with a case."""
        found = []
        for x in self.memberships.T:
            who = (self.pools >= 0) & ~np.isnan(x) & ~np.isnan(self.sets[:, -1])
            x, y, pools = x[who], self.sets[who, -1], self.pools[who]
            behind = len(np.unique(pools[x > IN]))
            found.append((*_between_and_within(x, y, pools.tolist()), behind))
        return found


def _between_and_within(
    x: NDArray[np.float64], y: NDArray[np.float64], pools: list[int]
) -> tuple[float, float]:
    if not pools:
        return _NAN, _NAN
    whole = cluster_fit(x, y, clusters=[0] * len(pools), units=pools)
    each = cluster_fit(x, y, clusters=pools)
    large = each.consistency.between[each.cluster_cases >= FEWEST_IN_CLUSTER]
    within = float(large.mean()) if len(large) >= FEWEST_CLUSTERS else _NAN
    return float(whole.consistency.between[0]), within


def _in_order_of_content(
    table: NDArray[np.float64], pools: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sort people and number pools by what was answered, so that neither storage nor names count.

    Pools with the very same answers are interchangeable. Who has no pool comes first, as -1.
    """
    codes = pd.factorize(pd.Series(list(pools), dtype=object))[0]
    order = np.lexsort((*table.T[::-1], codes))
    table, codes = table[order], codes[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-2))
    blocks = np.split(table, starts[1:])
    has_pool = codes[starts] >= 0
    places = sorted(range(len(starts)), key=lambda at: (has_pool[at], blocks[at].tobytes()))
    numbers = [-1 if not has_pool[at] else number for number, at in enumerate(places)]
    sizes = [len(blocks[at]) for at in places]
    ordered = np.concatenate([table[:0], *(blocks[at] for at in places)])
    return ordered, np.repeat(np.array(numbers, dtype=np.int64), sizes)
