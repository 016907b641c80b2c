"""Where the tests find what lies outside them."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
# Reference results that are handed around apart from the repository; tests that need them say so.
SHARED_REFERENCE: Final = ROOT.parent / "shared" / "reference"
