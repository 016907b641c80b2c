"""Diagnose a table of answers: one PDF a unit and a company summary, without a database."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override
from rich.console import Console

from diagnostics import __version__
from diagnostics.answer_files.pooling import pooling_notes
from diagnostics.answer_files.reading import AnswerFiles, read_answer_files
from diagnostics.answer_files.reports import company_markups, require_free_folder, write_reports
from diagnostics.management.progress import progress_bar
from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.studies import study_scales
from diagnostics.project.environment import PAPERS
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.scoring.assessing import assess, result_digest
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.glossary import text_in
from diagnostics.wording.page_parts import Setting
from survey.errors import InputError, ReleaseError
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.digest import release_digest
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import ReleasedTables


class Command(BaseCommand):
    """Read ANSWERS and UNITS, write reports to DIR."""

    help = (
        "Diagnose a table of answers. ANSWERS.csv has the columns unit, function, the items of "
        "the default questionnaire and perhaps leads; UNITS.csv has code, name, parent. Nothing "
        "is written unless all of it can be."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("answers", type=Path, metavar="ANSWERS.csv")
        parser.add_argument("--units", type=Path, required=True, metavar="UNITS.csv")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
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
        company: str,
        language: str,
        paper: str,
        demonstration: bool,
        **options: object,
    ) -> None:
        """Write the reports, or say by file, line and column what is wrong and write nothing."""
        instrument = parse_instrument(read_instrument_file())
        try:
            require_free_folder(out)
            files = read_answer_files(answers, units, instrument=instrument, company=company)
            for remark in files.remarks:
                self.stderr.write(str(remark))
            result, released, study = self._assess(files, instrument)
        except (InputError, ReleaseError) as error:
            raise CommandError(str(error), returncode=2) from error
        with override(language):
            origin = _("file %(name)s") % {"name": answers.name}
            named = {"title": text_in(instrument.title, language), "version": instrument.version}
            questionnaire = _("%(title)s, version %(version)d") % named
        setting = Setting(
            organisation=company,
            campaign=answers.stem,
            created_on=date.today().isoformat(),  # noqa: DTZ011 - the day where the command runs
            is_demonstration=demonstration,
            data_origin=origin,
            instrument=questionnaire,
            instrument_origin="default",
            software_version=__version__,
            release_digest=release_digest(released),
            result_digest=result_digest(result),
            paper=paper,
        )
        markups = company_markups(
            result, released, instrument, study=study, setting=setting, language=language
        )
        try:
            written = self._write(result, out, markups, setting, language)
        except RenderError as error:
            raise CommandError(f"No report was written: {error}") from error
        self._close(result, out, written)

    def _assess(
        self, files: AnswerFiles, instrument: Instrument
    ) -> tuple[AssessmentResult, ReleasedTables, MeasurementResult]:
        method = default_method(instrument)
        tables, rows = release(
            files.answers,
            files.tree,
            instrument,
            floor=method.floor,
            sensitive_floor=method.sensitive_floor,
            exclusion_rules=ExclusionRules(),
        )
        result = assess(tables, rows, instrument=instrument, method=method)
        study = study_scales(
            rows,
            instrument,
            dropped=result.company.dropped_items,
            sensitive_floor=method.sensitive_floor,
        )
        return result, tables, study

    def _write(
        self,
        result: AssessmentResult,
        out: Path,
        company: dict[str, str],
        setting: Setting,
        language: str,
    ) -> int:
        with progress_bar(Console(stderr=True)) as bar:
            task = bar.add_task("Writing reports", total=None)
            return write_reports(
                result,
                out,
                company=company,
                setting=setting,
                language=language,
                progress=lambda name, done, total: bar.update(
                    task, description=name, completed=done, total=total
                ),
            )

    def _close(self, result: AssessmentResult, out: Path, written: int) -> None:
        notes = pooling_notes(result)
        for note in notes:
            self.stdout.write(f"{note.unit}: {note.reason}")
        pooled = ", ".join(note.unit for note in notes) or "none"
        self.stdout.write(
            f"{written} reports written to {out}. Units pooled with others, because too few "
            f"people answered to show them alone: {pooled}."
        )
