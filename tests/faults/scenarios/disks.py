"""A small file system that is full for a while, under reports, database or keys."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.story import Story

BALLAST = "ballast"
WHILE = 6.0


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a file system of some megabytes, with what is in the folder already."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "rutin-faults", str(folder)],
        check=True,
    )
    try:
        for path, content in kept.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(folder: Path, *, free: int = 0) -> None:
    """Leave no more than some bytes."""
    with (folder / BALLAST).open("ab", buffering=0) as file:
        while (room := _room(folder) - free) > 0:
            try:
                file.write(bytes(min(room, 65536)))
            except OSError:
                return


def clear(folder: Path) -> None:
    """Make room again."""
    (folder / BALLAST).unlink()


def _room(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def reports(story: Story) -> None:
    """Let the folder of reports be full from the scoring on, with room for two or three."""
    folder = story.folder / "reports"
    story.clean_up.enter_context(small_disk(folder, 48))
    fill(folder, free=100_000)
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()
    story.download(["figures"])
    time.sleep(WHILE)
    story.settle(20)
    clear(folder)
    story.note("there is room again")


def database(story: Story) -> None:
    """Fill the disk of the database in the launch, in submits and at the opening."""
    folder = story.folder / "database"
    story.clean_up.enter_context(small_disk(folder, 64))
    story.found()
    story.start()
    story.until("the draft's keys are proven", story.has_keys)

    def full_for_a_while(over: object) -> None:
        fill(folder)
        story.note("the disk is full")
        time.sleep(WHILE)
        clear(folder)
        story.note("there is room again")

    with story.meanwhile(full_for_a_while):
        story.launch()
    story.mails_arrive()
    with story.meanwhile(full_for_a_while):
        story.submit_by_browser(story.people)
    with story.meanwhile(full_for_a_while):
        story.close()
        story.released()
    with story.meanwhile(full_for_a_while):
        story.assessed()


def keys(story: Story) -> None:
    """Let there be no room for the keys of a draft; its launch is refused until there is."""
    folder = story.folder / "keys"
    story.clean_up.enter_context(small_disk(folder, 1))
    fill(folder)
    story.found()
    story.start()
    time.sleep(WHILE)
    assert not story.has_keys()
    page = story.manager_page()
    story.note(f"without keys the campaign's page answers {page.status}")
    clear(folder)
    story.launch()
    story.mails_arrive()
