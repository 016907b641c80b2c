"""Renderers in long-lived child processes with limits on memory, CPU and time.

A document that breaks a limit takes only its own process with it: it ends as a RenderError, and
the next document gets a new process.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import Final

from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.frames import (
    DOCUMENT,
    LETTERS,
    MARKUP,
    further_seconds,
    read_frame,
    write_frame,
)
from diagnostics.reports.rendering.letters import RenderedPdf

BUSY: Final = 4  # how much longer than its computing a document of many rows may take
ROOT: Final = Path(__file__).resolve().parents[3]
# What fonts and libraries are found by; secrets and addresses of the database stay outside.
PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may use; an ordinary one takes about a second and 150 MB."""

    memory: int = 1024 * 1024 * 1024  # bytes of address space, libraries included
    cpu_seconds: int = 25
    wall_seconds: float = 30.0


DEFAULT_LIMITS: Final = Limits()


class RenderProcess:
    """One child process that renders document after document; started when first needed."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""

    def render(self, markup: str) -> RenderedPdf:
        """Return a document, or raise RenderError; a process that died is replaced next time."""
        process = self._running()
        further = further_seconds(markup)
        # Computing is what its own limit counts; a busy machine gives it a part of the time only.
        watchdog = Timer(self.limits.wall_seconds + BUSY * further, process.kill)
        watchdog.start()
        try:
            letters, kind, content = _exchange(process, markup)
        except (EOFError, BrokenPipeError) as error:
            code = process.wait()
            self.close()
            raise RenderError(self._cause_of_death(code, further)) from error
        finally:
            watchdog.cancel()
        if kind != DOCUMENT:
            raise RenderError(content.decode())
        return RenderedPdf.of(content, letters)

    def close(self) -> None:
        """End the process and remove what it left behind."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # unsent markup goes with the process
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._folder = tempfile.mkdtemp(prefix="rutin-renderer-")
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        limits = (str(self.limits.memory), str(self.limits.cpu_seconds))
        known = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "diagnostics.reports.rendering.child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**known, "TMPDIR": self._folder},
            start_new_session=True,  # Ctrl-C stops the worker after its task, not in the middle
        )

    def _cause_of_death(self, code: int, further: int) -> str:
        wall, computing = self.limits.wall_seconds + BUSY * further, self.limits.cpu_seconds
        causes = {
            -signal.SIGKILL: f"at most {wall:g} seconds",
            -signal.SIGXCPU: f"at most {computing + further} seconds of computing",
        }
        memory = f"at most {self.limits.memory // 2**20} MB of memory and no crash"
        return f"expected {causes.get(code, memory)}, found a renderer that ended with {code}"


class RenderPool:
    """Some renderers that work side by side; safe to use from several threads."""

    def __init__(self, size: int, limits: Limits = DEFAULT_LIMITS) -> None:
        self.size = size
        self._processes = [RenderProcess(limits) for _ in range(size)]
        # Last in, first out: documents one by one keep one process busy and start no other.
        self._free: LifoQueue[RenderProcess] = LifoQueue()
        for process in self._processes:
            self._free.put(process)

    def render(self, markup: str) -> RenderedPdf:
        """Return a document from the first renderer that is free, or raise RenderError."""
        process = self._free.get()
        try:
            return process.render(markup)
        finally:
            self._free.put(process)

    def render_each(self, markups: Iterable[str]) -> Iterator[RenderedPdf | RenderError]:
        """Yield each document, or why there is none, in order; markup is asked for as needed."""
        with ThreadPoolExecutor(self.size) as threads:
            begun: deque[Future[RenderedPdf]] = deque()
            for markup in markups:
                begun.append(threads.submit(self.render, markup))
                if len(begun) > self.size:
                    yield _outcome(begun.popleft())
            while begun:
                yield _outcome(begun.popleft())

    def close(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.close()


@cache
def shared_pool() -> RenderPool:
    """Return this process's renderers, one a core; they end with it."""
    pool = RenderPool(len(os.sched_getaffinity(0)))
    atexit.register(pool.close)
    return pool


def _exchange(process: subprocess.Popen[bytes], markup: str) -> tuple[str, bytes, bytes]:
    """Return the letters without a glyph, and the kind and content of the answer."""
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("expected pipes to the renderer, found none")
    write_frame(process.stdin, MARKUP, markup.encode())
    kind, content = read_frame(process.stdout)
    if kind != LETTERS:
        return "", kind, content
    return content.decode(), *read_frame(process.stdout)


def _outcome(future: Future[RenderedPdf]) -> RenderedPdf | RenderError:
    try:
        return future.result()
    except RenderError as error:
        return error
