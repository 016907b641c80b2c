"""Pattern sets and calibration rules that somebody may look at, copy and choose."""

from collections.abc import Mapping
from functools import cache

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from diagnostics.access import ResultRight
from diagnostics.models import CalibrationRule, CampaignMethod, PatternSet
from diagnostics.scoring.definitions import DEFAULT_CALIBRATION, DEFAULT_PATTERN_SET
from diagnostics.scoring.method import ConstructInfo, construct_infos
from diagnostics.wording.glossary import text_in
from survey.access import organisations_where
from survey.instrument.content import parse_instrument
from survey.instrument.files import read_instrument_file
from survey.models import Campaign, Organisation, User


def method_organisations(user: User) -> QuerySet[Organisation]:
    """Return the organisations whose patterns the user may look after, by name."""
    return organisations_where(user, ResultRight.KEEP_METHODS)


def visible_pattern_sets(user: User) -> QuerySet[PatternSet]:
    """Return the sets that ship and those of the user's organisations, newest version first."""
    mine = Q(organisation__in=method_organisations(user))
    return PatternSet.objects.filter(Q(organisation=None) | mine).select_related("organisation")


def visible_calibrations(user: User) -> QuerySet[CalibrationRule]:
    """Return the rules that ship and those of the user's organisations, newest version first."""
    mine = Q(organisation__in=method_organisations(user))
    return CalibrationRule.objects.filter(Q(organisation=None) | mine).select_related(
        "organisation"
    )


def usable_calibrations(organisation: Organisation) -> QuerySet[CalibrationRule]:
    """Return the rules that ship and the organisation's own."""
    return CalibrationRule.objects.filter(Q(organisation=None) | Q(organisation=organisation))


def chosen_method(campaign: Campaign) -> CampaignMethod:
    """Return what a campaign would be scored with now; unsaved where nobody chose."""
    chosen = CampaignMethod.objects.filter(campaign=campaign).first()
    return chosen or CampaignMethod(
        campaign=campaign,
        pattern_set=PatternSet.objects.filter(code=DEFAULT_PATTERN_SET).latest("version"),
        calibration=CalibrationRule.objects.filter(code=DEFAULT_CALIBRATION).latest("version"),
    )


def element_names() -> Mapping[str, str]:
    """Return the elements that patterns are made of, code -> name in the reader's language."""
    language = get_language() or "en"
    return {
        entry.code: text_in(entry.name, language) for entry in _constructs() if not entry.is_outcome
    }


def construct_names() -> Mapping[str, str]:
    """Return the elements and the outcome, code -> name in the reader's language."""
    language = get_language() or "en"
    return {entry.code: text_in(entry.name, language) for entry in _constructs()}


def sensitive_elements() -> tuple[str, ...]:
    """Return the elements that nobody is advised to raise."""
    return tuple(entry.code for entry in _constructs() if entry.is_sensitive)


@cache
def _constructs() -> tuple[ConstructInfo, ...]:
    return construct_infos(parse_instrument(read_instrument_file()))
