"""The folder of reports: each lies in it whole or not at all, and an unfinished run goes on.

Until a run has ended a note lies in its folder: what is made of what, on which day, and which files
are there. The same run goes on from it. Another one, on other files or with other options, replaces
what the note names and begins anew. A folder with anything else in it is refused.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.utils.translation import gettext as _

from survey.disk import write_whole
from survey.errors import InputError

NOTE: Final = ".unfinished-run"  # one line of JSON for the run, then one for each file
HALF: Final = ".writing"  # a file that is not whole yet


class FolderError(InputError):
    """A folder cannot take reports."""


def require_free_folder(folder: Path) -> None:
    """Raise FolderError unless the folder is new, empty or that of an unfinished run."""
    is_ours = (folder / NOTE).is_file()
    if folder.exists() and not is_ours and (not folder.is_dir() or any(folder.iterdir())):
        found = _("%(folder)s: expected a new or an empty folder, found something in it.")
        raise FolderError(found % {"folder": folder})


class ReportFolder:
    """Files of one run, noted before each is there, so that none stays that nobody knows."""

    def __init__(self, path: Path, note: IO[str], day: str, known: dict[str, str]) -> None:
        self.path = path
        self.day = day  # ISO date on which the run began
        self._note = note
        self._known = known

    def holds(self, name: str) -> bool:
        """Tell whether a file is there as it was written."""
        try:
            content = (self.path / name).read_bytes()
        except OSError:
            return False
        return self._known.get(name) == hashlib.sha256(content).hexdigest()

    def keep(self, name: str, content: bytes) -> None:
        """Write a file: whole and safe on the disk, or not at all."""
        self._write_line({"name": name, "digest": hashlib.sha256(content).hexdigest()})
        write_whole(self.path / name, content, unfinished=self.path / HALF)

    def end(self) -> None:
        """Forget the run: all of it is there."""
        (self.path / NOTE).unlink(missing_ok=True)

    def _write_line(self, entry: dict[str, str]) -> None:
        self._note.write(json.dumps(entry) + "\n")
        self._note.flush()
        os.fsync(self._note.fileno())
        if "name" in entry:
            self._known[entry["name"]] = entry["digest"]

    def begin(self, run: str, *, goes_on: bool) -> None:
        """Note the run and what it has; of another run delete what that left unfinished."""
        known = dict(self._known) if goes_on else {}
        for name in [*(self._known if not goes_on else ()), HALF]:
            (self.path / name).unlink(missing_ok=True)
        self._known.clear()
        self._note.seek(0)
        self._note.truncate()  # written anew, since a last line may be half there
        self._write_line({"run": run, "day": self.day})
        for name, digest in known.items():
            self._write_line({"name": name, "digest": digest})


@contextmanager
def report_folder(path: Path, *, run: str, day: str) -> Iterator[ReportFolder]:
    """Open a folder for a run; raise FolderError where it cannot take it.

    run: a fingerprint of all that the reports say. day: an ISO date, where the run begins anew.
    """
    require_free_folder(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        note = (path / NOTE).open("a+", encoding="utf-8")
    except OSError as error:
        found = _("%(folder)s: expected a folder that can be written to, found %(reason)s.")
        raise FolderError(found % {"folder": path, "reason": error.strerror}) from error
    with note:
        _lock(path, note)
        noted, known = _entries(note)
        is_same = noted.get("run") == run
        folder = ReportFolder(path, note, noted["day"] if is_same else day, known)
        folder.begin(run, goes_on=is_same)
        yield folder


def _lock(path: Path, note: IO[str]) -> None:
    try:
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        found = _(
            "%(folder)s: expected a folder for this run alone, found another run at work in it."
        )
        raise FolderError(found % {"folder": path}) from error


def _entries(note: IO[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return how a run began and the digests of its files; a last line may be half there."""
    note.seek(0)
    entries: list[dict[str, str]] = []
    for line in note:
        try:
            entries.append(json.loads(line))
        except ValueError:
            break
    begun = entries[0] if entries and "run" in entries[0] else {}
    files = [entry for entry in entries if Path(entry.get("name", "/")).name == entry.get("name")]
    return begun, {entry["name"]: entry["digest"] for entry in files}
