"""The proofs of anonymity in words, for whoever checks a campaign: the attack, and what must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Proof:
    """One attack that anybody with the source can carry out again."""

    name: str
    attack: Promise
    must: Promise

    @property
    def command(self) -> str:
        """What runs it, in a copy of the source; it needs no network and no data of ours."""
        return f'make prove ARGS="--only {self.name}"'


# name -> what somebody tries, and what must come of it; docs/privacy.md has every figure
_PROOFS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "thief": (
        _("Copy database, files, backups and logs while people answer, and look for answers in "
          "them, or for whose they are."),
        _("No answer, link or key is found, and nobody is matched better than by chance."),
    ),
    "differencing": (
        _("Subtract published figures from each other: groups, functions, waves, with people "
          "added who are known."),
        _("No group below the threshold is exposed, in 4,000 invented organisations."),
    ),
    "linkage": (
        _("Put figures of units and single answers side by side, as people with different roles "
          "could."),
        _("Rows are put into the right small team no better than by chance and two points."),
    ),
    "outputs": (
        _("Read every page, report and file in every role, while answers of one unit after "
          "another are shifted."),
        _("Nothing tells of fewer than the threshold, and nobody's single answer is in it."),
    ),
    "retention": (
        _("Search files, tables and pages for answers whose time is over."),
        _("Nothing of them is left or served."),
    ),
    "weaknesses": (
        _("Weaken the code that protects answers, in one place after the other."),
        _("Every weakness makes a test fail."),
    ),
    "strangers": (
        _("Open pages and reports of units that are somebody else's."),
        _("None opens to anybody whom the table of roles does not name."),
    ),
    "kills": (
        _("Stop the opening of the answers at every step."),
        _("It happened once or not at all; no answer is lost or doubled."),
    ),
    "races": (
        _("Submit with one link many times at once; stop the server meanwhile."),
        _("One answer counts for each link, and whoever was thanked is stored."),
    ),
    "faults": (
        _("Take the database away and fill the disk while people submit."),
        _("No answer is lost, and what was filled in stays on the page."),
    ),
    "doors": (_("Guess links."), _("None of a million gets in.")),
    "visits": (
        _("Let mail scanners, other sites and foreign hosts open links and post forms."),
        _("Nothing is changed by it."),
    ),
    "names": (
        _("Put program code into every name and text."),
        _("No page and no report runs it."),
    ),
    "documents": (
        _("Have a report read files of the server, call the network or never end."),
        _("It reads and calls nothing, and the next report is written."),
    ),
    "files": (
        _("Upload files made to hurt; put formulas into names."),
        _("The server is not held up, and no spreadsheet computes them."),
    ),
    "logs": (
        _("Read the server's log while everything fails."),
        _("No link, code or account stands in it."),
    ),
    "front": (
        _("Read the log of the web server in front, with the configuration that we give."),
        _("No link, code or address stands in it."),
    ),
}  # fmt: skip


def proofs() -> tuple[Proof, ...]:
    """Return every proof, those about answers first."""
    return tuple(Proof(name, attack, must) for name, (attack, must) in _PROOFS.items())
