"""Set the demonstration organisation up."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import DemonstrationGuide, seed_demonstration
from diagnostics.management.progress import progress_bar
from survey.mail.mailboxes import LOOPBACK


class Command(BaseCommand):
    """Create the demonstration organisation, one released campaign and one open one."""

    help = (
        "Set up an invented organisation: one released campaign, one open one, four accounts. "
        "A second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="0 or more")
        parser.add_argument(
            "--anywhere",
            action="store_true",
            help="also where SITE_URL is not this machine; the accounts' password is public",
        )

        parser.add_argument(
            "--research",
            action="store_true",
            help="a campaign that gives the analyst single answers, and tells nothing of units",
        )

    def handle(self, *, seed: int, anywhere: bool, research: bool, **options: object) -> None:
        """Set up what is missing and print what to try."""
        if seed < 0:
            raise CommandError(f"--seed: expected 0 or more, found {seed}.", returncode=2)
        if settings.SITE_HOST not in LOOPBACK and not anywhere:
            raise CommandError(
                "Demonstration: expected SITE_URL on this machine, since everybody knows the "
                f"accounts' password, found {settings.SITE_URL}. --anywhere sets it up all the "
                "same.",
                returncode=2,
            )
        with progress_bar(Console(stderr=True)) as bar:
            task = bar.add_task("Inventing people", total=1)
            guide = seed_demonstration(
                seed=seed,
                is_research=research,
                progress=lambda what, done, total: bar.update(
                    task, description=what, completed=done, total=total
                ),
            )
        self._describe(guide)

    def _describe(self, guide: DemonstrationGuide) -> None:
        for account in guide.accounts:
            self.stdout.write(f"{account.email}  {account.password}  ({account.role})")
        link = guide.link or "no campaign is open, or all are used"
        self.stdout.write(f"Open survey link: {link}")
