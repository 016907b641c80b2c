"""Saving the pattern sets and calibration rules that ship, and choosing a campaign's method."""

from datetime import date
from functools import cache

from django.db import transaction

from diagnostics.models import (
    CalibrationRule,
    CampaignMethod,
    Pattern,
    PatternCondition,
    PatternSet,
)
from diagnostics.scoring.definitions import (
    DEFAULT_CALIBRATION,
    DEFAULT_PATTERN_SET,
    default_calibrations,
    default_pattern_sets,
)
from diagnostics.scoring.method import CalibrationContent, NamedPattern, PatternSetContent
from survey.documents.plain_values import to_document
from survey.models import Campaign


def load_defaults() -> None:
    """Save every preset that is not there yet; a version once saved is never written again."""
    pattern_sets, calibrations = _presets()
    with transaction.atomic():
        for pattern_set in pattern_sets:
            save_pattern_set(content=pattern_set)
        for calibration in calibrations:
            save_calibration(content=calibration)


@cache
def _presets() -> tuple[tuple[PatternSetContent, ...], tuple[CalibrationContent, ...]]:
    """Read the files once for each process: a launch freezes its method under its lock."""
    return tuple(default_pattern_sets().values()), tuple(default_calibrations().values())


def ensure_defaults() -> None:
    """Save the presets where none has been saved: an organisation that never launched anything."""
    if not PatternSet.objects.exists():
        load_defaults()


@transaction.atomic
def save_pattern_set(*, content: PatternSetContent) -> PatternSet:
    """Return the version with this code and number, saved now if it is not there yet."""
    saved, is_new = PatternSet.objects.get_or_create(
        code=content.code,
        version=content.version,
        defaults={
            "title": content.title,
            "origin": content.origin,
            "author": content.author,
            "created_on": date.fromisoformat(content.created_on),
            "note": content.note,
        },
    )
    if is_new:
        for position, entry in enumerate(content.patterns):
            _save_pattern(saved, entry, position)
    return saved


@transaction.atomic
def save_calibration(*, content: CalibrationContent) -> CalibrationRule:
    """Return the version with this code and number, saved now if it is not there yet."""
    saved, _ = CalibrationRule.objects.get_or_create(
        code=content.code,
        version=content.version,
        defaults={
            "title": content.title,
            "kind": content.kind,
            "anchors": to_document(content.anchors),
            "origin": content.origin,
            "author": content.author,
            "note": content.note,
        },
    )
    return saved


@transaction.atomic
def freeze_method(*, campaign: Campaign) -> CampaignMethod:
    """Return what the campaign is scored with, frozen; the newest defaults if nobody chose."""
    load_defaults()
    method, _ = CampaignMethod.objects.get_or_create(
        campaign=campaign,
        defaults={
            "pattern_set": PatternSet.objects.filter(code=DEFAULT_PATTERN_SET).latest("version"),
            "calibration": CalibrationRule.objects.filter(code=DEFAULT_CALIBRATION).latest(
                "version"
            ),
        },
    )
    PatternSet.objects.filter(pk=method.pattern_set_id).update(is_frozen=True)
    CalibrationRule.objects.filter(pk=method.calibration_id).update(is_frozen=True)
    return method


def _save_pattern(pattern_set: PatternSet, entry: NamedPattern, position: int) -> None:
    pattern = Pattern.objects.create(
        pattern_set=pattern_set,
        code=entry.code,
        name=dict(entry.name),
        summary=dict(entry.summary),
        function=entry.function,
        position=position,
    )
    PatternCondition.objects.bulk_create(
        PatternCondition(
            pattern=pattern, element=element, is_present=present, is_core=element in entry.core
        )
        for element, present in entry.required.items()
    )
