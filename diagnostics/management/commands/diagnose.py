"""Diagnose a table of answers: one PDF a unit and a company summary, without a database."""

import signal
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override
from rich.console import Console

from diagnostics.answer_files.diagnosing import Diagnosis, diagnose
from diagnostics.answer_files.folders import FolderError, report_folder, require_free_folder
from diagnostics.answer_files.pooling import pooling_notes
from diagnostics.answer_files.reading import read_answer_files
from diagnostics.answer_files.reports import Outcome, write_reports
from diagnostics.management.progress import progress_bar
from diagnostics.project.environment import PAPERS
from diagnostics.reports.rendering.letters import letter_warning
from survey.errors import InputError, ReleaseError
from survey.import_files.problems import FileProblemsError
from survey.instrument.content import parse_instrument
from survey.instrument.files import (
    DEFAULT_INSTRUMENT,
    SHIPPED_INSTRUMENTS,
    read_instrument_file,
)

REFUSED: Final = 1  # the exit codes, as --help tells them
USAGE: Final = 2
IN_PART: Final = 3
MOST_PROBLEMS: Final = 50  # that are printed; of a wrong column every line has one
EXIT_CODES: Final = """\
What is finished is kept. Each report lies in DIR as soon as it is made, whole. Where a run is
interrupted, the disk is full or a report cannot be made, the same command goes on with what is
missing; with other files or options it begins anew and replaces what the unfinished run left. A
folder with anything else in it is refused.

exit codes:
  0  every report is written
  1  the files cannot be used: each fault is told by file, line and column; nothing is written
  2  the command cannot be used: its options, or the folder DIR; nothing is written
  3  done in part: what is there and what is not is told
"""


class Command(BaseCommand):
    """Read ANSWERS and UNITS, write reports to DIR."""

    help = (
        "Diagnose a table of answers. ANSWERS.csv has the columns unit, function, the items of "
        "the default questionnaire and perhaps leads; UNITS.csv has code, name, parent."
    )
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # noqa: ANN401
        """Keep the lines of the exit codes as they are."""
        parser = super().create_parser(prog_name, subcommand, epilog=EXIT_CODES, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("answers", type=Path, metavar="ANSWERS.csv")
        parser.add_argument("--units", type=Path, required=True, metavar="UNITS.csv")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--questionnaire",
            default=DEFAULT_INSTRUMENT.stem,
            choices=[path.stem for path in SHIPPED_INSTRUMENTS],
            help="that the answers are to",
        )
        parser.add_argument("--company", default="Company", help="its name on the reports")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument(
            "--paper", default=settings.REPORT_PAPER, choices=PAPERS, help="of the reports"
        )
        parser.add_argument(
            "--demonstration", action="store_true", help="mark every report as invented data"
        )

    def handle(
        self,
        *,
        answers: Path,
        units: Path,
        out: Path,
        questionnaire: str,
        company: str,
        language: str,
        paper: str,
        demonstration: bool,
        **options: object,
    ) -> None:
        """Write the reports, or say by file, line and column what is wrong and write nothing."""
        outcome = Outcome(total=0)
        console = Console(stderr=True)
        try:
            with _ended_like_by_ctrl_c():
                require_free_folder(out)
                console.print("Reading the files")
                shipped = {path.stem: path for path in SHIPPED_INSTRUMENTS}
                instrument = parse_instrument(read_instrument_file(shipped[questionnaire]))
                files = read_answer_files(answers, units, instrument=instrument, company=company)
                for remark in files.remarks:
                    self.stderr.write(str(remark))
                console.print(f"Scoring {len(files.tree)} units, {len(files.answers)} answers")
                found = diagnose(
                    files, instrument, company=company, source=answers, language=language,
                    paper=paper, is_demonstration=demonstration,
                )  # fmt: skip
                for warning in found.warnings:
                    self._warn(warning)
                self._write(found, out, outcome, console)
        except FolderError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except (InputError, ReleaseError) as error:
            raise CommandError(_told(error), returncode=REFUSED) from error
        except KeyboardInterrupt as error:
            raise self._stopped("Interrupted", out, outcome) from error
        except OSError as error:
            reason = f"The reports cannot be written ({error.strerror or error})"
            raise self._stopped(reason, out, outcome) from error
        self._close(found, out, outcome)

    def _write(self, found: Diagnosis, out: Path, outcome: Outcome, console: Console) -> None:
        day = date.today().isoformat()  # noqa: DTZ011 - the day where the command runs
        with (
            report_folder(out, run=found.fingerprint, day=day) as folder,
            progress_bar(console) as bar,
        ):
            plans = found.plans(created_on=folder.day)
            outcome.total = len(plans)
            task = bar.add_task("Writing reports", total=outcome.total)

            def progress(name: str, done: int, total: int) -> None:
                bar.update(task, description=name, completed=done)
                if not console.is_terminal and done % max(total // 10, 1) == 0:
                    console.print(f"{done} of {total} reports")

            with override(found.language):
                write_reports(plans, folder, outcome, progress=progress)
            if not outcome.failed:
                folder.end()

    def _warn(self, warning: str) -> None:
        # Beside what was written, so that it stays where the output is kept.
        self.stdout.write(f"Warning: {warning}")

    def _stopped(self, reason: str, out: Path, outcome: Outcome) -> CommandError:
        if not outcome.written:
            return CommandError(f"{reason}: no report is written.", returncode=IN_PART)
        kept = f"{outcome.written} of {outcome.total} reports are in {out}"
        return CommandError(
            f"{reason}: {kept}. The same command goes on from there.", returncode=IN_PART
        )

    def _close(self, found: Diagnosis, out: Path, outcome: Outcome) -> None:
        notes = pooling_notes(found.result)
        for note in notes:
            self.stdout.write(f"{note.unit}: {note.reason}")
        if outcome.missing_letters:
            self._warn(letter_warning(outcome.missing_letters))
        pooled = ", ".join(note.unit for note in notes) or "none"
        self.stdout.write(
            f"{outcome.written} reports written to {out}. Units pooled with others, because too "
            f"few people answered to show them alone: {pooled}."
        )
        if outcome.failed:
            failed = "\n".join(f"{one.name}: {one.reason}" for one in outcome.failed)
            kept = f"{outcome.written} of {outcome.total} reports are in {out}"
            raise CommandError(
                f"{failed}\nThese reports could not be made; {kept}. The same command tries the "
                "others again.",
                returncode=IN_PART,
            )


def _told(error: Exception) -> str:
    """Return every problem of the files, or the first of very many and how many more there are."""
    if not isinstance(error, FileProblemsError) or len(error.problems) <= MOST_PROBLEMS:
        return str(error)
    shown = "\n".join(str(problem) for problem in error.problems[:MOST_PROBLEMS])
    return f"{shown}\nAnd {len(error.problems) - MOST_PROBLEMS} more."


@contextmanager
def _ended_like_by_ctrl_c() -> Iterator[None]:
    """Let a service manager's signal end the run like Ctrl-C: with a sentence, and files whole."""
    if current_thread() is not main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
