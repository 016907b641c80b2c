"""Every scenario by its name: what is claimed, what is done, and at which points."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.faults.databases import POSTGRESQL, SQLITE
from tests.faults.points import Point

if TYPE_CHECKING:
    from tests.faults.story import Story

BOTH: Final = (SQLITE, POSTGRESQL)
TEAMS: Final = 8
MEMBERS: Final = 8  # of each team
PEOPLE: Final = TEAMS * MEMBERS
MOUNT, FAKETIME = "mount", "faketime"
NEEDS: Final = {
    MOUNT: "small file systems can be mounted by root only",
    FAKETIME: "libfaketime is missing: apt-get install faketime",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A fault, or several of a kind, in the running product."""

    claim: str
    place: str  # module.function of tests.faults.scenarios
    points: Callable[[Random], list[Point]] = lambda _: []
    databases: tuple[str, ...] = BOTH
    workers: int = 2
    settings: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    evidence: str = ""  # what a log must say: a fault that was not felt proves nothing
    renders: bool = False  # real reports; else each is an empty document, made at once

    def run(self, story: "Story") -> None:
        """Do it; imported only now, since scenarios need Django's settings."""
        module, _, name = self.place.partition(".")
        act: Callable[[Story], None] = getattr(
            import_module(f"tests.faults.scenarios.{module}"), name
        )
        act(story)


def missing(need: str) -> str:
    """Return why something that a scenario needs is not there, or nothing."""
    if need == MOUNT and (os.geteuid() != 0 or shutil.which("mount") is None):
        return NEEDS[MOUNT]
    if need == FAKETIME and faketime_library() is None:
        return NEEDS[FAKETIME]
    return ""


def faketime_library() -> Path | None:
    """Return libfaketime for programs with threads, if it is installed."""
    found = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    return next(iter(sorted(found)), None)


def in_launch(random: Random) -> list[Point]:
    """Half of the links written, all of them, the ledger written, the task ended."""
    running = "survey.services.running"
    return [
        Point(f"{running}.invitations._invitation", random.randint(2, PEOPLE - 1)),
        Point(f"{running}.launching.invite_recipients", moment="after"),
        Point(f"{running}.launching.open_canary", 2),
        Point("survey.services.running.launching.carry_out_launch", moment="after"),
    ]


def in_mail(random: Random) -> list[Point]:
    """Batch claimed, mail claimed, mail composed; and once after the server had said yes."""
    return [
        Point("survey.mail.outbox.claim_batch", moment="after"),
        Point("survey.mail.outbox._hold", random.randint(2, 9), moment="after"),
        Point("survey.mail.sending._hand_over", random.randint(10, 20)),
        Point("survey.mail.outbox._settle", random.randint(3, 30), name="accepted"),
    ]


def in_submit(random: Random) -> list[Point]:
    """Ticked off and not sealed, sealed and not committed, committed and not answered."""
    submit = "survey.services.ballots"
    return [
        Point(f"{submit}._mark_done", random.randint(1, 6), moment="after", role="web"),
        Point("survey.sealing.boxes.seal", random.randint(1, 6), moment="after", role="web"),
        Point(f"{submit}.submit", random.randint(1, 6), moment="after", role="web"),
    ]


def in_opening(random: Random) -> list[Point]:
    """In the midst of the boxes, before the commit, before the wipe, before the key goes."""
    opening = "survey.services.opening"
    return [
        Point("survey.sealing.boxes.open_box", random.randint(2, PEOPLE - 2)),
        Point(f"{opening}.opening._forget", moment="after"),
        Point(f"{opening}.opening.wipe_and_destroy_key"),
        Point("survey.services.keys.destruction._destroy_key"),
        Point("survey.sealing.key_files.destroy", moment="after"),
    ]


def in_scoring(_: Random) -> list[Point]:
    """Computed and not stored, stored and not committed, committed and its reports not noted."""
    scoring = "diagnostics.results.services.assessments"
    return [
        Point(f"{scoring}.compute_result", moment="after"),
        Point(f"{scoring}._store", moment="after"),
        Point(f"{scoring}.assess_released_campaign", moment="after"),
        Point("diagnostics.reports.services.files._wanted", moment="after"),
    ]


def in_rendering(random: Random) -> list[Point]:
    """A report rendered and not written; another written beside its name; one in place, no note."""
    return [
        Point("diagnostics.reports.services.files._keep", random.randint(1, 5)),
        Point("diagnostics.jobs.storage.StagedFile.write", random.randint(1, 3), moment="after"),
        Point(
            "diagnostics.jobs.storage.StagedFile.put_in_place",
            random.randint(1, 3),
            moment="after",
        ),
    ]


def in_files(_: Random) -> list[Point]:
    """An archive put together and not kept, an analysis, and its file written and not noted."""
    return [
        Point("diagnostics.downloads.services.downloads._written", 2, moment="after"),
        Point("diagnostics.workbench.services.analyses.campaign_cases", moment="after"),
        Point("diagnostics.workbench.services.files._made", moment="after"),
        Point("diagnostics.workbench.services.files.finish_file", moment="after"),
    ]


def three_times(_: Random) -> list[Point]:
    """The same analysis, and then the same file of it, loses three workers each."""
    work = "diagnostics.workbench.services"
    return [
        Point(path, name=str(number))
        for path in (f"{work}.analyses.campaign_cases", f"{work}.files._made")
        for number in range(3)
    ]


def slow_scoring(_: Random) -> list[Point]:
    """A scoring that takes longer than a tick and a lease, and is watched."""
    path = "diagnostics.results.services.assessments.compute_result"
    return [
        Point(path, action="wait", seconds=9, moment="after"),
        Point(path, action="watch"),
    ]


def slow_bundle(_: Random) -> list[Point]:
    """A ZIP of reports that takes a while each time."""
    path = "diagnostics.downloads.services.downloads._written"
    return [Point(path, action="wait", seconds=2, moment="after")]


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "whole": Scenario("without any fault every count is zero", "whole.undisturbed", renders=True),
    "kill-launch": Scenario(
        "a launch whose worker is killed anywhere happens once",
        "kills.launch",
        in_launch,
    ),
    "kill-mail": Scenario(
        "a worker killed between mails loses none and sends none as two", "kills.mail", in_mail
    ),
    "kill-submit": Scenario(
        "web processes killed in submits: who was thanked counts once", "kills.submit", in_submit
    ),
    "kill-opening": Scenario(
        "an opening whose worker is killed anywhere happens once", "kills.opening", in_opening
    ),
    "kill-scoring": Scenario(
        "a scoring whose worker is killed gives one assessment", "kills.scoring", in_scoring
    ),
    "kill-rendering": Scenario(
        "every report is made although workers are killed",
        "kills.rendering",
        in_rendering,
        renders=True,
    ),
    "kill-files": Scenario(
        "archives and analyses are made although workers are killed",
        "kills.files",
        in_files,
    ),
    "kill-thrice": Scenario(
        "work that lost three workers is given up, told and made when asked again",
        "kills.thrice",
        three_times,
    ),
    "kill-texts": Scenario(
        "texts that were saved while the web server is killed stay, once", "kills.texts"
    ),
    "many-workers": Scenario(
        "six workers compute a slow scoring once",
        "crowds.slow_scoring",
        slow_scoring,
        workers=6,
    ),
    "cut-connections": Scenario(
        "connections cut, or locks held, again and again on the whole path",
        "connections.cut_on_the_path",
    ),
    "cut-long-task": Scenario(
        "a long task whose connections were cut is not begun by another worker",
        "connections.cut_a_long_task",
        slow_scoring,
    ),
    "database-away": Scenario(
        "a database that is gone or silent for seconds on the whole path",
        "connections.away_on_the_path",
        environment={"RUTIN_FAULT_LOCK_SECONDS": "2"},
        evidence="OperationalError|database was lost|did not answer",
    ),
    "full-reports": Scenario(
        "a full disk under the reports: all are made when there is room",
        "disks.reports",
        needs=MOUNT,
        renders=True,
        evidence="No space left",
    ),
    "full-database": Scenario(
        "a full disk under SQLite's file: nothing lost, work goes on when there is room",
        "disks.database",
        databases=(SQLITE,),
        needs=MOUNT,
        evidence="disk is full",
    ),
    "full-keys": Scenario(
        "a full disk under the keys: the launch waits and says so",
        "disks.keys",
        needs=MOUNT,
        evidence="No space left",
    ),
    "mail-ends": Scenario(
        "a mail server that ends connections, with 421 or without a word", "mails.ends"
    ),
    "mail-refuses": Scenario(
        "a mail server that refuses everybody for a while, and some for good", "mails.refuses"
    ),
    "mail-stalls": Scenario("a mail server that never answers for a while", "mails.stalls"),
    "mail-resets": Scenario(
        "a mail server that resets connections in the midst of a mail", "mails.resets"
    ),
    "keys-gone": Scenario(
        "the folder of keys gone before mails and at the opening, and given back", "keys.gone"
    ),
    "leader-during-bundle": Scenario(
        "a leader saves again and again while the ZIP of reports is made",
        "waits.leader_during_bundle",
        slow_bundle,
    ),
    "launch-imports": Scenario(
        "a launch while two people import the same nine gives nine links",
        "waits.launch_during_imports",
    ),
    "reader-wipe": Scenario(
        "a wipe behind somebody who reads waits, says so, holds nobody up and comes",
        "waits.reader_during_wipe",
        databases=(POSTGRESQL,),
    ),
    "clock-steps": Scenario(
        "the clock goes two days forward and one hour back, and workers die",
        "clocks.steps",
        needs=FAKETIME,
    ),
}
