"""Give a person roles in an organisation."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from diagnostics.management.named_organisation import organisation_named
from diagnostics.management.new_member import describe_new_member
from diagnostics.management.shell_user import shell_user
from survey.errors import InputError
from survey.models import Role
from survey.services.organisations.founding import add_member


class Command(BaseCommand):
    """Give a person roles, and an account if there is none yet."""

    help = "Give a person roles in an organisation, and an account if there is none yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--organisation", required=True, help="the organisation's name")
        parser.add_argument("--role", required=True, action="append", choices=Role.values)
        parser.add_argument("--name", default="", help="the person's name")

    def handle(
        self, *, email: str, organisation: str, role: list[str], name: str, **options: object
    ) -> None:
        """Give the roles, or say what is wrong and change nothing."""
        place = organisation_named(organisation)
        roles = tuple(Role(value) for value in role)
        try:
            member = add_member(
                organisation=place, email=email, roles=roles, name=name, by=shell_user()
            )
        except InputError as error:
            raise CommandError(str(error), returncode=2) from error
        for line in describe_new_member(member):
            self.stdout.write(line)
