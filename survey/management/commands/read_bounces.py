"""Read reports of mail that did not arrive."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from survey.errors import InputError
from survey.mail.bounces import read_and_count


class Command(BaseCommand):
    """Go through the unread mail of the bounce mailbox; the worker does it every five minutes."""

    help = "Read reports of undelivered mail from BOUNCE_MAILBOX, or from a Maildir or mbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options; a password belongs into the environment, not on a command line."""
        parser.add_argument("mailbox", nargs="?", help="maildir:///path or mbox:///path")

    def handle(self, *, mailbox: str | None, **options: object) -> None:
        """Mark the mails that came back, and say how many."""
        address = mailbox or settings.BOUNCE_MAILBOX
        if not address:
            raise CommandError("BOUNCE_MAILBOX: expected the address of a mailbox, found nothing.")
        try:
            read = read_and_count(address)
        except InputError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{read.mails} unread mails, {read.reports} reports of failure, {read.noted} noted."
        )
        if read.unread or read.left:
            self.stdout.write(
                f"{read.unread} reports, as it seems, could not be read; {read.left} mails were "
                "left unread."
            )
