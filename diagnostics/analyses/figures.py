"""Figures of qca as JSON holds them: a figure that is not defined is None."""

import math


def figure(value: float) -> float | None:
    """Return a number, or None for NaN (0/0).

    >>> figure(0.25), figure(float("nan"))
    (0.25, None)
    """
    return None if math.isnan(value) else float(value)
