"""Every proof by its name, with the claim that it tests."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from tests.proofs.figures import Figure, Size


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim and the module whose `measure(size)` attacks it."""

    claim: str
    module: str
    uses_database: bool = True
    is_of_database: bool = False  # rests on how a database stores: at full size on each of them
    counts_matches: bool = False  # its figures on all databases are tested once more together

    def run(self, size: Size) -> list[Figure]:
        """Attack; imported only now, since the attacks need Django's settings."""
        measure: Callable[[Size], list[Figure]] = import_module(
            f"tests.proofs.{self.module}"
        ).measure
        return measure(size)


# The long ones first: they run two or three at a time.
PROOFS = {
    "differencing": Proof(
        "no combination of published figures is about fewer than the floor",
        "combining.organisations",
        uses_database=False,
    ),
    "races": Proof(
        "one link gives one ballot, and whoever was thanked is stored",
        "storage.races",
        is_of_database=True,
    ),
    "outputs": Proof("no page, file or report tells about fewer than the floor", "outputs"),
    "thief": Proof(
        "whoever copies all files reads no answer and links none",
        "storage.thief",
        is_of_database=True,
        counts_matches=True,
    ),
    "weaknesses": Proof(
        "every weakening of the privacy code makes a test fail",
        "weaknesses.proof",
        uses_database=False,
    ),
    "strangers": Proof(
        "nobody opens a page or report of a unit that is not theirs",
        "strangers",
        uses_database=False,
    ),
    "names": Proof(
        "no name or text is read as code by a page or report", "names", uses_database=False
    ),
    "kills": Proof(
        "an opening killed anywhere happened once or not at all",
        "storage.kills",
        is_of_database=True,
    ),
    "faults": Proof(
        "a lost database or a full disk loses no answer and shows no error",
        "storage.faults",
        is_of_database=True,
    ),
    "documents": Proof(
        "no report reads a file, calls the network or stops the next",
        "documents",
        uses_database=False,
    ),
    "visits": Proof("no scanner, no other site and no other host changes anything", "visits"),
    "logs": Proof("no log line holds a token, whatever fails", "logs"),
    "front": Proof("the web server in front logs no link, code or address", "front"),
    "linkage": Proof(
        "nothing that is told attributes an answer to a team",
        "combining.linkage",
        uses_database=False,
    ),
    "files": Proof(
        "no upload burns the server and no export computes", "files", uses_database=False
    ),
    "retention": Proof("of deleted answers nothing is left or served", "retention"),
    "doors": Proof("no guessed link gets in", "doors"),
}
