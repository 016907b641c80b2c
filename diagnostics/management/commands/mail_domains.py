"""Allow mail domains from which people of an organisation may be invited."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from diagnostics.management.named_organisation import organisation_named
from diagnostics.management.shell_user import shell_user
from survey.errors import InputError
from survey.mail.domains import domains_told
from survey.services.organisations.mail_domains import change_mail_domains, set_mail_domains


class Command(BaseCommand):
    """Add domains to the list or remove some; the list is printed in any case."""

    help = (
        "List the mail domains from which people of an organisation may be invited, and change "
        "the list. With no domain in it, every one is allowed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--organisation", required=True, help="the organisation's name")
        parser.add_argument("--add", nargs="+", default=[], action="extend", metavar="DOMAIN")
        parser.add_argument("--remove", nargs="+", default=[], action="extend", metavar="DOMAIN")
        parser.add_argument("--every", action="store_true", help="empty the list")

    def handle(
        self,
        *,
        organisation: str,
        add: list[str],
        remove: list[str],
        every: bool,
        **options: object,
    ) -> None:
        """Change the list and print it, or say what is wrong and change nothing."""
        if every and (add or remove):
            raise CommandError("--every: expected no domains beside it, found some.", returncode=2)
        place = organisation_named(organisation)
        try:
            if every:
                changed = set_mail_domains(organisation=place, domains=(), by=shell_user())
            else:
                changed = change_mail_domains(
                    organisation=place, add=add, remove=remove, by=shell_user()
                )
        except InputError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{place.name}: {domains_told(changed.mail_domains)}")
