"""Filters for figures and their headings."""

import re
from collections.abc import Mapping
from typing import Final

from django import template
from django.forms.boundfield import BoundField
from django.utils.translation import get_language

from diagnostics.wording.numbers import figure, share, short
from survey.policy import size_band

register = template.Library()
for number in (figure, short, share):
    register.filter(number)
# A Finnish syllable begins with the last consonant before a vowel.
SYLLABLE: Final = re.compile(r"(?<=\w\w)(?=[bcdfghjklmnpqrstvwxz][aeiouyäöå])")


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


@register.filter
def in_band(n: int | None) -> str:
    """Return the band of a number of people of which no more is told; a dash for fewer than five.

    >>> in_band(10), in_band(None)
    ('10-19', '–')
    """
    return size_band(n or 0) or "–"
