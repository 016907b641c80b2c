"""What a parity plug-in is given and gives back: cases, comparisons, named failures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from qca.errors import QcaError

Quantity = tuple[str | int, ...]
TOLERANCE = 1e-9
DATA = "data.csv"
# What a crash in ours, or a case of unforeseen shape, may raise: a mismatch of that job alone.
PLUG_IN_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
# Errors of R that say nothing about the input: it ran out of time or memory.
R_GAVE_UP = "R ran out of time or memory"
GIVEN_UP = ("timeout", "allocate", "time limit", "c stack")


@dataclass(frozen=True, slots=True)
class Case:
    """One reference folder: jobs in `spec`, results of R in `expected` (the parsed out.json)."""

    folder: Path
    spec: dict[str, Any]
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    def frame(self, file_name: str | None = None) -> pd.DataFrame:
        """Read a data file (default: the one named in spec), indexed by its first column."""
        path = self.folder / (file_name or self.spec.get("data") or DATA)
        identifier, *variables = pd.read_csv(path, nrows=0).columns
        return pd.read_csv(
            path,
            dtype={identifier: str},
            keep_default_na=False,
            na_values={name: ["", "NA", "NaN"] for name in variables},
        ).set_index(identifier)

    def conditions_of(self, job: Mapping[str, Any]) -> list[str] | None:
        """The conditions of a job, else of the case; None for all columns but the outcome."""
        return job.get("conditions") or self.spec.get("conditions") or None

    @property
    def multi_value(self) -> bool:
        """Whether a condition has values above 1: multi-value QCA, outside a fuzzy-set library."""
        conditions = self.spec.get("conditions")
        return bool(conditions) and bool((self.frame()[conditions] > 1).to_numpy().any())


@dataclass(frozen=True, slots=True)
class Comparison:
    """A found value set against the expected one.

    `quantity` is the path into out.json that this comparison accounts for, whole: everything
    below it counts as compared. Values may be numbers, texts, None, lists, dicts (compared leaf
    by leaf) and sets or frozensets (compared as sets). A `reason` in place of values declares
    that the quantity is not compared, and why.
    """

    quantity: Quantity
    expected: object = None
    found: object = None
    tolerance: float = TOLERANCE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """The named error that a public function raised; equal to an {"error": ...} of R."""

    message: str


def setting(job: Mapping[str, Any], name: str, default: Any) -> Any:  # noqa: ANN401
    """What a job says of an option, the default where it says nothing; R writes 1 as [1]."""
    given = job.get(name)
    alone = given[0] if isinstance(given, list) and len(given) == 1 else given
    return default if alone is None else alone


def attempt(function: Callable[[], object]) -> object:
    """Call a public function; its named error becomes a Failure to compare with R's error."""
    try:
        return function()
    except QcaError as error:
        return Failure(f"{type(error).__name__}: {error}")


def guarded(
    path: Quantity, result: object, comparisons: Iterable[Comparison]
) -> Iterator[Comparison]:
    """Pass comparisons on; what one raises becomes a mismatch of this job, not of the rest.

    A named error of ours agrees with an {"error": ...} of R.
    """
    try:
        yield from comparisons
    except PLUG_IN_FAILURES as error:
        agreed = isinstance(error, QcaError) and failed(result)
        expected = failure(result) if agreed else "results"
        yield Comparison(path, expected, Failure(f"{type(error).__name__}: {error}"))


def failed(result: object) -> bool:
    """Whether R gave an error in place of results."""
    return isinstance(result, Mapping) and isinstance(result.get("error"), str)


def failure(result: Any) -> object:  # noqa: ANN401
    """R's error without what describes the run."""
    return {"error": result["error"]} if failed(result) else result


def gave_up(result: object) -> bool:
    """Whether R failed for reasons that are not in the input."""
    if not isinstance(result, Mapping):
        return False
    message = str(result.get("error") or "").lower()
    return any(reason in message for reason in GIVEN_UP)
