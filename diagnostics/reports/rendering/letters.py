"""Letters that no font of the machine has: a report that is rendered, what to install, and words.

Knows no renderer, so that anyone may import it.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

MOST_LETTERS: Final = 60  # of one report that are kept and told; a font is missing, not a letter
GENERAL_PACKAGE: Final = "fonts-noto-core"
EMOJI_PACKAGE: Final = "fonts-noto-color-emoji"
# How Unicode names of letters begin -> the Debian package with a font for them. All others, Arabic
# and Hebrew for example, are in the general one.
PACKAGES: Final = {
    "CJK": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "HALFWIDTH": "fonts-noto-cjk",
    "FULLWIDTH": "fonts-noto-cjk",
    "IDEOGRAPHIC": "fonts-noto-cjk",
    "BOPOMOFO": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "KANGXI": "fonts-noto-cjk",
    "THAI": "fonts-thai-tlwg",
    "REGIONAL": EMOJI_PACKAGE,
    "EMOJI": EMOJI_PACKAGE,
    "MATHEMATICAL": "fonts-noto-math",
    "MUSICAL": "fonts-noto-extra",
}
BEYOND_BASIC: Final = 0x1F000  # symbols from here on are pictures


class RenderedPdf(bytes):
    """A document, with the letters in it that are drawn as boxes for want of a font."""

    missing_letters: str = ""

    @classmethod
    def of(cls, content: bytes, missing_letters: str) -> "RenderedPdf":
        """Return a document that knows which letters it lacks."""
        rendered = cls(content)
        rendered.missing_letters = missing_letters
        return rendered


def distinct_letters(letters: Iterable[str]) -> str:
    """Return every letter once, in the order of their numbers, and no more than are told.

    >>> distinct_letters("港湾港")
    '港湾'
    """
    return "".join(sorted(set(letters))[:MOST_LETTERS])


def font_packages(letters: Iterable[str]) -> tuple[str, ...]:
    """Return the Debian packages whose fonts have the letters.

    >>> font_packages("港ไ🚢ש")
    ('fonts-noto-cjk', 'fonts-noto-color-emoji', 'fonts-noto-core', 'fonts-thai-tlwg')
    """
    return tuple(sorted({_package(letter) for letter in letters}))


def letter_warning(letters: str) -> str:
    """Say which letters are drawn as boxes, and what brings them.

    >>> letter_warning("港湾")
    'No font on this machine has these letters: 港湾. They are boxes in the reports. On Debian: \
apt-get install fonts-noto-cjk, and then have the reports written again.'
    """
    return _(
        "No font on this machine has these letters: %(letters)s. They are boxes in the reports. On "
        "Debian: apt-get install %(packages)s, and then have the reports written again."
    ) % {"letters": letters, "packages": " ".join(font_packages(letters))}


def _package(letter: str) -> str:
    if unicodedata.category(letter) in {"So", "Sk"} and ord(letter) >= BEYOND_BASIC:
        return EMOJI_PACKAGE
    kind = unicodedata.name(letter, "").replace("-", " ").partition(" ")[0]
    return PACKAGES.get(kind, GENERAL_PACKAGE)
