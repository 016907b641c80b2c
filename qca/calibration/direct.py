"""Direct calibration by log-odds with three anchors."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from qca.calibration.scores import read_anchors, read_scores, rising, snapped
from qca.errors import OptionError

IDM = 0.95  # Ragin (2008): membership at the anchor of full membership; ln(.95/.05) = 2.944
FS_QCA_IDM = 1 / (1 + math.exp(-3))  # .9526: the fs/QCA program scales log-odds to 3.0


def calibrate_direct(
    scores: ArrayLike, anchors: Sequence[float], *, idm: float = IDM
) -> NDArray[np.float64]:
    """Calibrate by the direct method: 1 / (1 + exp(-ln(idm / (1 - idm)) * d)).

    d = (score - crossover) / (anchor - crossover), with the anchor of the score's side taken
    negative below the crossover; so the anchors get 1 - idm, .5 and idm. Falling anchors make a
    low score a high membership. Memberships within .0001 of 0 and 1 are set to them.

    Parameters
    ----------
    scores : array_like of float, shape (cases,), in points of the raw scale
    anchors : sequence of three floats
        Full non-membership, crossover, full membership; strictly rising or falling.
    idm : float, in (.5, 1)
        Membership at full membership: .95, or FS_QCA_IDM for the constant of fs/QCA.

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    AnchorError
        The anchors are not three finite numbers in strict order.
    OptionError
        idm is not between .5 and 1.
    ShapeError, NoCasesError, MissingDataError
        The scores cannot be read.

    Examples
    --------
    >>> calibrate_direct([1, 2, 4.1, 6, 7], [2, 4.1, 6]).round(3)
    array([0.013, 0.05 , 0.5  , 0.95 , 0.989])
    >>> calibrate_direct([2, 4.1, 6], [6, 4.1, 2]).round(3)
    array([0.95, 0.5 , 0.05])

    Source: Ragin (2008), Redesigning Social Inquiry, ch. 5; Duşa (2019), QCA with R, ch. 4.
    """
    values, points = read_scores(scores), read_anchors(anchors, 3)
    if isinstance(idm, str) or not 0.5 < idm < 1:
        raise OptionError(f"expected idm between .5 and 1, found {idm}")
    out, crossover, full = points if rising(points) else points[::-1]
    span = np.where(values < crossover, crossover - out, full - crossover)
    membership = expit((values - crossover) / span * math.log(idm / (1 - idm)))
    return snapped(membership if rising(points) else 1 - membership)
