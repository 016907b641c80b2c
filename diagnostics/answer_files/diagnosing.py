"""From checked files to a result, and to the reports that are to be written of it."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics import __version__
from diagnostics.answer_files.meaning import exclusion_warnings, scale_losses
from diagnostics.answer_files.reading import AnswerFiles
from diagnostics.answer_files.reports import PlannedReport, planned_reports
from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.studies import study_scales
from diagnostics.scoring.assessing import assess, result_digest
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.glossary import text_in
from diagnostics.wording.page_parts import Setting
from survey.documents.canonical_json import content_digest
from survey.instrument.content import Instrument
from survey.release.digest import release_digest
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import ReleasedTables


@dataclass(frozen=True)
class Diagnosis:
    """What came out, and what whoever has the files should look at."""

    result: AssessmentResult
    released: ReleasedTables
    study: MeasurementResult
    instrument: Instrument
    setting: Setting
    language: str
    warnings: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Tell one run from another: of all that its reports say, but for the day."""
        said = asdict(replace(self.setting, created_on=""))
        return content_digest({"setting": said, "language": self.language})

    def plans(self, *, created_on: str) -> list[PlannedReport]:
        """Return every report that is to be written; created_on is the ISO date on them."""
        return planned_reports(
            self.result,
            self.released,
            self.instrument,
            study=self.study,
            setting=replace(self.setting, created_on=created_on),
            language=self.language,
        )


def diagnose(
    files: AnswerFiles,
    instrument: Instrument,
    *,
    company: str,
    source: Path,
    language: str,
    paper: str,
    is_demonstration: bool,
) -> Diagnosis:
    """Score checked files; source is the file of answers, as reports name it."""
    method = default_method(instrument)
    tables, rows = release(
        files.answers,
        files.tree.depth_first(),  # so that tables and lists show each unit below its parent
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
    with override(language):
        origin = _("file %(name)s") % {"name": source.name}
        named = {"title": text_in(instrument.title, language), "version": instrument.version}
        questionnaire = _("%(title)s, version %(version)d") % named
    setting = Setting(
        organisation=company,
        campaign=source.stem,
        created_on="",
        is_demonstration=is_demonstration,
        data_origin=origin,
        instrument=questionnaire,
        instrument_origin="default",
        software_version=__version__,
        release_digest=release_digest(tables),
        result_digest=result_digest(result),
        paper=paper,
    )
    warnings = (
        *files.warnings,
        *exclusion_warnings(source.name, tables.counts, instrument),
        *scale_losses(tables, instrument, method),
    )
    return Diagnosis(result, tables, study, instrument, setting, language, warnings)
