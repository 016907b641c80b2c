"""Text of cells as everything inside takes it: composed letters, plain spaces, no marks."""

import re
import unicodedata
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
LOST_LETTER: Final = "\ufffd"  # what a program writes for bytes that it could not read
# Every sign of Unicode's category Zs, and the tabulator.
SPACES: Final = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# How workbooks write characters that XML cannot hold; ECMA-376, part 1, 22.9.2.19 (ST_Xstring).
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def tidy(text: str) -> str:
    """Return a cell with composed letters and single plain spaces, trimmed.

    >>> tidy(" Region" + chr(0xA0) + "  North" + chr(0xFEFF)), tidy("A" + chr(0x30A) + "sa")
    ('Region North', 'Åsa')
    """
    if text.isascii() and "  " not in text and "\t" not in text:
        return text.strip()
    spaced = SPACES.sub(" ", unicodedata.normalize("NFC", text))
    return spaced.strip(f"{BYTE_ORDER_MARK} \r\n").strip()


def text_key(text: str) -> str:
    """Return a text as it is compared: tidied and without regard to case.

    >>> text_key("NORTH" + chr(0xA0) + "1") == text_key("north 1")
    True
    """
    # Folding can take letters apart again, and some fold in two steps.
    return unicodedata.normalize("NFC", tidy(text).casefold())


def unescaped(text: str) -> str:
    """Return a workbook's text with the characters that it had to escape.

    >>> unescaped("Berg_x000D_"), unescaped("_x005F_x000D_"), unescaped("a_x")
    ('Berg\\r', '_x000D_', 'a_x')
    """
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Return a text of which a workbook gives back every letter: the opposite of unescaped().

    >>> escaped("_x000D_"), unescaped(escaped("_x000D_"))
    ('_x005F_x000D_', '_x000D_')
    """
    return ESCAPED.sub(r"_x005F_x\1_", text) if "_x" in text else text


def garbled_as(text: str) -> str:
    """Return what a text was before its UTF-8 was read as Windows-1252, "" if it was not.

    >>> garbled_as("BjÃ¶rk"), garbled_as("Björk"), garbled_as("Bjork")
    ('Björk', '', '')
    """
    if text.isascii():
        return ""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
