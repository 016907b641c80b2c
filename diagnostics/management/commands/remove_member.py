"""Take roles from a person in an organisation."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from diagnostics.management.named_organisation import organisation_named
from diagnostics.management.shell_user import shell_user
from survey.errors import InputError
from survey.models import Role
from survey.services.organisations.founding import remove_member


class Command(BaseCommand):
    """Take roles from a person; the account stays."""

    help = "Take roles from a person in an organisation; the account stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--organisation", required=True, help="the organisation's name")
        parser.add_argument("--role", required=True, action="append", choices=Role.values)

    def handle(self, *, email: str, organisation: str, role: list[str], **options: object) -> None:
        """Take the roles, or say what is wrong and change nothing."""
        place = organisation_named(organisation)
        try:
            roles = tuple(Role(value) for value in role)
            remove_member(organisation=place, email=email, roles=roles, by=shell_user())
        except InputError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{email} is no longer {', '.join(role)} of {place.name}.")
