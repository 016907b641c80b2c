"""Run one scenario in a process of its own and print what it counted as JSON.

python -m tests.faults.child SCENARIO DATABASE SEED FOLDER TEMPLATE SERVER
"""

import json
import os
import re
import sys
import time
import traceback
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import django

from tests.faults.catalogue import FAKETIME, SCENARIOS, Scenario, faketime_library
from tests.faults.databases import Database, database_of
from tests.faults.injected import QUICK_PAPER
from tests.faults.installation import (
    Installation,
    environment_of,
    free_port,
    settings_text,
)
from tests.faults.ledger import Count, Group, count
from tests.faults.mail_server import MailServer, mail_server
from tests.faults.points import WEAKENED, Point, happened

if TYPE_CHECKING:
    from tests.faults.story import Story


def main(name: str, kind: str, seed: str, folder: str, template: str, server: str) -> None:
    """Run the scenario; the last line printed is its result."""
    scenario, place = SCENARIOS[name], Path(folder)
    points = scenario.points(Random(f"{seed} {name}"))
    if path := os.environ.get(WEAKENED):
        points += [Point(path, action="lose", role=role) for role in ("web", "worker")]
    begun = time.monotonic()
    with ExitStack() as stack:
        database = stack.enter_context(database_of(kind, template, place / "database", server))
        mail = stack.enter_context(mail_server())
        installation = _installation(scenario, place, database, mail, points)
        _become_suite(installation.environment, database)
        story = _story(installation, database, mail, int(seed))
        stack.enter_context(story.clean_up)
        stack.callback(_stop, installation)
        counts, problem = _act(scenario, story, points)
    seconds = round(time.monotonic() - begun, 1)
    result: dict[str, Any] = {
        "counts": [asdict(one) for one in counts],
        "problem": problem,
        "notes": story.notes,
        "seconds": seconds,
        "restarts": installation.restarts(),
    }
    print(json.dumps(result, default=str))


def _installation(
    scenario: Scenario, folder: Path, database: Database, mail: MailServer, points: list[Point]
) -> Installation:
    port = free_port()
    environment = environment_of(
        folder, database=database.product_address, mail_port=mail.port, port=port, points=points
    )
    environment |= {"RUTIN_FAULT_SETTINGS": settings_text(scenario.settings)}
    environment |= scenario.environment
    if not scenario.renders:
        environment[QUICK_PAPER] = "1"
    if scenario.needs == FAKETIME:
        clock = folder / "clock"
        clock.write_text("+0\n", encoding="ascii")
        environment |= {
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
    return Installation(folder, environment, port, workers=scenario.workers)


def _become_suite(environment: dict[str, str], database: Database) -> None:
    """See the same database and folders as the product, without its faults."""
    ours = {name: value for name, value in environment.items() if "FAKE" not in name}
    ours |= {"DATABASE_URL": database.address, "PGAPPNAME": "rutin-faults"}
    ours.pop("LD_PRELOAD", None)
    os.environ.update({**ours, "LOG_LEVEL": "ERROR", "RUTIN_FAULT_ROLE": "suite"})
    django.setup()


def _story(installation: Installation, database: Database, mail: MailServer, seed: int) -> "Story":
    from tests.faults.story import Story

    return Story(installation, database, mail, installation.folder, seed)


def _act(scenario: Scenario, story: "Story", points: list[Point]) -> tuple[list[Count], str]:
    """Run the scenario, and count whatever became of it."""
    from tests.faults.counting import finish
    from tests.faults.story import StuckError

    problem, stuck = "", list[str]()
    try:
        scenario.run(story)
    except StuckError as error:
        stuck.append(str(error))
    except Exception:  # noqa: BLE001 - whatever it is, the counts tell more
        problem = traceback.format_exc()
    try:
        counts = finish(story)
    except Exception:  # noqa: BLE001 - as above
        return [], f"{problem}\n{traceback.format_exc()}"
    counts.insert(0, count(Group.WAITING, "steps that did not come to their end", stuck))
    deadly = [point for point in points if point.action in ("kill", "full")]
    found = happened(deadly, story.folder)
    for flag in found:
        story.note(f"happened: {flag}")
    if scenario.evidence and not _felt(scenario.evidence, story.folder):
        stuck = [f"no log says {scenario.evidence}"]
        counts.append(count(Group.TRIED, "faults that the product did not feel", stuck))
    missed = [point.flag for point in deadly if point.flag not in found]
    return [*counts, count(Group.TRIED, "chosen points that were not reached", missed)], problem


def _felt(words: str, folder: Path) -> bool:
    """Tell whether a log of the product matches."""
    logs = (file.read_text("utf-8", errors="replace") for file in folder.glob("*.log"))
    return any(re.search(words, log) for log in logs)


def _stop(installation: Installation) -> None:
    from django.db import connections

    installation.stop()
    connections.close_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
