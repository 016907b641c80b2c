"""What the page of an analysis' checks shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.analyses.check_results import (
    BootstrapResult,
    HalvesResult,
    MatchingResult,
    RobustnessResult,
)
from diagnostics.analyses.telling import told_check
from diagnostics.documents import BOOTSTRAP, HALVES, MATCHING, ROBUSTNESS
from diagnostics.models import Analysis, AnalysisCheck
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.selectors.cases import deleted_words, has_cases, refuse_deleted_cases
from diagnostics.workbench.wording.checks import (
    RobustnessReading,
    SpreadLine,
    bootstrap_lines,
    halves_lines,
    robustness_reading,
)
from qca.bootstrap import DRAWS
from survey.documents.refusals import unreadable_words
from survey.documents.versions import DocumentKind, UnreadableDocumentError

Kind = AnalysisCheck.Kind
Result = TypeVar("Result")
SHOWN: Final = (Kind.ROBUSTNESS, Kind.HALVES, Kind.BOOTSTRAP)
DRAWN: Final = (Kind.HALVES, Kind.BOOTSTRAP)  # these cannot set rows aside in every draw


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """One kind of check and how far it is."""

    kind: str
    title: str
    text: str
    check: AnalysisCheck | None
    obstacle: str  # why it cannot be made; else empty
    unreadable: str = ""  # why nobody can read what it found; else empty


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All checks of one analysis; a reading is None until its check is ready and can be read."""

    analysis: Analysis
    entries: tuple[CheckEntry, ...]
    robustness: RobustnessReading | None
    halves: HalvesResult | None
    halves_lines: tuple[SpreadLine, ...]
    bootstrap: BootstrapResult | None
    bootstrap_lines: tuple[SpreadLine, ...]
    deleted: str  # the sentence once the answers are deleted; else empty

    @property
    def is_going(self) -> bool:
        """Whether the page should look again soon."""
        return any(entry.check is not None and entry.check.is_going for entry in self.entries)


def check_page(analysis: Analysis) -> CheckPage:
    """Return every check of an analysis."""
    unreadable: dict[str, str] = {}
    robustness = _read(robustness_of, analysis, Kind.ROBUSTNESS, unreadable)
    halves = _read(halves_of, analysis, Kind.HALVES, unreadable)
    bootstrap = _read(bootstrap_of, analysis, Kind.BOOTSTRAP, unreadable)
    entries = [check_entry(analysis, kind) for kind in SHOWN]
    return CheckPage(
        analysis=analysis,
        entries=tuple(
            replace(entry, unreadable=unreadable.get(entry.kind, "")) for entry in entries
        ),
        robustness=robustness_reading(robustness) if robustness else None,
        halves=halves,
        halves_lines=halves_lines(halves) if halves else (),
        bootstrap=bootstrap,
        bootstrap_lines=bootstrap_lines(bootstrap) if bootstrap else (),
        deleted=deleted_words(analysis),
    )


def check_entry(analysis: Analysis, kind: str) -> CheckEntry:
    """Return one kind of check of an analysis."""
    titles, texts = _titles(), _texts()
    return CheckEntry(
        kind=kind,
        title=titles[Kind(kind)],
        text=texts[Kind(kind)],
        check=AnalysisCheck.objects.filter(analysis=analysis, kind=kind).first(),
        obstacle=_obstacle(analysis, kind),
    )


def possible_kinds(analysis: Analysis) -> tuple[str, ...]:
    """Return the kinds of checks that can be made of an analysis.

    Raises AnswersDeletedError once the answers behind it are deleted.
    """
    refuse_deleted_cases(analysis)
    return tuple(kind for kind in Kind.values if not _obstacle(analysis, kind))


def robustness_of(analysis: Analysis) -> RobustnessResult | None:
    """Return the frozen robustness check, if there is one."""
    return _found(analysis, Kind.ROBUSTNESS, ROBUSTNESS)


def halves_of(analysis: Analysis) -> HalvesResult | None:
    """Return the frozen half-split, if there is one."""
    return _found(analysis, Kind.HALVES, HALVES)


def bootstrap_of(analysis: Analysis) -> BootstrapResult | None:
    """Return the frozen bootstrap, if there is one."""
    return _found(analysis, Kind.BOOTSTRAP, BOOTSTRAP)


def matching_of(analysis: Analysis) -> MatchingResult | None:
    """Return the frozen match with named patterns, if there is one."""
    return _found(analysis, Kind.MATCHING, MATCHING)


def told_of(check: AnalysisCheck, document: DocumentKind[Result]) -> Result:
    """Return what a check found, as far as it is told.

    Versions before campaigns said what their answers are used for kept more.
    """
    found = document.read(check.result)
    return found if check.analysis.lists_cases else told_check(found)


def _read(
    read: Callable[[Analysis], Result | None],
    analysis: Analysis,
    kind: str,
    unreadable: dict[str, str],
) -> Result | None:
    """Return what a check found; what cannot be read is told beside it and hides no other."""
    try:
        return read(analysis)
    except UnreadableDocumentError as error:
        unreadable[kind] = unreadable_words(error)
        return None


def _found(analysis: Analysis, kind: str, document: DocumentKind[Result]) -> Result | None:
    ready = AnalysisCheck.objects.filter(state=AnalysisCheck.State.DONE)
    check = ready.select_related("analysis__campaign").filter(analysis=analysis, kind=kind).first()
    return None if check is None else told_of(check, document)


def _obstacle(analysis: Analysis, kind: str) -> str:
    if not has_cases(analysis):
        return _("The answers are deleted, so nothing new can be computed of them.")
    if result_of(analysis).chart is None:
        return _("There is no solution to check.")
    if kind in DRAWN and recipe_of(analysis).excluded:
        return _("Rows are excluded by hand, which cannot be done again in every draw.")
    return ""


def _titles() -> dict[Kind, str]:
    return {
        Kind.ROBUSTNESS: _("Robustness"),
        Kind.HALVES: _("Predictive validity"),
        Kind.BOOTSTRAP: _("Bootstrap of the solution"),
        Kind.MATCHING: _("Match with named patterns"),
    }


def _texts() -> dict[Kind, str]:
    return {
        Kind.ROBUSTNESS: _(
            "How far each cut and anchor may move before the intermediate solution changes, and "
            "what of it other plausible choices share."
        ),
        Kind.HALVES: _(
            "The solution is found in one random half of the cases and held against the other, "
            "both ways, a hundred times."
        ),
        Kind.BOOTSTRAP: _(
            "The cases are drawn anew with replacement %(draws)s times, and every draw is solved."
        )
        % {"draws": number_format(DRAWS, 0, force_grouping=True)},
        Kind.MATCHING: _(
            "Every configuration is held against every named pattern: how far the two cover the "
            "same cases, and which core conditions they share."
        ),
    }
