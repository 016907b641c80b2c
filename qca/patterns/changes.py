"""Change between two independent measurements, each known with its own interval."""

import math

from qca.errors import OptionError
from qca.messages import all_digits, digits


def change_interval(
    before: float,
    now: float,
    *,
    before_interval: tuple[float, float],
    now_interval: tuple[float, float],
) -> tuple[float, float]:
    """Interval of a difference from the intervals of both sides, by squaring and adding.

    low = d - sqrt((now - now_low)^2 + (before_high - before)^2),
    high = d + sqrt((now_high - now)^2 + (before - before_low)^2), with d = now - before. Two
    intervals that overlap a little may still differ: comparing their ends alone is too strict.

    Parameters
    ----------
    before, now : float
        The measurements, in one unit, of different samples.
    before_interval, now_interval : tuple of float
        Lower and upper bound around each, of one level; the difference has the same.

    Returns
    -------
    tuple of float
        Lower and upper bound of now - before, around it.

    Raises
    ------
    OptionError
        A measurement lies outside its interval, or is no number.

    Examples
    --------
    >>> low, high = change_interval(4.0, 5.0, before_interval=(3.6, 4.4), now_interval=(4.7, 5.3))
    >>> round(low, 3), round(high, 3)
    (0.5, 1.5)

    Source: Zou & Donner (2008), Construction of confidence limits about effect measures: a general
    approach, Statistics in Medicine 27, 1693-1702; Newcombe (1998), method 10, for proportions.
    """
    for value, (low, high) in ((before, before_interval), (now, now_interval)):
        if not low <= value <= high:
            raise OptionError(
                "expected a value within its interval,"
                f" found {digits(value)} in ({all_digits([low, high])})"
            )
    change = now - before
    below = math.hypot(now - now_interval[0], before_interval[1] - before)
    above = math.hypot(now_interval[1] - now, before - before_interval[0])
    return change - below, change + above
