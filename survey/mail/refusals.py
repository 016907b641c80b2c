"""What the server refuses in one run: whose affair it is once others have got an answer too.

An answer that does not say is the address's own affair, unless several in a row get the same one.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from survey.mail.sending import MailFailure, Trouble
from survey.mail.verdicts import cause_of
from survey.models import Message

SEVERAL: Final = 3  # refusals in a row: of mails to one domain, after which it is left alone
DOMAINS: Final = 2  # of which at least so many are others', if an unclear answer is the server's
SAME_DOMAIN: Final = 5  # refusals in a row that are the server's wherever they go
ALL: Final = 10  # refusals in a row by which a server takes nothing from us


@dataclass(frozen=True, slots=True)
class Tried:
    """A mail that was brought to the server, and what came of it; None if it was accepted."""

    message: Message
    failure: MailFailure | None

    @property
    def address(self) -> str:
        """Whom the mail goes to, where the message itself tells."""
        return address_of(self.message)

    @property
    def cause(self) -> str:
        """The server's answer, without what is about this mail."""
        return cause_of(self.failure.reason, self.address) if self.failure is not None else ""


def address_of(message: Message) -> str:
    """Return whom a mail goes to; empty for one that only its kind knows."""
    if message.invitation is not None and message.invitation.recipient is not None:
        return str(message.invitation.recipient.email)
    return str(message.user.email) if message.user is not None else ""


def domain_of(message: Message) -> str:
    """Return the domain a mail goes to; empty if only its kind knows."""
    return address_of(message).rpartition("@")[2].lower()


class Refusals:
    """The refusals of one run, in a row: the next accepted mail ends it."""

    def __init__(self) -> None:
        self._in_doubt: list[Tried] = []
        self._of_the_server: set[str] = set()  # answers that turned out to be
        self._domains: Counter[str] = Counter()
        self._said = ""
        self.refuses_all = False

    def said(self) -> MailFailure:
        """Return the last refusal as that of mails that were not offered; it names nobody."""
        return MailFailure(Trouble.SERVER, self._said, was_offered=False)

    def leaves_alone(self, message: Message) -> bool:
        """Tell whether enough mails to this domain were refused in this run."""
        return self._domains[domain_of(message)] >= SEVERAL

    def judge(self, tried: Tried) -> list[Tried]:
        """Return what is decided now, of this mail and of those that waited for it."""
        failure = tried.failure
        if failure is not None and not failure.is_certain and failure.trouble != Trouble.SERVER:
            return self._doubt(tried)
        if failure is not None and failure.trouble == Trouble.SERVER:
            return [*self._blame_server(self._taken()), *self._blame_server([tried])]
        if failure is None:
            self._domains.clear()
        return [*self.rest(), tried]

    def rest(self) -> list[Tried]:
        """Return what was still in doubt: nothing speaks for the server's being at fault."""
        return self._taken()

    def _doubt(self, tried: Tried) -> list[Tried]:
        if tried.cause in self._of_the_server:
            return self._blame_server([tried])
        before = [] if self._is_same(tried) else self._taken()
        self._in_doubt.append(tried)
        domains = {domain_of(one.message) for one in self._in_doubt}
        several = len(self._in_doubt) >= SEVERAL and len(domains) >= DOMAINS
        if several or len(self._in_doubt) >= SAME_DOMAIN:
            self._of_the_server.add(tried.cause)
            return [*before, *self._blame_server(self._taken())]
        return before

    def _is_same(self, tried: Tried) -> bool:
        return not self._in_doubt or self._in_doubt[-1].cause == tried.cause

    def _taken(self) -> list[Tried]:
        taken, self._in_doubt = self._in_doubt, []
        return taken

    def _blame_server(self, refused: list[Tried]) -> list[Tried]:
        blamed = []
        for one in refused:
            if one.failure is None:
                continue
            blamed.append(Tried(one.message, one.failure.of_the_server()))
            self._domains[domain_of(one.message)] += 1
            self._said = one.cause
            self.refuses_all |= one.failure.names_sender
        self.refuses_all |= self._domains.total() >= ALL
        return blamed
