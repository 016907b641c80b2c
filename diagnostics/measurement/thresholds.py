"""What the scales of a questionnaire are held against: the customary thresholds, and our own."""

from typing import Final

from qca.patterns.support import DEFAULT_SUPPORT_POLICY

RELIABILITY: Final = 0.70  # alpha, omega and composite reliability, from here on
EXTRACTED: Final = 0.50  # average variance extracted, from here on
DISTINCT: Final = 0.85  # HTMT, below
INFLATION: Final = 3.3  # variance inflation, up to here
CFI_DROP: Final = 0.01  # what a stricter model of invariance may lose
ITEM_REST: Final = 0.30  # correlation of an item with the rest of its scale, from here on
AGREED: Final = 0.70  # rwg(j) from which a pool is said to agree
FEWEST: Final = DEFAULT_SUPPORT_POLICY.smallest  # respondents of a group, as for patterns
FEWEST_POOLS: Final = 5  # below, a median would be about one pool
