"""Ceilings over many orders of one outcome at once: steps, lines, and the zones above them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qca.necessary_conditions.scopes import Field, Scope, merged


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The cases turned so that the empty corner is the upper left one, from low to high x.

    Parameters
    ----------
    order : array (cases,) of int
        Places of the cases in the field, from low to high x.
    starts : array (columns,) of int
        Where in that order each different x begins.
    x : array (columns,)
        The different values of x, ascending.
    y : array (cases,)
        Of the cases in the order of the field, not of x.
    scope : Scope
        Turned likewise.
    """

    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class CeilingLines:
    """Ceilings of several orders of the outcome.

    Parameters
    ----------
    tops : array (orders, columns)
        Highest y at each x.
    weights : array (orders, columns)
        How many cases are peers there.
    step_zones, line_zones : arrays (orders,)
        Area of the scope above the steps (CE-FDH) and above the line (CR-FDH).
    slopes, intercepts : arrays (orders,)
        Of the line; NaN where fewer than two points are peers.
    """

    tops: NDArray[np.float64]
    weights: NDArray[np.int64]
    step_zones: NDArray[np.float64]
    line_zones: NDArray[np.float64]
    slopes: NDArray[np.float64]
    intercepts: NDArray[np.float64]


def layout_of(field: Field) -> Layout:
    """Turn and sort the cases of a field.

    Examples
    --------
    >>> from qca.necessary_conditions.scopes import Corner
    >>> x, y = np.array([3.0, 1.0, 3.0]), np.array([5.0, 6.0, 7.0])
    >>> field = Field(("p", "q", "r"), x, y, Corner(2), Scope(1, 3, 5, 7), False, (5, 7))
    >>> found = layout_of(field)
    >>> found.order, found.starts, found.x
    (array([0, 2, 1]), array([0, 2]), array([-3., -1.]))
    """
    x_sign, y_sign = field.corner.signs
    x = merged(x_sign * field.x, upwards=False)
    order = np.argsort(x, kind="stable")
    different, starts = np.unique(x[order], return_index=True)
    y = merged(y_sign * field.y, upwards=True)
    return Layout(order, starts, different, y, field.scope.turned(field.corner))


def ceiling_lines(layout: Layout, orders: NDArray[np.int64] | None = None) -> CeilingLines:
    """Draw both ceilings for each order of the outcome; linear in cases times orders.

    Parameters
    ----------
    layout : Layout
    orders : array (orders, cases) of int, optional
        Case i of the field gets the outcome of case orders[., i]; by default its own.

    Examples
    --------
    >>> x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 0.0, 3.0])
    >>> layout = Layout(np.arange(4), np.arange(4), x, y, Scope(0, 3, 0, 3))
    >>> found = ceiling_lines(layout)
    >>> found.weights, found.step_zones, found.slopes.round(3), found.line_zones.round(3)
    (array([[1, 1, 0, 1]]), array([4.]), array([0.643]), array([2.683]))
    """
    given = np.arange(len(layout.y))[np.newaxis] if orders is None else orders
    y = layout.y[given[:, layout.order]]
    tops = np.maximum.reduceat(y, layout.starts, axis=1)
    reached = np.maximum.accumulate(tops, axis=1)
    peers = np.ones(tops.shape, dtype=np.bool_)
    peers[:, 1:] = tops[:, 1:] > reached[:, :-1]
    sizes = np.diff(np.append(layout.starts, len(layout.y)))
    on_top = (y == np.repeat(tops, sizes, axis=1)).astype(np.int64)
    weights = np.add.reduceat(on_top, layout.starts, axis=1) * peers
    scope = layout.scope
    widths = np.diff(np.append(layout.x, scope.x_max))
    # Left of the first case nothing was ever reached: the whole height is empty.
    strip = (layout.x[0] - scope.x_min) * (scope.y_max - scope.y_min)
    slopes, intercepts = _regressions(layout.x, tops, weights)
    return CeilingLines(
        tops=tops,
        weights=weights,
        step_zones=((scope.y_max - reached) * widths).sum(axis=1) + strip,
        line_zones=_zones_above(slopes, intercepts, scope),
        slopes=slopes,
        intercepts=intercepts,
    )


def _regressions(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least squares of y on x through the peers of each order, one point for each case on it."""
    total = weights.sum(axis=1)
    x_mean = (weights * x).sum(axis=1) / total
    y_mean = (weights * y).sum(axis=1) / total
    aside = x - x_mean[:, np.newaxis]
    together = (weights * aside * (y - y_mean[:, np.newaxis])).sum(axis=1)
    alone = (weights * aside**2).sum(axis=1)
    several = (weights > 0).sum(axis=1) > 1
    slopes = np.divide(together, alone, out=np.full(len(y), np.nan), where=several)
    return slopes, y_mean - slopes * x_mean


def _zones_above(
    slopes: NDArray[np.float64], intercepts: NDArray[np.float64], scope: Scope
) -> NDArray[np.float64]:
    """Area of the scope above rising lines; 0 where there is no line."""
    enters, leaves = (
        np.clip((border - intercepts) / slopes, scope.x_min, scope.x_max)
        for border in (scope.y_min, scope.y_max)
    )
    whole = (enters - scope.x_min) * (scope.y_max - scope.y_min)
    middle = intercepts + slopes * (enters + leaves) / 2
    return np.nan_to_num(whole + (leaves - enters) * (scope.y_max - middle))
