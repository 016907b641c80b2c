"""Several tests at once: how strict each has to be."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import OptionError, ShapeError
from qca.inputs import as_numbers
from qca.messages import digits


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p values for their number, step by step from the smallest.

    Sorted ascending, adjusted_k = the running maximum of min(1, (m - k + 1) p_k). That an adjusted
    p lies below a level for any true hypothesis at all has at most the chance of that level,
    however the tests depend on each other.

    Parameters
    ----------
    p : array_like (tests,)
        In [0, 1]; NaN is passed on and not counted in m.

    Returns
    -------
    array (tests,)
        In the order of p. Equal to p.adjust(p, "holm") of R.

    Raises
    ------
    NotNumericError, ShapeError
        The values are no numbers, or not in one dimension.
    OptionError
        A value is outside [0, 1].

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])

    Source: Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian
    Journal of Statistics 6, 65-70.
    """
    values = as_numbers(p, "p")
    if values.ndim != 1:
        raise ShapeError(f"expected one dimension for p, found shape {values.shape}")
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        place = int(wrong.argmax())
        raise OptionError(
            f"expected p in [0, 1], found {digits(values[place])} in test {place + 1}"
        )
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    steps = np.arange(len(order), 0, -1) * values[order]
    adjusted = np.full(len(values), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted
