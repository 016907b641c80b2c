"""A pattern set or calibration under the pen, held against the organisation's last release."""

from collections.abc import Mapping, Sequence

from diagnostics.access import sees_every_unit
from diagnostics.methods.selectors.choices import element_names, sensitive_elements
from diagnostics.methods.wording.reviews import (
    Effect,
    SetReview,
    effect_of,
    set_review,
    unreadable_effect,
)
from diagnostics.models import Assessment
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.scoring.method import (
    CalibrationContent,
    CalibrationKind,
    NamedPattern,
    PatternSetContent,
)
from diagnostics.scoring.pattern_reviews import Membership, doubts_about, leading_counts
from diagnostics.scoring.results import ConstructScore
from diagnostics.wording.glossary import text_in
from qca.calibration.anchors import Anchors, calibrate_scores
from survey.documents.refusals import unreadable_words
from survey.documents.versions import UnreadableDocumentError
from survey.models import Organisation, User


def review_set(
    content: PatternSetContent, *, organisation: Organisation, user: User, language: str
) -> SetReview:
    """Return what a set would be and do, for somebody who may know it."""
    doubts = doubts_about(content.for_function(), sensitive=sensitive_elements())
    effect = _effect(organisation, user, language, patterns=content.patterns, read=None)
    names = element_names()
    return set_review(content, doubts, effect, language=language, element_names=names)


def calibration_effect(
    content: CalibrationContent, *, organisation: Organisation, user: User, language: str
) -> Effect | None:
    """Return what other fixed anchors would do; percentiles need answers, so None for them."""
    if content.kind is not CalibrationKind.ABSOLUTE:
        return None

    def read(score: ConstructScore) -> float | None:
        if score.membership is None:
            return None
        anchors = Anchors(*content.three(score.construct))
        return float(calibrate_scores([[score.score]], [anchors])[0, 0])

    return _effect(organisation, user, language, patterns=None, read=read)


def _effect(
    organisation: Organisation,
    user: User,
    language: str,
    *,
    patterns: Sequence[NamedPattern] | None,
    read: Membership | None,
) -> Effect | None:
    """Return the effect on the last release; None without one, and for whoever sees no units."""
    last = _last_assessment(organisation)
    if last is None or not sees_every_unit(user, last.campaign):
        return None
    try:
        result = assessment_result(last)
    except UnreadableDocumentError as error:
        return unreadable_effect(last.campaign.name, unreadable_words(error))
    used = result.method.pattern_set.for_function()
    after = [entry for entry in patterns if not entry.function] if patterns is not None else used
    counts = leading_counts(
        result.units,
        before=[entry.pattern for entry in used],
        after=[entry.pattern for entry in after],
        membership_after=read,
    )
    names = _names([*used, *after], language)
    return effect_of(counts, release=last.campaign.name, names=names)


def _last_assessment(organisation: Organisation) -> Assessment | None:
    return (
        Assessment.objects.filter(campaign__organisation=organisation)
        .select_related("campaign")
        .order_by("-campaign__closed_at", "-number")
        .first()
    )


def _names(patterns: Sequence[NamedPattern], language: str) -> Mapping[str, str]:
    return {entry.code: text_in(entry.name, language) for entry in patterns}
