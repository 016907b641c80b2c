"""When two memberships count as equal, and which stand at the crossover of .5."""

import numpy as np
from numpy.typing import NDArray

# R's tolerance, the square root of machine epsilon: a value just under a cut still passes.
TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def at_half(memberships: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether memberships are .5 within R's tolerance: such a case is on neither side.

    Examples
    --------
    >>> at_half(np.array([0.5, 0.5 + 1e-15, 0.501]))
    array([ True,  True, False])
    """
    return np.abs(memberships - 0.5) <= TOLERANCE
