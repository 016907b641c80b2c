"""Print the share of each verdict in the demonstration organisation of a seed."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from diagnostics.demonstration.assessing import assess_population
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.scoring.verdict_shares import verdict_shares


class Command(BaseCommand):
    """Score a seed's demonstration organisation without a database and count the verdicts."""

    help = "Print how many units of the demonstration organisation get which verdict."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="0 or more")

    def handle(self, *, seed: int, **options: object) -> None:
        """Print a table."""
        shares = verdict_shares(assess_population(seed))
        self.stdout.write(
            f"Seed {seed}: {shares.with_verdict} units with a verdict of their own, "
            f"{shares.without_verdict} told with others"
        )
        for kind, count in shares.kinds.items():
            self.stdout.write(f"{kind.value:<14} {count:>3} {count / shares.with_verdict:>5.0%}")
        self.stdout.write("Leading or nearest pattern:")
        for pattern, count in shares.leading.items():
            self.stdout.write(f"{pattern:<14} {count:>3} {count / shares.with_verdict:>5.0%}")
