"""How sure a statement about a unit is: the share of draws in which the same statement holds."""

from dataclasses import dataclass
from enum import StrEnum

from qca.errors import OptionError
from qca.patterns.verdicts import ROUNDING


class Sureness(StrEnum):
    """How a statement is made."""

    PLAIN = "plain"
    PROBABLY = "probably"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SurenessPolicy:
    """Shares of draws from which statements are made, and how.

    Set by simulated companies: shares are honest, so that of statements made from .90 on more than
    nine in ten are right; docs/method.md has the figures.

    Parameters
    ----------
    plain, probably : float
        From which a statement is plain, and is made with "probably"; below, the open form.
    named : float
        What the possibilities of an open form add up to.
    bottleneck : float
        From which an element is said to hold back.
    lever : float
        From which a lever is said to bring most.
    gains : float
        From which it is said to bring anything: a lever is named where both hold.

    Raises
    ------
    OptionError
        A share is outside [0, 1], or "probably" takes more than a plain statement.

    Examples
    --------
    >>> policy = SurenessPolicy()
    >>> policy.word(0.93).value, policy.word(0.8).value, policy.word(0.5).value
    ('plain', 'probably', 'open')
    """

    plain: float = 0.90
    probably: float = 0.75
    named: float = 0.90
    bottleneck: float = 0.80
    lever: float = 0.60
    gains: float = 0.85

    def __post_init__(self) -> None:
        shares = (self.plain, self.probably, self.named, self.bottleneck, self.lever, self.gains)
        if not all(0 <= share <= 1 for share in shares) or self.probably > self.plain:
            raise OptionError(f"expected ordered shares within [0, 1], found {self}")

    def word(self, share: float) -> Sureness:
        """Say how a statement is made that holds in a share of the draws.

        Examples
        --------
        >>> SurenessPolicy().word(0.9).value
        'plain'
        """
        if share >= self.plain - ROUNDING:
            return Sureness.PLAIN
        return Sureness.PROBABLY if share >= self.probably - ROUNDING else Sureness.OPEN


DEFAULT_SURENESS = SurenessPolicy()
