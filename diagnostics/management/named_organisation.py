"""The organisation that a command is told by its name."""

from django.core.management.base import CommandError

from survey.models import Organisation


def organisation_named(name: str) -> Organisation:
    """Return the organisation, or end the command with the names that there are."""
    place = Organisation.objects.filter(name=name).first()
    if place is None:
        known = ", ".join(Organisation.objects.values_list("name", flat=True)) or "none"
        raise CommandError(f"Organisation: expected one of {known}; found {name!r}.", returncode=2)
    return place
