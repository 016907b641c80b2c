"""Points in the product at which something happens once: its process dies, or a disk is full.

A point is the n-th call of a function of the product, before it or after it. The suite's settings
wrap these functions when the product starts; the product itself knows nothing of them.
"""

import errno
import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "RUTIN_FAULT_POINTS"
FOLDER: Final = "RUTIN_FAULT_FOLDER"  # where it is noted what has happened
WEAKENED: Final = "RUTIN_FAULT_WEAKENED"  # a function that does nothing, for the suite to tell
EVENTS: Final = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Point:
    """What happens at the n-th call of a function in one process.

    action: "kill" ends the process at once; "full" raises what a full disk raises; "wait" waits
    for some seconds; "watch" notes every call, its beginning and its end; "lose" returns nothing
    in place of every call, as a product would that is broken there.
    """

    path: str  # of the function, as the one who calls it finds it
    call: int = 1
    moment: str = "before"
    action: str = "kill"
    seconds: float = 0
    role: str = "worker"  # the process that it is for
    name: str = ""  # of two points of the same call

    @property
    def flag(self) -> str:
        """The name of the file that says that it has happened."""
        return f"{self.action}-{self.path}-{self.call}-{self.moment}{self.name}"


def as_text(points: Sequence[Point]) -> str:
    """Return points as an environment carries them."""
    return json.dumps([asdict(point) for point in points])


def arm(environment: Mapping[str, str], role: str) -> None:
    """Wrap the functions that the environment names for processes of a role."""
    folder = Path(environment.get(FOLDER, "."))
    for entry in json.loads(environment.get(VARIABLE, "[]")):
        point = Point(**entry)
        if point.role == role:
            place, name = place_of(point.path)
            setattr(place, name, wrapped(getattr(place, name), point, folder))


def place_of(path: str) -> tuple[object, str]:
    """Return the module or class that holds a function, and the function's name there."""
    owner, _, name = path.rpartition(".")
    try:
        place: object = import_module(owner)
    except ModuleNotFoundError:
        module, _, class_name = owner.rpartition(".")
        place = getattr(import_module(module), class_name)
    if not callable(getattr(place, name, None)):
        raise LookupError(f"expected a function to put a fault into, found none at {path}")
    return place, name


def wrapped(function: Callable[..., Any], point: Point, folder: Path) -> Callable[..., Any]:
    """Return the function with its point."""
    calls = 0

    @wraps(function)
    def faulty(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever it takes
        nonlocal calls
        calls += 1
        is_due = calls >= point.call
        if point.action == "lose":
            return None
        if point.action == "watch":
            return _watched(function, point, folder, arguments, options)
        if is_due and point.moment == "before":
            _happen(point, folder)
        result = function(*arguments, **options)
        if is_due and point.moment == "after":
            _happen(point, folder)
        return result

    return faulty


def _happen(point: Point, folder: Path) -> None:
    if point.action == "wait":
        time.sleep(point.seconds)
        return
    with suppress(FileExistsError):
        os.close(os.open(folder / point.flag, os.O_CREAT | os.O_EXCL))
        if point.action == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.kill(os.getpid(), signal.SIGKILL)


def _watched(
    function: Callable[..., Any],
    point: Point,
    folder: Path,
    arguments: Sequence[Any],
    options: Mapping[str, Any],
) -> Any:  # noqa: ANN401
    begun = time.monotonic()
    _note(folder, {"path": point.path, "pid": os.getpid(), "begun": begun, "ended": None})
    result = function(*arguments, **options)
    ended = time.monotonic()
    _note(folder, {"path": point.path, "pid": os.getpid(), "begun": begun, "ended": ended})
    return result


def _note(folder: Path, event: Mapping[str, object]) -> None:
    line = json.dumps(event) + "\n"
    descriptor = os.open(folder / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(descriptor, line.encode())  # one write: lines of several processes stay whole
    finally:
        os.close(descriptor)


def happened(points: Sequence[Point], folder: Path) -> list[str]:
    """Return the points that have happened, in words."""
    return [point.flag for point in points if (folder / point.flag).exists()]
