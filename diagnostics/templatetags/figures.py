"""Filters for figures and their headings."""

import re
from collections.abc import Mapping
from typing import Final

from django import template
from django.forms.boundfield import BoundField
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()
# A Finnish syllable begins with the last consonant before a vowel.
SYLLABLE: Final = re.compile(r"(?<=\w\w)(?=[bcdfghjklmnpqrstvwxz][aeiouyäöå])")


@register.filter
def figure(value: float | None) -> str:
    """Return a figure with three decimals, or a dash where it is not defined.

    >>> figure(0.80449), figure(None)
    ('0.804', '–')
    """
    return "–" if value is None else number_format(round(value, 3), 3)


@register.filter
def short(value: float, digits: int = 6) -> str:
    """Return a number with no more digits than it needs, as the language writes it.

    >>> short(4.1), short(4.0), short(0.123456, 4)
    ('4.1', '4', '0.1235')
    """
    return number_format(f"{value:.{digits}g}")


@register.filter
def share(value: float) -> str:
    """Return a share in whole per cent.

    >>> share(0.806)
    '81 %'
    """
    return f"{value * 100:.0f} %"


@register.filter
def breakable(name: str) -> str:
    """Return a name that may be broken between syllables where the renderer cannot find them.

    It has dictionaries for hyphens of the other languages, and none for Finnish.
    """
    return SYLLABLE.sub("\u00ad", name) if get_language() == "fi" else name


@register.filter
def at(fields: Mapping[int, BoundField], number: int) -> BoundField | str:
    """Return the field of a row by its number; an excluded row without cases may have none."""
    return fields.get(number, "")
