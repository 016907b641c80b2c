"""Numbers as files write them: with a decimal point, or with a comma where that is unambiguous."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
COMMA: Final = re.compile(r"[+-]?(?:[0-9]+,[0-9]*|,[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Groups of three: 1,234 and 12,345,678. A decimal fraction looks so only by chance.
GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
# What people and programs put between thousands, in numbers that are certainly written so.
THOUSANDS: Final = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]*|(?:\.[0-9]{3})+,[0-9]*|(?:,[0-9]{3}){2,}"
    r"|(?:\.[0-9]{3}){2,}|(?:['’_ ][0-9]{3})+(?:[.,][0-9]*)?)"
)
POINT: Final = "a number with a decimal point, or nothing"
EITHER: Final = "numbers with one decimal sign in the whole file and nothing between thousands"


@dataclass(frozen=True, slots=True)
class DecimalSigns:
    """Whether a file's decimal sign is the comma, with an example, and what else is expected."""

    has_commas: bool = False
    example: str = ""
    expected: str = POINT


def signs_of(cells: Iterable[str], *, separator: str) -> DecimalSigns:
    """Return how a file's numbers are written.

    A comma is a decimal sign only where no comma parts the cells, no number has a point, and at
    least one number cannot be read as thousands.

    >>> signs_of(["0,81", "1"], separator=";").example
    '0,81 as 0.81'
    >>> signs_of(["1,234", "0.5"], separator=";").has_commas
    False
    """
    with_comma: list[str] = []
    has_point = has_thousands = False
    for cell in cells:
        text = _minus(cell)
        if THOUSANDS.fullmatch(text):
            has_thousands = True
        elif COMMA.fullmatch(text):
            with_comma.append(text)
        elif "." in text and PLAIN.fullmatch(text):
            has_point = True
    if has_thousands or (with_comma and separator != "," and has_point):
        return DecimalSigns(expected=EITHER)
    fraction = next((text for text in with_comma if not GROUPED.fullmatch(text)), "")
    if separator == "," or not with_comma:
        return DecimalSigns()
    if not fraction:  # 1,234 is a thousand in one country and one in another
        return DecimalSigns(expected=EITHER)
    return DecimalSigns(True, f"{fraction} as {fraction.replace(',', '.')}")


def number_of(cell: str, signs: DecimalSigns) -> float | None:
    """Return the number that a cell holds, None if it holds none.

    >>> number_of("0,81", DecimalSigns(has_commas=True)), number_of("0,81", DecimalSigns())
    (0.81, None)
    """
    text = _minus(cell)
    if signs.has_commas and COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not PLAIN.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) != float("inf") else None


def _minus(cell: str) -> str:
    """Return a cell with the minus sign that programs read, not the typesetter's."""
    return cell.replace("\u2212", "-")
