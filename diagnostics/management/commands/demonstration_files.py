"""Write the demonstration organisation as files: for `diagnose`, and for a campaign's set-up."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.files import write_files
from survey.instrument.content import parse_instrument
from survey.instrument.files import read_instrument_file


class Command(BaseCommand):
    """Write answers.csv, units.csv and people.csv of a seed."""

    help = (
        "Write the demonstration organisation's answers.csv, units.csv and people.csv into a "
        "folder: answers and units for `diagnose`, units and people for the set-up of a campaign."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="0 or more")

    def handle(self, *, folder: Path, seed: int, **options: object) -> None:
        """Write all three files."""
        instrument = parse_instrument(read_instrument_file())
        files = write_files(folder, seed=seed, instrument=instrument)
        self.stdout.write(f"{files.answers}\n{files.units}\n{files.people}")
