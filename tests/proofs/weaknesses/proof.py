"""Proof 5: weaken the privacy code in many ways; each weakness must make a named test fail."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.figures import Figure, Size, exactly
from tests.proofs.weaknesses.keys_and_browsers import KEY_AND_BROWSER_WEAKNESSES
from tests.proofs.weaknesses.people import PEOPLE_WEAKNESSES
from tests.proofs.weaknesses.release import RELEASE_WEAKNESSES
from tests.proofs.weaknesses.second_words import SECOND_WORD_WEAKNESSES
from tests.proofs.weaknesses.storage import STORAGE_WEAKNESSES
from tests.proofs.weaknesses.uses import USE_WEAKNESSES
from tests.proofs.weaknesses.weakened_copy import PASSED, Copy, Weakness

WEAKNESSES = (
    *RELEASE_WEAKNESSES,
    *STORAGE_WEAKNESSES,
    *PEOPLE_WEAKNESSES,
    *SECOND_WORD_WEAKNESSES,
    *KEY_AND_BROWSER_WEAKNESSES,
    *USE_WEAKNESSES,
)
COPIES = 2


def measure(size: Size) -> list[Figure]:
    """Try every weakness, or every fortieth, after all named tests passed on the whole code."""
    chosen = WEAKNESSES[:: size.of(40, 1)]
    with TemporaryDirectory(prefix="rutin-weakened-") as folder, ExitStack() as stack:
        copies = [
            stack.enter_context(Copy.made_in(Path(folder) / str(number)))
            for number in range(size.of(1, COPIES))
        ]
        before = copies[0].run(sorted({weakness.test for weakness in chosen}))
        with ThreadPoolExecutor(len(copies)) as pool:
            shares = [chosen[number :: len(copies)] for number in range(len(copies))]
            noticed = [*pool.map(unnoticed, copies, shares)]
    missed = [name for share in noticed for name in share]
    return [
        exactly(f"exit code of the named tests before {len(chosen)} weaknesses", before, PASSED),
        exactly(
            "weaknesses that no test noticed" + "".join(f"; {m}" for m in missed), len(missed), 0
        ),
    ]


def unnoticed(copy: Copy, weaknesses: tuple[Weakness, ...]) -> list[str]:
    """Return the names of those weaknesses whose test passes all the same."""
    return [weakness.name for weakness in weaknesses if not copy.notices(weakness)]
