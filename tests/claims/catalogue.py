"""Every claim there is: a section adds its own here."""

from typing import Final

from tests.claims import patterns
from tests.claims.bounds import Claim

CLAIMS: Final[tuple[Claim, ...]] = (*patterns.CLAIMS,)
