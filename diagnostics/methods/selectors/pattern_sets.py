"""Pattern sets that a user may see, and the one that an analysis is compared with."""

from django.db.models import Q, QuerySet

from diagnostics.methods.selectors.definitions import pattern_set_content
from diagnostics.models import Analysis, CampaignMethod, PatternSet
from diagnostics.scoring.definitions import DEFAULT_PATTERN_SET
from qca.patterns.named_patterns import Pattern
from survey.models import Organisation, Origin


def usable_pattern_sets(organisation: Organisation) -> QuerySet[PatternSet]:
    """Return the sets that ship and the organisation's own, by code, the newest version first."""
    return PatternSet.objects.filter(Q(organisation=None) | Q(organisation=organisation))


def derived_pattern_sets(organisations: QuerySet[Organisation]) -> QuerySet[PatternSet]:
    """Return what was derived in some organisations, the newest first."""
    return (
        PatternSet.objects.filter(organisation__in=organisations, origin=Origin.DERIVED)
        .select_related("organisation", "analysis")
        .order_by("-created_on", "-version")
    )


def compared_set(analysis: Analysis) -> PatternSet:
    """Return the set whose names an analysis may take: its campaign's, else the default."""
    method = CampaignMethod.objects.filter(campaign=analysis.campaign).first()
    if analysis.campaign is not None and method is not None:
        return method.pattern_set
    return PatternSet.objects.filter(code=DEFAULT_PATTERN_SET).latest("version")


def compared_patterns(analysis: Analysis) -> tuple[str, tuple[Pattern, ...]]:
    """Return that set's id, and its patterns for the analysis' function."""
    chosen = compared_set(analysis)
    return str(chosen.pk), pattern_set_content(chosen).qca_patterns(analysis.function)
