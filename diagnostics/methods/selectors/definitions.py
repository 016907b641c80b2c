"""Stored pattern sets and calibration rules as the plain values that scoring takes."""

from diagnostics.models import CalibrationRule, CampaignMethod, Pattern, PatternSet
from diagnostics.scoring.definitions import other_lens_of
from diagnostics.scoring.method import (
    CalibrationContent,
    CalibrationKind,
    Method,
    NamedPattern,
    PatternSetContent,
    construct_infos,
)
from survey.selectors.campaigns import questionnaire_of


def pattern_set_content(pattern_set: PatternSet) -> PatternSetContent:
    """Return a stored pattern set with its patterns in their order."""
    patterns = pattern_set.patterns.prefetch_related("conditions")
    return PatternSetContent(
        code=pattern_set.code,
        version=pattern_set.version,
        title=pattern_set.title,
        origin=pattern_set.origin,
        author=pattern_set.author,
        created_on=pattern_set.created_on.isoformat(),
        note=pattern_set.note,
        patterns=tuple(_named_pattern(pattern) for pattern in patterns),
    )


def calibration_content(rule: CalibrationRule) -> CalibrationContent:
    """Return a stored calibration rule."""
    return CalibrationContent(
        code=rule.code,
        version=rule.version,
        title=rule.title,
        kind=CalibrationKind(rule.kind),
        origin=rule.origin,
        author=rule.author,
        note=rule.note,
        anchors={construct: tuple(three) for construct, three in rule.anchors.items()},
    )


def method_of(chosen: CampaignMethod, *, draws: int, seed: int) -> Method:
    """Return everything that fixes the scoring of a campaign but its answers."""
    campaign = chosen.campaign
    instrument = questionnaire_of(campaign)
    calibration = calibration_content(chosen.calibration)
    return Method(
        constructs=construct_infos(instrument),
        points=instrument.scale.points,
        pattern_set=pattern_set_content(chosen.pattern_set),
        calibration=calibration,
        other_lens=other_lens_of(calibration),
        floor=campaign.floor,
        sensitive_floor=campaign.sensitive_floor,
        draws=draws,
        seed=seed,
    )


def _named_pattern(pattern: Pattern) -> NamedPattern:
    conditions = sorted(pattern.conditions.all(), key=lambda condition: condition.pk)
    return NamedPattern(
        code=pattern.code,
        name=pattern.name,
        summary=pattern.summary,
        function=pattern.function,
        required={condition.element: condition.is_present for condition in conditions},
        core=frozenset(condition.element for condition in conditions if condition.is_core),
    )
