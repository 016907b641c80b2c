"""The page that holds operations against sales, for those who see every unit."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from diagnostics.access import sees_every_unit
from diagnostics.results.selectors.assessments import assessment_result, current_assessment
from diagnostics.results.selectors.pages import Place
from diagnostics.results.selectors.provenance import setting_of
from diagnostics.results.wording.functions import (
    FunctionsReading,
    compares_functions,
    functions_reading,
)
from survey.models import Campaign, User


@dataclass(frozen=True, slots=True)
class FunctionsPage:
    """Both functions of the company and of its areas."""

    reading: FunctionsReading
    trail: tuple[Place, ...]


def functions_page(user: User, campaign: Campaign, *, language: str) -> FunctionsPage | None:
    """Return the comparison; None without one, and for whoever may not see every unit."""
    assessment = current_assessment(campaign)
    if assessment is None or not sees_every_unit(user, campaign):
        return None
    result = assessment_result(assessment)
    if not compares_functions(result):
        return None
    return FunctionsPage(
        reading=functions_reading(
            result, setting=setting_of(assessment, language=language), language=language
        ),
        trail=(
            (_("Overview"), reverse("diagnostics:home")),
            (
                campaign.organisation.name,
                reverse("diagnostics:company-detail", args=[campaign.pk]),
            ),
        ),
    )
