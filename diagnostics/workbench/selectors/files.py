"""What the page of an analysis' files shows."""

from dataclasses import dataclass

from diagnostics.models import Analysis, AnalysisFile
from diagnostics.workbench.selectors.appendix import KINDS, contents_digest
from diagnostics.workbench.selectors.cases import deleted_words, refuse_deleted_cases


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
    deleted: str  # the sentence once the answers behind it are deleted; else empty

    @property
    def is_going(self) -> bool:
        """Whether the page should look again soon."""
        return any(entry.file is not None and entry.file.is_going for entry in self.entries)


def file_page(analysis: Analysis, *, language: str) -> FilePage:
    """Return every kind of file of an analysis; none once its answers are deleted."""
    deleted = deleted_words(analysis)
    if deleted:
        return FilePage(analysis, (), deleted)
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
        deleted,
    )


def ready_file(analysis: Analysis, *, kind: str, language: str) -> AnalysisFile | None:
    """Return a file that is there or on its way; the former one while it is made anew.

    Raises AnswersDeletedError where it went with the answers.
    """
    refuse_deleted_cases(analysis)
    made = AnalysisFile.objects.filter(analysis=analysis, kind=kind, language=language).first()
    return made if made is not None and made.is_wanted else None
