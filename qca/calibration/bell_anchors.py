"""The six anchors of a bell or a valley as one value, whose anchors can be moved."""

from dataclasses import dataclass, replace
from typing import Self

from qca.calibration.bell import calibrate_bell


@dataclass(frozen=True, slots=True)
class BellAnchors:
    """Six anchors of one element and the exponents between them, see `calibrate_bell`.

    Parameters
    ----------
    out1, crossover1, in1, in2, crossover2, out2 : float
        Scores with the memberships 0, .5, 1, 1, .5 and 0, in points of the answer scale: rising
        for a bell, and for a valley with in1 < crossover1 < out1 <= out2 < crossover2 < in2.
    below, above : float
        Exponents under and over the crossovers, > 0.

    Raises
    ------
    AnchorError
        The anchors are in neither order, or not finite.
    OptionError
        An exponent is not above 0.

    Examples
    --------
    >>> BellAnchors(1, 2, 3, 5, 6, 7).names
    ('out1', 'crossover1', 'in1', 'in2', 'crossover2', 'out2')
    """

    out1: float
    crossover1: float
    in1: float
    in2: float
    crossover2: float
    out2: float
    below: float = 1.0
    above: float = 1.0

    def __post_init__(self) -> None:
        six = [getattr(self, name) for name in self.names]
        calibrate_bell([0.0], six, below=self.below, above=self.above)

    @property
    def names(self) -> tuple[str, ...]:
        """What the anchors are called, in the order of calibration."""
        return "out1", "crossover1", "in1", "in2", "crossover2", "out2"

    def shifted(self, *, anchor: str, by: float) -> Self:
        """Return these anchors with one of them moved.

        Parameters
        ----------
        anchor : str
            One of the names.
        by : float
            Points of the scale.

        Raises
        ------
        AnchorError
            The moved anchor passes another one.

        Examples
        --------
        >>> BellAnchors(1, 2, 3, 5, 6, 7).shifted(anchor="in2", by=-2).in2
        3
        """
        return replace(self, **{anchor: getattr(self, anchor) + by})
