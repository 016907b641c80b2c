"""Scoring the units of a large organisation in two processes; the results are those of one."""

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

from diagnostics.scoring.results import UnitResult
from diagnostics.scoring.units import UnitScoring

WORTH_SHARING: Final = 400  # units; of fewer, starting a process costs more than it spares
UNITS_AT_A_TIME: Final = 8  # few, so that both end together
BATCHES_AHEAD: Final = 2  # that the second process holds, so that it never waits for the first

logger = logging.getLogger(__name__)
Results = dict[str, UnitResult]


def score_units(scoring: UnitScoring, *, worth_sharing: int) -> tuple[UnitResult, ...]:
    """Return every unit's result in the tree's order; of many, about half by a second process.

    A unit's draws depend on the unit and its answers only, so who scores it changes no figure.
    """
    keys = scoring.released.tables.tree.keys
    if len(keys) < worth_sharing or len(os.sched_getaffinity(0)) < 2:
        return tuple(scoring.unit(key) for key in keys)
    found = _scored_by_both(scoring, _largest_first(scoring))
    return tuple(found[key] for key in keys)


def _largest_first(scoring: UnitScoring) -> list[str]:
    answers = dict.fromkeys(scoring.released.tables.tree.keys, 0)
    for info in scoring.released.tables.sets:
        answers[info.unit] += info.n
    return sorted(answers, key=lambda unit: -answers[unit])


def _scored_by_both(scoring: UnitScoring, keys: Sequence[str]) -> Results:
    # A fresh process rather than a fork: the worker's threads and database stay with the worker.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_score_batches, args=(there, scoring), daemon=True)
    process.start()
    there.close()
    # The company as a whole goes to the other process: it takes as long as hundreds of units,
    # and this one looks after the other between two units.
    batches = [
        keys[start : start + UNITS_AT_A_TIME] for start in range(1, len(keys), UNITS_AT_A_TIME)
    ]
    other = _OtherProcess(here, deque([keys[:1], *batches]))
    try:
        found: Results = {}
        while batch := other.batch_for_us():
            for key in batch:
                found[key] = scoring.unit(key)
                other.look_after()
        found |= other.results()
        if other.unfinished:  # it was ended, by a lack of memory perhaps; nothing is lost but time
            process.join()
            logger.warning("The second scoring process ended with code %s.", process.exitcode)
            found |= {key: scoring.unit(key) for key in other.unfinished}
    finally:
        process.kill()
        process.join()
        here.close()
    return found


class _OtherProcess:
    """Batches of units that wait, those that the second process holds, and what it has found."""

    def __init__(self, connection: Connection, waiting: deque[Sequence[str]]) -> None:
        self._connection, self._waiting = connection, waiting
        self._held: deque[Sequence[str]] = deque()
        self._found: Results = {}
        self._is_gone = False
        for _ in range(BATCHES_AHEAD):
            self._hand_over()

    def batch_for_us(self) -> Sequence[str]:
        """Return the next batch for this process, nothing when none waits."""
        return self._waiting.popleft() if self._waiting else ()

    def look_after(self) -> None:
        """Take what the other process has found, and give it more to do."""
        while not self._is_gone and self._connection.poll():
            self._take()

    def results(self) -> Results:
        """Wait for what the other process still holds, and return all that it has found."""
        while self._held and not self._is_gone:
            self._take()
        return self._found

    @property
    def unfinished(self) -> list[str]:
        """The units whose results the other process took with it."""
        return [key for batch in self._held for key in batch]

    def _take(self) -> None:
        try:
            self._found |= self._connection.recv()
        except (EOFError, ConnectionError):
            self._is_gone = True
        else:
            self._held.popleft()
            self._hand_over()

    def _hand_over(self) -> None:
        if self._waiting and not self._is_gone:
            batch = self._waiting.popleft()
            self._held.append(batch)
            try:
                self._connection.send(batch)
            except ConnectionError:
                self._is_gone = True


def _score_batches(connection: Connection, scoring: UnitScoring) -> None:
    """Score one batch after the other until the first process hangs up."""
    with suppress(EOFError, ConnectionError):
        while True:
            batch: Sequence[str] = connection.recv()
            connection.send({key: scoring.unit(key) for key in batch})
