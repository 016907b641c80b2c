"""Why a unit has no report, or no pattern, of its own; in words that give no number away."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from diagnostics.scoring.results import AssessmentResult, Relation, Source, UnitResult


@dataclass(frozen=True, slots=True)
class PoolingNote:
    """One unit whose figures are told together with others'."""

    unit: str
    reason: str


def pooling_notes(result: AssessmentResult) -> tuple[PoolingNote, ...]:
    """Return a note for every unit that lacks figures of its own."""
    reasons = ((unit, _note(unit)) for unit in result.units[1:])
    return tuple(
        PoolingNote(f"{unit.name} ({unit.unit})", reason) for unit, reason in reasons if reason
    )


def _note(unit: UnitResult) -> str:
    if unit.profile is None:
        return _("too few answers; they count above only where enough come together")
    if unit.profile.source.relation is Relation.ONE_CHILD:
        return _("only one part can be told: see %s") % _group(unit.profile.source)
    if not unit.profile.source.is_own:
        return _("too few answers to be told alone, pooled: see %s") % _group(unit.profile.source)
    if unit.own_diagnosis is None and unit.diagnosis is not None:
        return _("a profile of its own, patterns pooled from ten answers on: see %s") % _group(
            unit.diagnosis.source
        )
    return ""


def _group(source: Source) -> str:
    name = _("Small teams in %s") % source.unit_name if source.is_pool else source.unit_name
    return f"{name} ({source.band})"
