"""Characters that nobody sees or that break a line: found in what was typed, and called by name."""

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from survey.errors import InputError

# Unicode's general categories: controls, format, surrogates, and separators of lines.
BREAKING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# In an address also spaces, and what no version of Unicode has given a shape.
UNSEEN: Final = BREAKING | {"Zs", "Co", "Cn"}
# Letters and marks that are drawn as nothing (Default_Ignorable_Code_Point outside UNSEEN), and
# the empty Braille pattern.
BLANK: Final = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)  # fmt: skip


def unseen_place(text: str) -> int | None:
    """Return where the first character stands that nobody would see, counted from zero.

    >>> unseen_place("anna@example.com"), unseen_place("an na@example.com")
    (None, 2)
    """
    if text.isascii() and text.isprintable() and " " not in text:
        return None
    unseen = (
        place
        for place, character in enumerate(text)
        if unicodedata.category(character) in UNSEEN or character in BLANK
    )
    return next(unseen, None)


def described(character: str) -> str:
    """Return a character's code point and its Unicode name.

    >>> described(chr(0x202C)), described(chr(7))
    ('U+202C POP DIRECTIONAL FORMATTING', 'U+0007')
    """
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def described_at(character: str, place: int) -> str:
    """Return a character's name and where it stands, counted from one."""
    return _("%(character)s as character %(place)d") % {
        "character": described(character),
        "place": place,
    }


def line_of_text(typed: str) -> str:
    """Return a name or a title, trimmed, or raise InputError.

    A line break could begin a header of its own in a mail; a format character can turn the letters
    after it around, or hide that two names differ.
    """
    text = typed.strip()
    for place, character in enumerate(text, start=1):
        if unicodedata.category(character) in BREAKING:
            raise InputError(
                _("Expected text without line breaks and control characters, found %(found)s.")
                % {"found": described_at(character, place)}
            )
    return text
