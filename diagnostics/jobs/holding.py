"""Which task this thread holds, and whether it still does: a worker that was late writes no end."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from diagnostics.models import TaskLease


class LeaseLostError(Exception):
    """The task was handed to another worker, or ended by one, while this one was at it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One worker's hold of one task: of whoever takes it over, the holder is another."""

    task_id: UUID
    holder: UUID
    attempt: int

    def is_lost(self) -> bool:
        """Whether another worker holds the task by now, or may."""
        held = TaskLease.objects.filter(task_id=self.task_id, holder=self.holder)
        return not held.exists()


_CURRENT: Final[ContextVar[Hold | None]] = ContextVar("hold", default=None)


@contextmanager
def holding(hold: Hold) -> Iterator[None]:
    """Let what the body calls ask whether its task is still its own."""
    token = _CURRENT.set(hold)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def is_taken_over() -> bool:
    """Whether the task that this code runs in is another worker's by now; outside of tasks not."""
    hold = _CURRENT.get()
    return hold is not None and hold.is_lost()
