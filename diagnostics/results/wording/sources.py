"""Whose answers a result rests on, and how many they are."""

from django.utils.translation import gettext as _

from diagnostics.scoring.results import Diagnosis, Profile, Relation, Source, UnitResult
from diagnostics.wording.numbers import band_words


def source_name(source: Source) -> str:
    """Return what the group behind a result is called."""
    if source.is_pool:
        return _("Small teams in %(unit)s") % {"unit": source.unit_name}
    return source.unit_name


def whose_answers(source: Source, unit: UnitResult) -> str:
    """Say whose result it is where it is not the unit's own."""
    values = {
        "group": source_name(source),
        "band": band_words(source.band),
        "unit": unit.name,
    }
    has_profile = unit.profile is not None and unit.profile.source.is_own
    if source.relation is Relation.ONE_CHILD and has_profile:
        return (
            _(
                "The profile is that of %(unit)s. Patterns need ten answers: %(group)s is the only "
                "part that has them and can be shown (%(band)s). What is said of patterns and "
                "levers is said of that part."
            )
            % values
        )
    if source.relation is Relation.ONE_CHILD:
        return (
            _(
                "Within %(unit)s, %(group)s is the only part that can be shown (%(band)s). What is "
                "said here is said of that part."
            )
            % values
        )
    if has_profile:
        return (
            _(
                "The profile is that of %(unit)s. Patterns need ten answers: these answers are "
                "part of “%(group)s” (%(band)s), and what is said of patterns and levers is said "
                "of all of them together."
            )
            % values
        )
    return (
        _(
            "The answers of %(unit)s are part of “%(group)s” (%(band)s). What is said here is "
            "said of all of them together, not of this unit alone."
        )
        % values
    )


def basis(shown: Profile | Diagnosis | None, diagnosis: Diagnosis | None) -> str:
    """Say on how many answers, as a band, the figures rest."""
    if shown is None:
        return ""
    if diagnosis is not None and _group(diagnosis.source) != _group(shown.source):
        return _("Profile based on %(profile)s, pattern on %(pattern)s of %(group)s.") % {
            "profile": band_words(shown.source.band),
            "pattern": band_words(diagnosis.source.band),
            "group": source_name(diagnosis.source),
        }
    return _("Based on %(band)s.") % {"band": band_words(shown.source.band)}


def _group(source: Source) -> tuple[str, bool]:
    return source.unit, source.is_pool
