"""What the page of an analysis' files shows."""

from dataclasses import dataclass

from diagnostics.models import Analysis, AnalysisFile
from diagnostics.selectors.analysis_appendix import KINDS, contents_digest


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One kind of file and how far it is."""

    kind: str
    file: AnalysisFile | None
    is_current: bool  # made of the analysis with all checks that it has now


@dataclass(frozen=True, slots=True)
class FilePage:
    """The files of one analysis in one language."""

    analysis: Analysis
    entries: tuple[FileEntry, ...]

    @property
    def is_going(self) -> bool:
        """Whether the page should look again soon."""
        return any(entry.file is not None and entry.file.is_going for entry in self.entries)


def file_page(analysis: Analysis, *, language: str) -> FilePage:
    """Return every kind of file of an analysis."""
    known = {
        file.kind: file
        for file in AnalysisFile.objects.filter(analysis=analysis, language=language)
    }
    contents = contents_digest(analysis)
    return FilePage(
        analysis,
        tuple(
            FileEntry(
                kind, file, file is not None and file.is_ready and file.content_digest == contents
            )
            for kind in KINDS
            for file in (known.get(kind),)
        ),
    )


def ready_file(analysis: Analysis, *, kind: str, language: str) -> AnalysisFile | None:
    """Return a finished file."""
    ready = AnalysisFile.objects.filter(state=AnalysisFile.State.READY)
    return ready.filter(analysis=analysis, kind=kind, language=language).first()
