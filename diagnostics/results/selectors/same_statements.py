"""Which scores of two waves rest on the same statements."""

from survey.instrument.unchanged import unchanged_constructs
from survey.models import Campaign
from survey.selectors.campaigns import questionnaire_of


def comparable_constructs(before: Campaign, now: Campaign) -> frozenset[str]:
    """Return the codes of the constructs that were asked in the same words in both waves."""
    languages = {*before.languages, *now.languages}
    return unchanged_constructs(
        questionnaire_of(before), questionnaire_of(now), languages=languages
    )
