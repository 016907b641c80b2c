"""Reports of mail that did not arrive in plain words, as exim, qmail and web mailers write them.

Nothing in them is agreed upon, so the sender has to be a mail system, and the words have to say
that delivery has failed: a delay or somebody's absence is no failure.
"""

import re
from email.message import Message
from email.utils import parseaddr
from typing import Final

from survey.mail.failure_reasons import CAME_BACK, storable

FAILED_RECIPIENTS: Final = "X-Failed-Recipients"
_SYSTEM_ADDRESS: Final = re.compile(
    r"(?:mailer|mail|mailing|mailer-system)[-_.]?daemon|maildaemon|mdaemon|mmdf|postmaster|exim"
    r"|mail[-_.]?delivery.*|mail[-_.]?system|microsoftexchange.*|double-bounce|mail-?admin"
)
_SYSTEM_NAME: Final = re.compile(
    r"mail(?:er)?[- ]?(?:delivery|daemon|system|administrator)|delivery (?:sub)?system|postmaster"
    r"|system administrator|systemadministrator"
)
_FAILED: Final = re.compile(
    r"undeliver|not (?:be |been )?(?:successfully )?delivered|n['’]t (?:be )?deliver"
    r"|\b(?:unable|not able|n['’]t able|failed) to (?:be )?deliver|\bcannot (?:be )?deliver"
    r"|\bcould not (?:be )?(?:deliver|send|reach)|\bdelivery[^.\n]{0,80}\bfail|\bfailure notice"
    r"|\bfailed recipient|\bpermanent(?:ly)?\b[^.\n]{0,20}\b(?:error|fail|reject)|\bfatal error"
    r"|\breturn(?:ed|ing) (?:mail|message|to sender)|\bmail[^.\n]{0,20}\bfail|\bgiven up\b"
    r"|\bgiving up\b|\bdid ?n[o'’]t reach|\b(?:was|been|were) (?:rejected|bounced|refused)"
    r"|nicht (?:zugestellt|zustellbar)|unzustellbar|zustellung[^.\n]{0,40}fehl"
    r"|inte (?:levereras|leverera)|olever|ei (?:voitu|voida|ole voitu)[^.\n]{0,20}toimitt"
    r"|toimitus[^.\n]{0,40}epäonn|toimittam(?:aton|atta)|non remis|pas pu être|no se (?:ha )?pud"
)
_LATER: Final = re.compile(
    r"\bwarning:? (?:message|could not send)|\bwarning message only|\bnot yet (?:been |be )?deliver"
    r"|\bnot been delivered yet|\bdelivery attempts will|\bwill (?:be retried|keep trying|try"
    r"|continue|retry)|\bstill (?:being )?(?:trying|tried|queued)"
    r"|\bno action is (?:required|needed)"
    r"|\bdo not need to resend|\bdelivery (?:is |has been |was |status notification \()?delay"
    r"|\b(?:message|mail)[^.\n]{0,40}\bdelayed\b|\btemporarily deferred"
    r"|verzögert|fördröj|försena|viivästy"
)
_AWAY: Final = re.compile(
    r"\bauto(?:matic|mated)?[- ]?(?:reply|response|svar|antwort|vastaus)|\bout of (?:the )?office"
    r"|\bautomatis(?:che|k|kt)[^.\n]{0,12}\b(?:antwort|svar)|automaattinen vastaus|abwesen|frånvaro"
    r"|poissa|\bon (?:leave|holiday|vacation)|\bvacation\b|semester\b|lomalla"
)
_OF_AUTOMATS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
# Behind one of these stands the mail itself, or what is left of it.
_COPY: Final = re.compile(
    r"^[-=_* ]*(?:this is a copy of (?:the|your) message|below this line is a copy"
    r"|(?:the )?(?:body|headers?) of (?:the|your) (?:original )?message|original message"
    r"|returned message|message headers? follow|unsent message below|undelivered message)"
    r"|^return-path:|^received:",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS: Final = re.compile(r"(?:\b5\d\d[ -]#?)?(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.]*\d)[^\n]*")
_REPLY: Final = re.compile(r"(?<![\d.#])5[0-7]\d[ -][^\n]*[a-z][^\n]*", re.IGNORECASE)


def plain_failure(mail: Message, text: str) -> str | None:
    """Return why a mail came back, in the words of the report; None if it is no such report."""
    if says_it_is_no_failure(mail, text):
        return None
    subject, said = _subject(mail), before_the_copy(text)
    is_told = _FAILED.search(f"{subject}\n{said.lower()}") or mail[FAILED_RECIPIENTS]
    if is_from_mail_system(mail):
        found = _STATUS.search(said) or (_REPLY.search(said) if is_told else None)
    elif _has_no_sender(mail) and _FAILED.search(subject):
        found = _STATUS.search(said) or _REPLY.search(said)
    else:
        return None
    if found is None and not is_told:
        return None
    return (storable(found[0]) if found else "") or CAME_BACK


def is_from_mail_system(mail: Message) -> bool:
    """Tell whether a mail is from a machine that carries mail."""
    if mail[FAILED_RECIPIENTS]:
        return True
    name, address = parseaddr(str(mail["From"] or ""))
    local = address.partition("@")[0].lower()
    return bool(_SYSTEM_ADDRESS.fullmatch(local) or _SYSTEM_NAME.search(name.lower()))


def claims_a_failure(mail: Message) -> bool:
    """Tell whether a mail's subject says that something was not delivered."""
    return _FAILED.search(_subject(mail)) is not None


def says_it_is_no_failure(mail: Message, text: str) -> bool:
    """Tell whether a mail is about a delay, or is somebody's automatic reply."""
    subject, said = _subject(mail), before_the_copy(text).lower()
    if _LATER.search(subject) or _LATER.search(said):
        return True
    if is_from_mail_system(mail):
        return False
    replied = str(mail["Auto-Submitted"] or "").strip().lower().startswith("auto-replied")
    is_automat = any(mail[name] for name in _OF_AUTOMATS)
    return is_automat or bool(_AWAY.search(subject)) or (replied and not claims_a_failure(mail))


def before_the_copy(text: str) -> str:
    """Return what a report says itself, without the mail that it returns."""
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def _subject(mail: Message) -> str:
    return " ".join(str(mail["Subject"] or "").lower().split())


def _has_no_sender(mail: Message) -> bool:
    """Tell whether nobody wants an answer: so reports are sent, and replies of automats too."""
    return str(mail["Return-Path"] or "").strip() == "<>"
