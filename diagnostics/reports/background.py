"""What people of the whole company said about themselves, as the appendix tells it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.reports.tables import Table
from survey.instrument.content import Instrument
from survey.policy import SENSITIVE_FLOOR

BackgroundCounts = Mapping[str, Mapping[str, int]]  # question -> option -> people
NO_BACKGROUND: Final[BackgroundCounts] = MappingProxyType({})


def background_tables(
    counts: BackgroundCounts, instrument: Instrument, language: str
) -> tuple[Table, ...]:
    """Return a table for each question of which anything is told, in the questionnaire's order."""
    return tuple(
        Table(
            question.text[language],
            (_("Answer"), _("People")),
            (*_rows(question.options, counts[question.code], language), _rest()),
        )
        for question in instrument.background
        if question.code in counts
    )


def _rows(
    options: tuple[tuple[str, Mapping[str, str]], ...], told: Mapping[str, int], language: str
) -> Iterator[tuple[str, str]]:
    for code, text in options:
        if code in told:
            yield text[language], number_format(told[code], 0)


def _rest() -> tuple[str, str]:
    """Return the line of everybody else; how many they are would tell more than it seems."""
    return _("other, or not told"), _("%(least)d or more") % {"least": SENSITIVE_FLOOR}
