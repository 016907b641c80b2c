"""The steps of a campaign's set-up, and which of them are done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from survey.models import Campaign, User
from survey.selectors.launch.checklist import Check, launch_checklist, route_of

LABELS: Final[dict[str, Promise]] = {
    "name": _("Name and purpose"),
    "people": _("Units and people"),
    "questionnaire": _("Questionnaire"),
    "dates": _("Dates"),
    "privacy": _("Privacy and legal notice"),
    "mails": _("Mails"),
    "launch": _("Checklist and launch"),
}
STEPS: Final = tuple(LABELS)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step: its place, and whether the checklist has nothing to say against it."""

    code: str
    number: int
    label: Promise
    route: str
    is_current: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """All steps, seen from one of them, with what the checklist says about that one."""

    steps: tuple[SetupStep, ...]
    checks: tuple[Check, ...] = ()

    @property
    def current(self) -> SetupStep:
        """The step that the page is about."""
        return next(step for step in self.steps if step.is_current)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def before(self) -> SetupStep | None:
        """The step before, if there is one."""
        place = self.steps.index(self.current)
        return self.steps[place - 1] if place else None

    @property
    def after(self) -> SetupStep | None:
        """The step that follows, if there is one."""
        return next(iter(self.steps[self.current.number :]), None)


def setup_page(campaign: Campaign, current: str, *, reader: User) -> Setup:
    """Return the steps of a draft, as they stand now for whoever might launch it."""
    return setup_of(current, launch_checklist(campaign, now=timezone.now(), by=reader))


def setup_of(current: str, checks: Iterable[Check]) -> Setup:
    """Return the steps of a draft whose checklist is at hand."""
    checks = tuple(checks)
    unfinished = {check.step for check in checks if not check.passed}
    done = set(STEPS) - unfinished - {"launch"}
    return Setup(_steps(current, done), tuple(check for check in checks if check.step == current))


def setup_of_nothing() -> Setup:
    """Return the steps before there is a draft."""
    return Setup(_steps(STEPS[0], set()))


def step_after(step: str) -> str:
    """Return the step that follows.

    >>> step_after("name"), step_after("mails")
    ('people', 'launch')
    """
    return STEPS[STEPS.index(step) + 1]


def _steps(current: str, done: set[str]) -> tuple[SetupStep, ...]:
    return tuple(
        SetupStep(
            code=code,
            number=number,
            label=label,
            route=route_of(code),
            is_current=code == current,
            is_done=code in done,
        )
        for number, (code, label) in enumerate(LABELS.items(), start=1)
    )
