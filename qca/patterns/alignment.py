"""How far two functions of one area are alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.bootstrap import percentile_interval
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.errors import ShapeError
from qca.patterns.leximin import leading_patterns, leximin_keys
from qca.patterns.named_patterns import Pattern, pattern_signs, required_memberships
from qca.sets.coincidence import set_coincidence


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Two sides of one area compared.

    Parameters
    ----------
    differences : array (elements,)
        First minus second, in points of the scale.
    intervals : array (elements, 2)
        Lower and upper bound of each difference; NaN without draws.
    overlap : float
        sum(min) / sum(max) over the memberships in the elements, [0, 1].
    leading : tuple of str or None
        The leading pattern of each side; None where its memberships are unknown.
    """

    differences: NDArray[np.float64]
    intervals: NDArray[np.float64]
    overlap: float
    leading: tuple[str | None, str | None]

    @property
    def shares_leading_pattern(self) -> bool:
        """Whether both sides have a leading pattern, and the same one."""
        return self.leading[0] is not None and self.leading[0] == self.leading[1]


def alignment(
    first: ArrayLike,
    second: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    anchors: Sequence[Anchors],
    first_draws: ArrayLike | None = None,
    second_draws: ArrayLike | None = None,
    level: float = 0.95,
) -> Alignment:
    """Compare the scores of two sides, element by element and as a whole.

    Parameters
    ----------
    first, second : arrays (elements,)
        Construct scores in points.
    patterns, elements
        As in `pattern_signs`.
    anchors : sequence of Anchors
        One an element, the same for both sides.
    first_draws, second_draws : arrays (draws, elements), optional
        Bootstrapped scores, drawn independently of each other; as many for both sides.
    level : float
        Of the percentile intervals, in (0, 1).

    Returns
    -------
    Alignment
        Elements with an unknown score are left out of the overlap.

    Raises
    ------
    ShapeError
        The sides differ in shape.
    OptionError, PatternError, DuplicateNameError, UnknownNameError
        As in `percentile_interval` and `pattern_signs`.

    Examples
    --------
    >>> pair = [Pattern("bold", {"A": True}), Pattern("calm", {"B": True})]
    >>> found = alignment([5.0, 4.0], [4.0, 5.0], patterns=pair, elements="AB",
    ...                   anchors=[Anchors(2, 4, 6)] * 2)
    >>> found.differences, round(found.overlap, 3), found.leading
    (array([ 1., -1.]), 0.615, ('bold', 'calm'))

    References
    ----------
    Rutin's own proposal; no reference software computes it.
    """
    sides = [np.asarray(side, dtype=np.float64) for side in (first, second)]
    if sides[0].shape != (len(elements),) or sides[1].shape != (len(elements),):
        raise ShapeError(
            f"expected {len(elements)} scores a side, found {sides[0].shape} and {sides[1].shape}"
        )
    memberships = [calibrate_scores(side, anchors) for side in sides]
    intervals = np.full((len(elements), 2), np.nan)
    if first_draws is not None and second_draws is not None:
        draws = [np.asarray(side, dtype=np.float64) for side in (first_draws, second_draws)]
        if draws[0].shape != draws[1].shape:
            raise ShapeError(f"expected equal draws, found {draws[0].shape} and {draws[1].shape}")
        intervals = percentile_interval(draws[0] - draws[1], level=level)
    signs = pattern_signs(patterns, elements)
    leaders = leading_patterns(leximin_keys(required_memberships(np.stack(memberships), signs)))
    names = [patterns[leader].name if leader >= 0 else None for leader in leaders.tolist()]
    return Alignment(
        differences=sides[0] - sides[1],
        intervals=intervals,
        overlap=set_coincidence(*memberships),
        leading=(names[0], names[1]),
    )
