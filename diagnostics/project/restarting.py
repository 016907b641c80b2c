"""A child process that begins anew whenever files have changed: the worker, in development."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from diagnostics.project.processes import Process, start, stop

READ_ONCE: Final = {".py", ".yaml", ".html", ".svg", ".txt", ".css"}  # kept once they were read


@dataclass
class RestartingProcess:
    """A process that ends what it is doing and starts again when a watched file changes."""

    command: Sequence[str]
    folder: Path
    watched: Sequence[Path]
    say: Callable[[str], object]
    _process: Process | None = None
    _files: dict[Path, int] = field(default_factory=dict)

    def __enter__(self) -> "RestartingProcess":
        self._start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def look(self) -> None:
        """Start anew if a file has changed; tell once if the process has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            code = self._process.returncode
            self.say(f"The worker ended with code {code}; it starts again when the code changes.")
            self._process = None
        if files_below(self.watched) != self._files:
            self.say("The code has changed: the worker starts again.")
            self._stop()
            self._start()

    def _start(self) -> None:
        self._files = files_below(self.watched)
        self._process = start(self.command, self.folder)

    def _stop(self) -> None:
        if self._process is not None:
            stop([self._process])


def files_below(folders: Sequence[Path]) -> dict[Path, int]:
    """Return when each file was written, in nanoseconds, of those that a process reads once."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in READ_ONCE:
                with suppress(FileNotFoundError):  # gone since it was listed
                    found[path] = path.stat().st_mtime_ns
    return found
