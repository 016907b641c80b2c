"""Titles and notes of the definitions that ship with the product, in the reader's language."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SHIPPED: Final = frozenset(
    {
        _("Three patterns that compensate"),
        _("Signature only"),
        _("Strict"),
        _("Fixed anchors 2, 4 and 6"),
        _("Fixed anchors 2, 4.1 and 6"),
        _("Company percentiles 5, 50 and 95"),
        _("Company percentiles 10, 50 and 90"),
        _("Company percentiles 20, 50 and 80"),
        _(
            "Default, this product's proposal. Technology foresight is in all patterns and "
            "customer focus in none with high confidence; the triple structure has medium, the "
            "names of the triples low to medium confidence."
        ),
        _(
            "Default, this product's proposal. Each pattern is technology foresight and the one "
            "element that marks it."
        ),
        _(
            "Default, this product's proposal. The element that a pattern does without must be "
            "absent, so few units are well inside any pattern where all elements are high."
        ),
        _(
            "Default, this product's proposal. The crossover lies at 4.1 because 4 is an "
            "attainable mean of four or five items, and a person exactly there belongs to no "
            "configuration."
        ),
        _("Customary on a scale of seven points; many persons are exactly at the crossover."),
        _(
            "Relative to the company's own answers; compares units, and says nothing about the "
            "level."
        ),
    }
)


def shipped_text(text: str) -> str:
    """Return a shipped definition's title or note translated; what somebody wrote stays."""
    return gettext(text) if text in SHIPPED else text
