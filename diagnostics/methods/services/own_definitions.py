"""An organisation's own pattern sets and calibration rules, and a draft campaign's choice."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics.methods.services.definitions import save_calibration, save_pattern_set
from diagnostics.models import CalibrationRule, CampaignMethod, PatternSet
from diagnostics.scoring.method import (
    CalibrationContent,
    CalibrationKind,
    NamedPattern,
    PatternSetContent,
)
from survey.models import Action, Campaign, Organisation, Origin, User
from survey.services.ledger import Doer, note
from survey.services.states import locked_draft


@transaction.atomic
def publish_custom_set(
    *,
    organisation: Organisation,
    by: User,
    title: str,
    note: str,
    patterns: Sequence[NamedPattern],
    follows: PatternSet | None = None,
) -> PatternSet:
    """Save a set as a version of its own; one that changes the organisation's own set follows it.

    A version once saved is never written again.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    code, version = _next_version(PatternSet, locked, follows, title)
    content = PatternSetContent(
        code=code,
        version=version,
        title=title,
        origin=Origin.CUSTOM,
        author=by.name or by.email,
        created_on=timezone.localdate().isoformat(),
        note=note,
        patterns=tuple(patterns),
    )
    saved = save_pattern_set(content=content)
    PatternSet.objects.filter(pk=saved.pk).update(organisation=locked)
    saved.organisation = locked
    return saved


@transaction.atomic
def publish_custom_calibration(
    *,
    organisation: Organisation,
    by: User,
    title: str,
    note: str,
    kind: str,
    anchors: Mapping[str, tuple[float, ...]],
    follows: CalibrationRule | None = None,
) -> CalibrationRule:
    """Save a calibration rule as a version of its own, as `publish_custom_set` does."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    code, version = _next_version(CalibrationRule, locked, follows, title)
    content = CalibrationContent(
        code=code,
        version=version,
        title=title,
        kind=CalibrationKind(kind),
        origin=Origin.CUSTOM,
        author=by.name or by.email,
        note=note,
        anchors=anchors,
    )
    saved = save_calibration(content=content)
    CalibrationRule.objects.filter(pk=saved.pk).update(organisation=locked)
    saved.organisation = locked
    return saved


@transaction.atomic
def choose_method(
    *,
    campaign: Campaign,
    pattern_set: PatternSet,
    calibration: CalibrationRule,
    by: Doer,
) -> CampaignMethod:
    """Fix what a draft will be scored with; from the launch on it stays."""
    locked = locked_draft(
        campaign, _("%(campaign)s: expected a draft to change, found “%(state)s”.")
    )
    chosen, _is_new = CampaignMethod.objects.update_or_create(
        campaign=locked, defaults={"pattern_set": pattern_set, "calibration": calibration}
    )
    named = {"pattern_set": _name_of(pattern_set), "calibration": _name_of(calibration)}
    note(Action.METHOD_CHOSEN, by=by, campaign=locked, detail=named)
    return chosen


def _name_of(definition: PatternSet | CalibrationRule) -> str:
    return f"{definition.title} ({definition.code} {definition.version})"


def _next_version(
    model: type[PatternSet] | type[CalibrationRule],
    organisation: Organisation,
    follows: PatternSet | CalibrationRule | None,
    title: str,
) -> tuple[str, int]:
    """Return code and number: the next of the series where it is the organisation's, same title."""
    if (
        follows is not None
        and follows.organisation_id == organisation.pk
        and follows.origin == Origin.CUSTOM
        and follows.title == title
    ):
        latest = model.objects.filter(code=follows.code).aggregate(latest=Max("version"))["latest"]
        return follows.code, latest + 1
    return f"custom-{uuid4().hex[:12]}", 1
