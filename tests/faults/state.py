"""What the product's tables and folders say at the end of a scenario."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from diagnostics.models import (
    Action,
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Assessment,
    Download,
    FileWork,
    LongWork,
    Report,
    ScaleStudy,
)
from survey.models import (
    Ballot,
    Campaign,
    CampaignKey,
    CampaignState,
    Invitation,
    LedgerEntry,
    Message,
    MessageState,
    Recipient,
    Response,
)
from tests.faults.ledger import Count, Group, count

WORK: Final[tuple[type[LongWork], ...]] = (
    Report,
    Download,
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    ScaleStudy,
)
FILES: Final[tuple[type[FileWork], ...]] = (Report, Download, AnalysisFile)
ONCE: Final = ("launched", "ballots opened", "key destroyed", "assessed")


def going_work(*models: type[LongWork]) -> list[LongWork]:
    """Return long work that waits or runs."""
    return [
        work
        for model in models or WORK
        for work in model._default_manager.filter(state__in=LongWork.GOING)
    ]


def unmade_work() -> list[LongWork]:
    """Return long work that came to nothing."""
    ended = (LongWork.State.FAILED, LongWork.State.GIVEN_UP)
    return [work for model in WORK for work in model._default_manager.filter(state__in=ended)]


def waiting_tasks() -> list[DBTaskResult]:
    """Return tasks that are due or run."""
    return [*DBTaskResult.objects.ready(), *DBTaskResult.objects.running()]


def unfinished_campaigns() -> list[str]:
    """Return campaigns that wait for a worker, without a reason that a page tells."""
    moving = Q(state=CampaignState.LAUNCHING) | Q(state=CampaignState.CLOSED, opening_problem="")
    without_scores = Q(state=CampaignState.RELEASED, assessments=None)
    has_key = Q(state=CampaignState.RELEASED, key__destroyed_at=None)
    campaigns = Campaign.objects.filter(moving | without_scores | has_key).distinct()
    return [f"{one.state}: {one.name}" for one in campaigns]


def left_waiting() -> list[str]:
    """Return everything that waits or runs, in words."""
    mails = Message.objects.filter(state=MessageState.WAITING)
    return [
        *(f"task {task.task_path} {task.status}" for task in waiting_tasks()),
        *(f"{type(work).__name__} {work.state}: {work}" for work in going_work()),
        *(f"mail {mail.kind}, {mail.attempts} tries: {mail.last_error}" for mail in mails),
        *unfinished_campaigns(),
    ]


def counts_of_waiting() -> list[Count]:
    """Count what waits although the dust has settled."""
    mails = Message.objects.filter(state=MessageState.WAITING)
    return [
        count(
            Group.WAITING,
            "tasks that wait or run",
            [f"{task.task_path} {task.status}" for task in waiting_tasks()],
        ),
        count(
            Group.WAITING,
            "long work that waits or runs",
            [f"{type(work).__name__} {work.state}" for work in going_work()],
        ),
        count(
            Group.WAITING,
            "mails that wait",
            [f"{mail.kind}, {mail.attempts} tries, {mail.last_error}" for mail in mails],
        ),
        count(Group.WAITING, "campaigns that wait, no reason told", unfinished_campaigns()),
        count(
            Group.WAITING,
            "long work not made although asked for again",
            [f"{type(work).__name__} {work.state} {work.reason}" for work in unmade_work()],
        ),
    ]


def counts_of_doubles() -> list[Count]:
    """Count what must be there once."""
    assessments = Counter(Assessment.objects.values_list("campaign", flat=True))
    entries = Counter(LedgerEntry.objects.filter(action__in=ONCE).values_list("campaign", "action"))
    reports = Counter(Report.objects.values_list("assessment", "unit", "kind", "language"))
    return [
        count(Group.TWICE, "assessments of one release", _again(assessments)),
        count(Group.TWICE, "steps that the log has twice", _again(entries)),
        count(Group.TWICE, "reports of one unit", _again(reports)),
        count(Group.TWICE, "report files that no row names", stray_files()),
    ]


def counts_of_links(people: Sequence[str], campaign: Campaign) -> list[Count]:
    """Count invited people without exactly one link that works."""
    links: Counter[str | None] = Counter(
        Invitation.objects.filter(campaign=campaign, revoked=False).values_list(
            "recipient__email", flat=True
        )
    )
    known = set(Recipient.objects.filter(campaign=campaign).values_list("email", flat=True))
    without = [address for address in people if links[address] == 0 or address not in known]
    nobody = links.pop(None, 0)
    return [
        count(Group.LOST, "invited people without a link", without),
        count(
            Group.TWICE,
            "further links of one person, or of nobody",
            [*_again(links), *[""] * nobody],
        ),
    ]


def counts_of_ballots(thanked: int, perhaps: int) -> list[Count]:
    """Count ballots of a campaign that is not opened, against those who were thanked."""
    ballots = Ballot.objects.count()
    return [
        count(Group.LOST, "answers thanked for and in no ballot", range(thanked - ballots)),
        count(Group.TWICE, "ballots that nobody gave", range(ballots - thanked - perhaps)),
    ]


def counts_of_files() -> list[Count]:
    """Count finished files that are not there as they were written."""
    return [count(Group.LOST, "finished files that are missing or damaged", damaged_files())]


def damaged_files() -> Iterator[str]:
    """Yield files whose content is not what was noted."""
    for model in FILES:
        for work in model._default_manager.filter(state=LongWork.State.DONE):
            path = Path(settings.REPORT_DIR) / str(work.file)
            if not path.is_file():
                yield f"{work.file}: missing"
            elif hashlib.sha256(path.read_bytes()).hexdigest() != work.digest:
                yield f"{work.file}: damaged"


def stray_files() -> list[str]:
    """Return files in the folder of reports that no row names."""
    folder = Path(settings.REPORT_DIR)
    named = {
        str(file)
        for model in FILES
        for file in model._default_manager.values_list("file", flat=True)
    }
    found = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in named and name != "ballast")


def released_sheets(campaign: Campaign) -> list[dict[str, int]]:
    """Return the answers of the release."""
    return list(Response.objects.filter(campaign=campaign).values_list("answers", flat=True))


def stored_texts(campaign: Campaign) -> dict[str, list[str]]:
    """Return edited texts by where they stand."""
    texts: dict[str, list[str]] = {
        "introduction": list(Campaign.objects.get(pk=campaign.pk).mail_introduction.values())
    }
    for text in Action.objects.values_list("text", flat=True):
        texts.setdefault(f"action {text}", []).append(text)
    return texts


def key_is_destroyed() -> bool:
    """Tell whether no key is left."""
    return not CampaignKey.objects.filter(destroyed_at=None).exists()


def _again(found: Counter[Any]) -> list[Any]:
    return [key for key, number in found.items() for _ in range(number - 1)]
