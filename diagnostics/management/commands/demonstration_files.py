"""Write the demonstration organisation as files for `diagnose`."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.files import write_files
from survey.instrument.content import parse_instrument
from survey.instrument.files import read_instrument_file


class Command(BaseCommand):
    """Write answers.csv and units.csv of a seed."""

    help = "Write the demonstration organisation's answers.csv and units.csv into a folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="0 or more")

    def handle(self, *, folder: Path, seed: int, **options: object) -> None:
        """Write both files."""
        instrument = parse_instrument(read_instrument_file())
        answers, units = write_files(folder, seed=seed, instrument=instrument)
        self.stdout.write(f"{answers}\n{units}")
