"""What may be told of an error that was raised beside opened ballots: its kind and its places.

Messages of other software, a database's among them, may quote the very sheet it could not take.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from typing import Final

from django.conf import settings

from survey.errors import (
    AnswersError,
    KeyUnavailableError,
    ReleaseError,
    SealError,
    StateError,
    WipeError,
)

# Our own errors whose messages are made of codes, sizes and names, and never of an answer.
SAFE: Final = (AnswersError, KeyUnavailableError, ReleaseError, SealError, StateError, WipeError)
MOST_CAUSES: Final = 5  # errors behind an error
SOURCE: Final = re.compile(r"\w+\.(py|pyx)")
OWN: Final = ("survey/", "diagnostics/", "qca/")


def safe_fault(error: BaseException) -> str:
    """Return the kinds of an error and of those behind it, and the places in the code.

    The message only of an error whose class says that it holds no value.
    """
    first, *behind = _chain(error)
    told = f"{first} " if type(first) in SAFE else ""
    parts = [f"{told}[{_kind(first)} at {', '.join(_places(first)) or 'no place'}"]
    parts += [
        f"from {_kind(one)} at {', '.join(_places(one)[-1:]) or 'no place'}" for one in behind
    ]
    return f"{' '.join(parts)}]"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then the one that it was raised from or beside, and so on."""
    found: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _kind(error: BaseException) -> str:
    kind = type(error)
    is_plain = kind.__module__ == "builtins"
    return kind.__qualname__ if is_plain else f"{kind.__module__}.{kind.__qualname__}"


def _places(error: BaseException) -> list[str]:
    """Return the way through our own code, and the last place of all, each once."""
    files = [
        (_file(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)
    ]
    own = [place for place in files if place[0].startswith(OWN)]
    return list(dict.fromkeys(f"{file}:{line}" for file, line in [*own, *files[-1:]]))


def _file(name: str) -> str:
    """Return a file's name below our folder or that of the packages, of others the last part.

    Code that was made while running may have anything for its file's name.
    """
    path = Path(name)
    if not SOURCE.fullmatch(path.name):
        return "made while running"
    for folder in (Path(settings.BASE_DIR), *path.parents):
        is_known = folder == settings.BASE_DIR or folder.name in ("site-packages", "lib")
        if is_known and path.is_relative_to(folder):
            return str(path.relative_to(folder))
    return path.name
