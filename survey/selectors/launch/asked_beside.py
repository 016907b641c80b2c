"""What a campaign asks beside its scales, in words; the launch settles it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from survey.instrument.content import ConstructRole
from survey.models import Campaign
from survey.selectors.campaigns import questionnaire_of


def beside_words(campaign: Campaign) -> str:
    """Return what is asked beside the statements about the unit and questions about the person."""
    return ", ".join(_parts(campaign)) or _("nothing")


def _parts(campaign: Campaign) -> Iterator[str]:
    asked = questionnaire_of(campaign)
    if any(asked.items(ConstructRole.CHECK)):
        yield _("a check of attention, by which answers are left out")
    if any(asked.items(ConstructRole.MARKER)):
        yield _("statements that have nothing to do with work, for the study of the scales")
