"""Which downloads a user may have of a campaign's results, and how far their making is."""

from dataclasses import dataclass
from typing import Final

from diagnostics.access import kinds_for
from diagnostics.models import Assessment, Download, Report
from diagnostics.reports.rendering.letters import distinct_letters
from diagnostics.results.selectors.assessments import current_assessment
from survey.models import Campaign, User
from survey.selectors.answer_life import deletion_words, refuse_deleted_answers

UNWRITTEN: Final = (Report.State.FAILED, Report.State.CANCELLED, Report.State.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class DownloadEntry:
    """One kind of file: asked for or not, and how many of its parts are there."""

    kind: str
    work: Download | None  # None while nobody has asked for it
    done: int
    total: int  # 0 where its parts are not counted
    failed: tuple[str, ...]  # names of units whose report could not be written
    deleted: str  # the sentence once the answers that it would hold are; else empty
    missing_letters: str = ""  # in reports, as boxes

    @property
    def is_waiting(self) -> bool:
        """Whether the page should look again soon."""
        return self.work is not None and self.work.is_going and not self.deleted


def download_entries(user: User, campaign: Campaign) -> tuple[DownloadEntry, ...]:
    """Return what the page of downloads lists for a user."""
    assessment = current_assessment(campaign)
    if assessment is None:
        return ()
    known = {work.kind: work for work in Download.objects.filter(assessment=assessment)}
    return tuple(_entry(assessment, kind, known.get(kind)) for kind in kinds_for(user, campaign))


def ready_download(user: User, campaign: Campaign, *, kind: str) -> Download | None:
    """Return a download that a user may have, there or on its way.

    Raises AnswersDeletedError for one that rests on answers that are deleted.
    """
    if kind not in kinds_for(user, campaign):
        return None
    if kind in Download.ROW_KINDS:
        refuse_deleted_answers(campaign)
    made = Download.objects.filter(kind=kind, assessment=current_assessment(campaign)).first()
    return made if made is not None and made.is_wanted else None


def _entry(assessment: Assessment, kind: str, work: Download | None) -> DownloadEntry:
    if kind != Download.Kind.REPORTS:
        deleted = deletion_words(assessment.campaign) if kind in Download.ROW_KINDS else ""
        return DownloadEntry(kind, work, done=0, total=0, failed=(), deleted=deleted)
    reports = list(assessment.reports.order_by("unit__position").values_list("state", "unit__name"))
    return DownloadEntry(
        kind,
        work,
        done=sum(known not in Report.GOING for known, _ in reports),
        total=len(reports),
        failed=tuple(name for known, name in reports if known in UNWRITTEN),
        deleted="",
        missing_letters=distinct_letters(
            "".join(assessment.reports.values_list("missing_letters", flat=True))
        ),
    )
