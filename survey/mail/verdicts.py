"""Whose affair a mail server's answer is: the address's, the server's own, or neither surely.

Read in this order: where in the talk it came, its enhanced status code (RFC 3463), its reply code
(RFC 5321), its words. Only a verdict about the address may ever count against the address.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

FOR_GOOD: Final = 500  # the least of the server's answers that no other try will change
CLOSING: Final = 421  # with it the server hangs up, RFC 5321, section 3.8


class Stage(Enum):
    """What the server was answering to."""

    SENDER = "MAIL FROM, or what comes before"
    RECIPIENT = "RCPT TO"
    CONTENT = "DATA"
    REPORT = "a report that came back: nobody knows to what"


class Verdict(Enum):
    """Whose affair an answer is."""

    ADDRESS = "nobody else's: this mailbox takes no mail"
    SERVER = "the server's: it would say the same of others"
    UNCLEAR = "it does not say"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, and to what; a code of 0 is one that was not told."""

    code: int
    text: str
    stage: Stage

    @property
    def is_for_good(self) -> bool:
        """Whether no other try will change it."""
        return self.code >= FOR_GOOD


# At the beginning or behind an opening sign: a version or a network address in the words is none.
ENHANCED: Final = re.compile(r"(?:^\s*<?|[(\[#]\s*)[245]\.(\d{1,3})\.(\d{1,3})(?![.\d])")
# Subject and detail. Bad or moved mailboxes and domains; mailboxes that are closed or full; another
# owner (RFC 7293).
OF_MAILBOXES: Final = frozenset(
    {(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1), (2, 2), (2, 3), (2, 4), (7, 17)}
)
OF_SENDERS: Final = frozenset({(1, 7), (1, 8)})
SERVER_SUBJECTS: Final = frozenset({3, 4, 6, 7})  # system, network, content, policy
PROTOCOL: Final = 5
DIRECTORY_REFUSAL: Final = (4, 1)  # some hosted servers say so of a mailbox that is not there
# Sign-in required, commands not understood, no mail taken at all, storage, content, blocked.
SERVER_CODES: Final = frozenset(
    {452, 454, 455, 500, 502, 503, 504, 521, 523, 530, 532, 534, 535, 538, 554, 555, 571}
)
NO_MAIL_DOMAIN: Final = 556  # RFC 7504
CODE: Final = re.compile(r"\d{3}|\d\.\d{1,3}\.\d{1,3}", re.ASCII)
CODES_FIRST: Final = (0, 1)  # the words of an answer that may be codes

_OF_THE_SENDER: Final = re.compile(
    r"\bsenders?\b|\bmail from\b|\bsending\b|\byour (?:ip|host|domain|server|network|e-?mail)\b"
    r"|\b(?:daily|hourly)\b|\bper (?:hour|day|minute)\b|\breverse dns\b|\bptr\b"
)
_OF_THE_ADDRESS: Final = re.compile(
    r"\b(?:no such|unknown|invalid|non-?existent|bad|undeliverable)"
    r"(?: (?:local|virtual|destination))*"
    r" (?:user|mailbox|recipient|address|account|person|alias|rcpt)"
    r"|\b(?:user|mailbox|recipient|address|account|alias|person)s?\b[^.;]{0,40}?"
    r"(?:\bunknown|\bnot (?:exist|found|known|active|valid|listed)|n't exist|\binvalid"
    r"|\bdisabled|\binactive|\bdeactivated|\bclosed|\bunavailable|\bfull\b|\bover ?-?quota"
    r"|\bexpired|\bdeleted|\bno longer|\bexceeded)"
    r"|\bno (?:mailbox|one) (?:here|by)|\bno longer (?:exists|valid|works|employed)"
    r"|\bover quota\b|\bquota exceeded\b|\bmailbox full\b|\bnull mx\b"
)
_OF_THE_SERVER: Final = re.compile(
    r"\brelay|\brcpthosts\b|\bauthenti|\bauth\b|\bauthori[sz]|\bsign ?in|\blog ?in\b"
    r"|\bdenied\b|\bpermi|\bnot allowed\b|\bprohibited\b|\bforbidden\b|\bblock|\bblack|\bbanned\b"
    r"|\blisted\b|\bd?ns?bl\b|\brbl\b|\bspam|\bvirus|\bmalware|\bjunk|\bpolicy\b|\breputation\b"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|\bcontent\b|\bmessage (?:rejected|refused|too)|\btoo (?:many|"
    r"large|big|much)|\brate\b|\blimit|\bstarttls\b|\btls\b|\bencrypt|\bservice\b|\bsystem\b"
    r"|\bstorage\b|\bdisk\b|\bgr[ae]y ?-?list|\boverload|\bbusy\b|\bnot accepting\b"
)


def verdict_of(answer: Answer) -> Verdict:
    """Return whose affair an answer is.

    >>> [verdict_of(Answer(550, text, Stage.RECIPIENT)).name for text in (
    ...     "5.1.1 <anna@example.com>: gone", "5.7.1 relaying denied", "no such user", "rejected")]
    ['ADDRESS', 'SERVER', 'ADDRESS', 'UNCLEAR']
    """
    if answer.stage is Stage.SENDER:  # no address has been named yet
        return Verdict.SERVER
    words = " ".join(part for part in answer.text.lower().split() if "@" not in part)
    judged = _by_status(answer.text, words) or _by_code(answer.code, words)
    if judged is not None:
        return judged
    if answer.code and not answer.is_for_good:  # its words are about the moment
        return Verdict.UNCLEAR
    by_default = Verdict.SERVER if answer.stage is Stage.CONTENT else Verdict.UNCLEAR
    return _by_words(words) or by_default


def verdict_of_stored(reason: str) -> Verdict:
    """Return whose affair it is by what was noted of a mail that failed or came back.

    >>> [verdict_of_stored(text).name for text in ("5.2.1 550 gone", "554 relay denied", "failed")]
    ['ADDRESS', 'SERVER', 'UNCLEAR']
    """
    code, _, rest = reason.partition(" ")
    is_reply = re.fullmatch(r"[45]\d\d", code, re.ASCII) is not None
    answer = (int(code), rest) if is_reply else (0, reason)
    return verdict_of(Answer(*answer, Stage.REPORT))


def cause_of(reason: str, address: str = "") -> str:
    """Return what a server says to everybody: without addresses, numbers and names of its mails.

    What is told of a server must not tell whom it was asked about: a reminder goes only to those
    who have not answered.

    >>> cause_of("554 5.7.1 <anna@example.com>: no relay for anna, id 4B2x", "anna@example.com")
    '554 5.7.1 no relay for id'
    """
    name, _, domain = address.lower().partition("@")
    kept = []
    for place, word in enumerate(reason.split()):
        bare = word.strip("<>()[]{}.,:;'\"").lower()
        is_code = place in CODES_FIRST and CODE.fullmatch(bare)
        named = "@" in word or (bare and bare in {name, domain})
        if is_code or not (named or any(sign.isdecimal() for sign in word)):
            kept.append(word)
    return " ".join(kept)


def _by_status(text: str, words: str) -> Verdict | None:
    found = ENHANCED.search(text)
    if found is None:
        return None
    status = (int(found[1]), int(found[2]))
    if status == DIRECTORY_REFUSAL and "recipient address rejected" in words:
        return Verdict.UNCLEAR
    if status in OF_MAILBOXES:
        return Verdict.ADDRESS
    if status in OF_SENDERS or status[0] in SERVER_SUBJECTS:
        return Verdict.SERVER
    return _by_words(words) or (Verdict.SERVER if status[0] == PROTOCOL else None)


def _by_code(code: int, words: str) -> Verdict | None:
    if code == NO_MAIL_DOMAIN:
        return Verdict.ADDRESS
    return (_by_words(words) or Verdict.SERVER) if code in SERVER_CODES else None


def _by_words(words: str) -> Verdict | None:
    if _OF_THE_SENDER.search(words):
        return Verdict.SERVER
    if _OF_THE_ADDRESS.search(words):
        return Verdict.ADDRESS
    return Verdict.SERVER if _OF_THE_SERVER.search(words) else None
