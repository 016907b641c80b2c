"""Where a unit stands among the company's units, in words."""

from django.utils.translation import gettext as _

from diagnostics.scoring.results import Standing, Third, UnitResult
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.page_parts import Fact, StandingReading


def standing_reading(unit: UnitResult, names: Glossary) -> StandingReading | None:
    """Return the unit's place on each element, None where too few units can be compared."""
    if not unit.standings:
        return None
    fewest = min(standing.units for standing in unit.standings)
    return StandingReading(
        sentences=(
            _(
                "Compared with the company's units that have ten answers or more of their own, at "
                "least %(count)d with this one. Where the interval reaches into another third, "
                "both are named."
            )
            % {"count": fewest},
            _(
                "This is no ranking: units do different work, and rule-bending is not compared at "
                "all."
            ),
        ),
        rows=tuple(
            Fact(names.constructs[standing.construct], standing_words(standing))
            for standing in unit.standings
        ),
    )


def standing_words(standing: Standing) -> str:
    """Say in which thirds a unit may lie."""
    return {
        (Third.LOWER, Third.LOWER): _("in the lower third"),
        (Third.MIDDLE, Third.MIDDLE): _("in the middle third"),
        (Third.UPPER, Third.UPPER): _("in the upper third"),
        (Third.LOWER, Third.MIDDLE): _("in the lower or the middle third"),
        (Third.MIDDLE, Third.UPPER): _("in the middle or the upper third"),
        (Third.LOWER, Third.UPPER): _("cannot be told: it may be in any third"),
    }[standing.lowest, standing.highest]
