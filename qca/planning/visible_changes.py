"""The smallest change between two waves that a survey would show."""

import numpy as np
from scipy.special import ndtri

from qca.errors import OptionError

POWER = 0.8  # chance of showing it
LEVEL = 0.05  # chance of showing any where nothing changed


def smallest_visible_change(
    deviation: float,
    *,
    before: float,
    now: float,
    tests: int = 1,
    level: float = LEVEL,
    power: float = POWER,
) -> float:
    """Change of a unit's score that two waves show with a given chance.

    (z(1 - level / (2 tests)) + z(power)) deviation sqrt(1 / before + 1 / now). Of several
    constructs the first that Holm's procedure shows has to pass the strictest of its levels.

    Parameters
    ----------
    deviation : float
        Standard deviation of persons within units, in points, >= 0.
    before, now : float
        Answers in each wave, > 0.
    tests : int
        Constructs that are looked at, at least 1.
    level, power : float
        In (0, 1).

    Returns
    -------
    float
        In points.

    Raises
    ------
    OptionError
        A number is out of range.

    Examples
    --------
    >>> round(smallest_visible_change(1.2, before=20, now=20), 2)
    1.06

    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 2.
    """
    if not deviation >= 0 or not before > 0 or not now > 0 or tests < 1:
        raise OptionError(
            "expected a deviation from 0, answers above 0 and a test,"
            f" found {deviation}, {before}, {now} and {tests}"
        )
    if not 0 < level < 1 or not 0 < power < 1:
        raise OptionError(f"expected a level and a power in (0, 1), found {level} and {power}")
    reach = ndtri(1 - level / (2 * tests)) + ndtri(power)
    return float(reach * deviation * np.sqrt(1 / before + 1 / now))
