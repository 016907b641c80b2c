"""Begin with an organisation and its first manager."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from diagnostics.management.new_member import describe_new_member
from diagnostics.management.shell_user import shell_user
from diagnostics.methods.services.definitions import load_defaults
from survey.errors import InputError
from survey.services.organisations.founding import found_organisation


class Command(BaseCommand):
    """Create an organisation and an account for its first manager."""

    help = "Create an organisation, an account for its first manager, and the default method."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("name", help="the organisation's name")
        parser.add_argument("--manager", required=True, help="the first manager's e-mail address")
        parser.add_argument("--manager-name", default="", help="the manager's name")

    def handle(self, *, name: str, manager: str, manager_name: str, **options: object) -> None:
        """Create it, or say what is wrong and change nothing."""
        try:
            member = found_organisation(
                name=name, manager_email=manager, manager_name=manager_name, by=shell_user()
            )
        except InputError as error:
            raise CommandError(str(error), returncode=2) from error
        load_defaults()
        for line in describe_new_member(member):
            self.stdout.write(line)
