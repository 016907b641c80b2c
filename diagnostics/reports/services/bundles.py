"""Files packed into one ZIP; the same files give the same bytes."""

import shutil
import zipfile
from collections.abc import Mapping
from typing import IO, Final

from diagnostics.models import Assessment, Report
from diagnostics.reports.services.files import note_reports, render_reports

# The oldest date that a ZIP can tell; the day of the results stands in each report itself.
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
READABLE: Final = 0o100644 << 16  # a plain file, as Unix notes it


def write_bundle(assessment: Assessment, target: IO[bytes]) -> None:
    """Write every report that could be rendered, in the order of their names, block by block."""
    note_reports(assessment=assessment)  # another worker may not have come to it yet
    render_reports(assessment_id=assessment.pk)
    ready = assessment.reports.filter(state=Report.State.DONE)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for report in sorted(ready, key=_name):
            entry = zip_entry(_name(report), compression=zipfile.ZIP_STORED)  # a PDF is compressed
            with report.file.open("rb") as source, bundle.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy)


def write_files(files: Mapping[str, bytes], target: IO[bytes]) -> None:
    """Write small files into a ZIP, in their order."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(zip_entry(name, compression=zipfile.ZIP_DEFLATED), content)


def zip_entry(name: str, *, compression: int) -> zipfile.ZipInfo:
    """Return an entry without the time and the machine of its making."""
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = compression
    entry.create_system = 3
    entry.external_attr = READABLE
    return entry


def _name(report: Report) -> str:
    return str(report.file).rpartition("/")[2]
