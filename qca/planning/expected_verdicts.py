"""How many units will get a verdict that is plain, and right, by how many answer and differ."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.calibration.anchors import Anchors
from qca.errors import OptionError, ShapeError
from qca.inputs import as_numbers
from qca.patterns.judging import Judging
from qca.patterns.named_patterns import Pattern
from qca.patterns.sure_verdicts import SureVerdict, sure_verdict
from qca.patterns.sureness import Sureness
from qca.patterns.verdicts import Verdict, VerdictKind
from qca.pooling.pooled_draws import PooledDraws
from qca.pooling.pooled_units import pool_units

VERDICTS = 2_000  # simulated at least; a share then has a standard error of .01 or so
MOST_COMPANIES = 200  # simulated, however small they are
DRAWS_OF_EACH = 300


@dataclass(frozen=True, slots=True)
class ExpectedVerdicts:
    """What units of one size are told.

    Parameters
    ----------
    size : int
        Answers of a unit.
    units : int
        Of this size.
    plain, probably : float
        Share of them with a plain statement, and with one that is made with "probably", [0, 1].
    alike : float
        Share of them of which it is said, either way, that patterns fit alike, [0, 1].
    plain_right, right : float
        Share of plain statements, and of both kinds, that are true; NaN where none is made.
    """

    size: int
    units: int
    plain: float
    probably: float
    alike: float
    plain_right: float
    right: float


def expected_verdicts(
    sizes: Sequence[int],
    *,
    share: float,
    means: ArrayLike,
    within: ArrayLike,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    seed: int,
    believed: Sequence[float] | None = None,
    never_first: Collection[str] = (),
    verdicts: int = VERDICTS,
) -> tuple[ExpectedVerdicts, ...]:
    """Simulate companies, judge their units as a survey would, and count.

    True scores of units lie around the means with covariance share / (1 - share) times that of
    persons within units; scores are the means of so many persons. Every simulated company is pooled
    and judged by `pool_units` and `sure_verdict`, and each statement is held against the verdict on
    the true scores. Linear in the verdicts that are asked for: 2,000 take three to five seconds.

    Parameters
    ----------
    sizes : sequence of int
        Answers expected of each unit that gets a verdict of its own, > 0.
    share : float
        Of variance that lies between units, ICC(1), [0, 1).
    means : array_like (elements,)
        Of the company, in points.
    within : array_like (elements, elements)
        Covariance of persons within units.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element.
    seed : int
        At least 0.
    believed : sequence of float, optional
        Sizes that the scoring goes by, such as the lower ends of bands; the sizes themselves
        without it.
    never_first : collection of str
        As in `sure_verdict`.
    verdicts : int
        How many are simulated at least, though never of more than 200 companies.

    Returns
    -------
    tuple of ExpectedVerdicts
        One a size, ascending; empty without units.

    Raises
    ------
    OptionError
        The share is not in [0, 1), a size is not positive, the seed is negative, or no verdict is
        asked for.
    ShapeError
        Means, covariance, sizes and elements do not belong together.
    NotNumericError, PatternError, DuplicateNameError, UnknownNameError

    Examples
    --------
    >>> alike, = expected_verdicts([10] * 8, share=0.0, means=[5.0, 5.0], within=np.eye(2), seed=1,
    ...     patterns=[Pattern("bold", {"A": True}), Pattern("calm", {"B": True})], elements="AB",
    ...     anchors=[Anchors(2, 4.1, 6)] * 2, verdicts=80)
    >>> alike.size, alike.units, alike.plain < 0.2
    (10, 8, True)

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    answers, told = _sizes(sizes, believed)
    mean, covariance = as_numbers(means, "the means"), as_numbers(within, "the covariance")
    count = len(elements)
    if mean.shape != (count,) or covariance.shape != (count, count):
        raise ShapeError(
            f"expected means and covariance of {count} elements,"
            f" found shapes {mean.shape} and {covariance.shape}"
        )
    if not 0 <= share < 1 or seed < 0 or verdicts < 1:
        raise OptionError(
            "expected a share in [0, 1), a seed from 0 and a verdict,"
            f" found {share}, {seed} and {verdicts}"
        )
    if not len(answers):
        return ()
    generator = np.random.Generator(np.random.PCG64(seed))
    judging = Judging(patterns, elements, never_first=never_first)
    found: dict[int, list[tuple[SureVerdict, bool]]] = defaultdict(list)
    for number in range(min(-(-verdicts // len(answers)), MOST_COMPANIES)):
        true, scores = _company(answers, share, mean, covariance, generator)
        pooled = pool_units(scores, sizes=told, within=covariance)
        draws = PooledDraws(pooled, seed=seed + number, draws=DRAWS_OF_EACH)
        for unit, size in enumerate(answers.tolist()):
            own = np.random.SeedSequence([seed, number, unit])
            said = sure_verdict(
                draws.unit(scores[unit], told[unit], seed=own),
                patterns=patterns,
                elements=elements,
                anchors=anchors,
                never_first=never_first,
            )
            truth = judging.verdict(true[unit], anchors=anchors)
            found[size].append((said, is_true(said, truth)))
    return tuple(
        _counted(size, int((answers == size).sum()), found[size]) for size in sorted(found)
    )


def is_true(said: SureVerdict, truth: Verdict) -> bool:
    """Tell whether a statement about a unit is true, given the verdict on its true scores.

    That a pattern leads is true where it does and is more in than out, however little ahead.

    Examples
    --------
    >>> said = SureVerdict(VerdictKind.CLEAR, Sureness.PLAIN, 1.0, ("bold",), "bold", None, ())
    >>> is_true(said, Verdict(VerdictKind.NOT_CLEAR, "bold", "calm"))
    True
    >>> is_true(said, Verdict(VerdictKind.NONE_YET, "bold", "calm"))
    False
    """
    below = (VerdictKind.ELEMENT_FIRST, VerdictKind.NONE_YET)
    if said.kind is VerdictKind.BETWEEN:
        named = {truth.leading, truth.second, *truth.also}
        return truth.kind is VerdictKind.BETWEEN and named == set(said.patterns)
    if said.kind in below:
        return (truth.kind, truth.element) == (said.kind, said.element)
    return truth.kind not in below and truth.leading in said.patterns


def _company(
    answers: NDArray[np.int64],
    share: float,
    mean: NDArray[np.float64],
    covariance: NDArray[np.float64],
    generator: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """True scores of a company's units, and those that so many persons give."""
    shape = len(answers), len(mean)
    root = np.linalg.cholesky(covariance)
    true = mean + np.sqrt(share / (1 - share)) * generator.standard_normal(shape) @ root.T
    errors = generator.standard_normal(shape) @ root.T / np.sqrt(answers)[:, np.newaxis]
    return true, true + errors


def _counted(size: int, units: int, found: Sequence[tuple[SureVerdict, bool]]) -> ExpectedVerdicts:
    ways = np.array([verdict.sureness.value for verdict, _ in found])
    between = np.array([verdict.kind is VerdictKind.BETWEEN for verdict, _ in found])
    right = np.array([is_right for _, is_right in found])
    plain, said = ways == Sureness.PLAIN.value, ways != Sureness.OPEN.value
    return ExpectedVerdicts(
        size=size,
        units=units,
        plain=float(plain.mean()),
        probably=float((said & ~plain).mean()),
        alike=float(between.mean()),
        plain_right=float(right[plain].mean()) if plain.any() else float("nan"),
        right=float(right[said].mean()) if said.any() else float("nan"),
    )


def _sizes(
    sizes: Sequence[int], believed: Sequence[float] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    answers = np.asarray(sizes, dtype=np.int64)
    told = np.asarray(answers if believed is None else believed, dtype=np.float64)
    if answers.ndim != 1 or told.shape != answers.shape:
        raise ShapeError(
            f"expected one size believed a unit, found shapes {answers.shape} and {told.shape}"
        )
    if (answers <= 0).any() or not (told > 0).all():
        raise OptionError("expected sizes above 0, found others")
    return answers, told
