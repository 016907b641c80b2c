"""End a campaign without result where nobody is left who could agree to it on a page."""

from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from diagnostics.management.shell_user import shell_user
from survey.errors import StateError
from survey.models import Campaign
from survey.services.running.cancelling import cancel_campaign


class Command(BaseCommand):
    """Delete every answer of a campaign unread; say what it would be without --yes."""

    help = (
        "End a campaign without result: every answer and address is deleted, unread and for good. "
        "On its page two people do that; this is for where nobody is left who could agree. The "
        "ledger says that it was done by command."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("campaign", type=UUID, help="as in the address of the campaign's page")
        parser.add_argument("--yes", action="store_true", help="delete every answer unread")

    def handle(self, *, campaign: UUID, yes: bool, **options: object) -> None:
        """Cancel it, or say why not and change nothing."""
        found = Campaign.objects.select_related("organisation").filter(pk=campaign).first()
        if found is None:
            raise CommandError(f"Campaign: expected one that is there, found {campaign}.")
        if not yes:
            raise CommandError(
                f"{found.organisation}, {found}: expected --yes, by which every answer and address "
                "is deleted unread. Nothing was changed.",
                returncode=2,
            )
        try:
            cancel_campaign(campaign=found, by=shell_user())
        except StateError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{found.organisation}, {found}: cancelled; its answers are deleted.")
