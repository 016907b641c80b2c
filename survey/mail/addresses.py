"""E-mail addresses as they are sent: checked, encoded and compared in that one form.

What is stored is what the mail server gets: lower case, a domain of other letters in its encoded
form (xn--...). So one address has one spelling here, and two rows cannot hide one behind another;
which addresses share a mailbox, `survey.mail.folded_addresses` says.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.import_files.problems import quoted
from survey.invisible_characters import described_at, unseen_place

LENGTH: Final = 254  # characters, RFC 5321, section 4.5.3.1.3
LABEL: Final = 63  # characters between two dots of a domain, RFC 1035, section 2.3.4
# Quoted names have many spellings for one mailbox, and few servers take them.
QUOTING: Final = frozenset('"\\')
MIME_WORD: Final = "=?"  # how an encoded word begins, which Python reads in addresses too
# What a character or a number looks like in a stored fault.
CHARACTER: Final = re.compile(r"([1-9]\d{0,2}) U\+(10[0-9A-F]{4}|[0-9A-F]{4,5})", re.ASCII)
NUMBER: Final = re.compile(r"[0-9]{1,9}")


class FaultKind(StrEnum):
    """Why an address cannot be written to; stored with mails, so the values stay."""

    SHAPE = "shape"
    UNSEEN = "unseen"
    LETTERS = "letters"
    DOMAIN = "domain"
    LENGTH = "length"
    CHANGES = "changes"


DETAILS: Final = {
    FaultKind.UNSEEN: CHARACTER,
    FaultKind.LETTERS: CHARACTER,
    FaultKind.LENGTH: NUMBER,
}


@dataclass(frozen=True, slots=True)
class AddressFault:
    """What is wrong with an address; the detail is a number, a character or a text.

    >>> str(AddressFault(FaultKind.UNSEEN, "17 U+202C"))
    'unseen: 17 U+202C'
    """

    kind: FaultKind
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"

    @classmethod
    def read(cls, stored: str) -> "AddressFault | None":
        """Return the fault that a stored text is, None if it is none: mail servers choose theirs.

        >>> AddressFault.read("length: 300"), AddressFault.read("length: long")
        (AddressFault(kind=<FaultKind.LENGTH: 'length'>, detail='300'), None)
        """
        kind, _separator, detail = stored.partition(": ")
        if kind not in set(FaultKind):
            return None
        shape = DETAILS.get(FaultKind(kind))
        return cls(FaultKind(kind), detail) if shape is None or shape.fullmatch(detail) else None

    @property
    def expected(self) -> str:
        """What was expected, in the language in force."""
        return {
            FaultKind.SHAPE: _("an e-mail address"),
            FaultKind.UNSEEN: _("an address without spaces and invisible characters"),
            FaultKind.LETTERS: _("only the letters a to z, digits and signs before the @"),
            FaultKind.DOMAIN: _("a domain with 1 to %d letters between its dots, as it is sent")
            % LABEL,
            FaultKind.LENGTH: _("at most %d characters") % LENGTH,
            FaultKind.CHANGES: _("an address that stays the same when it is sent"),
        }[self.kind]

    @property
    def found(self) -> str:
        """What was found, in the language in force."""
        if self.kind in {FaultKind.UNSEEN, FaultKind.LETTERS}:
            place, _separator, code = self.detail.partition(" U+")
            return described_at(chr(int(code, 16)), int(place))
        if self.kind == FaultKind.LENGTH:
            return _("%d characters") % int(self.detail)
        if self.kind == FaultKind.CHANGES:
            return _("one that would go to %s, perhaps somebody else") % self.detail
        return quoted(self.detail)


class AddressError(InputError):
    """An address cannot be written to; says why."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        self.fault = AddressFault(kind, detail)
        super().__init__(kind, detail)

    def __str__(self) -> str:
        return _("Address: expected %(expected)s, found %(found)s.") % {
            "expected": self.fault.expected,
            "found": self.fault.found,
        }


def address_as_sent(typed: str) -> str:
    """Return the address as mails to it are sent and as it is stored, or raise AddressError.

    >>> address_as_sent(" Anna@Example.com "), address_as_sent("anna@bücher.example")
    ('anna@example.com', 'anna@xn--bcher-kva.example')
    """
    text = typed.strip()
    if len(text) > 2 * LENGTH:  # no encoding makes it short enough
        raise AddressError(FaultKind.LENGTH, str(len(text)))
    name, _at, domain = text.rpartition("@")
    if not name or not domain:
        raise AddressError(FaultKind.SHAPE, text)
    if (unseen := unseen_place(text)) is not None:
        raise _character_error(FaultKind.UNSEEN, text, unseen)
    for place, letter in enumerate(name):
        # Letters beyond ASCII would need SMTPUTF8, which mails here do not ask for; Django would
        # send the mail to a mailbox that is called "=?utf-8?...?=".
        if not letter.isascii() or letter in QUOTING:
            raise _character_error(FaultKind.LETTERS, text, place)
    address = f"{name.lower()}@{_domain_as_sent(name.lower(), domain)}"
    if len(address) > LENGTH:
        raise AddressError(FaultKind.LENGTH, str(len(address)))
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressError(FaultKind.SHAPE, text) from error
    _require_proof(address)
    return address


def address_key(typed: str) -> str:
    """Return the form by which an address is looked up; one that cannot be sent only meets itself.

    Accounts may be older than the rule, and their owners still sign in.
    """
    try:
        return address_as_sent(typed)
    except AddressError:
        return typed.strip().lower()


def _character_error(kind: FaultKind, text: str, place: int) -> AddressError:
    return AddressError(kind, f"{place + 1} U+{ord(text[place]):04X}")


def _domain_as_sent(name: str, typed: str) -> str:
    """Return a domain in ASCII, if encoding and decoding it gives the same domain.

    IDNA 2003, which Django encodes by, turns straße.de into strasse.de: somebody else's.
    """
    domain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).lower())
    if domain.isascii():
        if any(not 0 < len(label) <= LABEL for label in domain.split(".")):
            raise AddressError(FaultKind.DOMAIN, domain)
        return domain
    try:
        encoded = domain.encode("idna").decode("ascii")
        decoded = encoded.encode("ascii").decode("idna")
    except UnicodeError as error:
        raise AddressError(FaultKind.DOMAIN, domain) from error
    if decoded != domain:
        raise AddressError(FaultKind.CHANGES, f"{name}@{encoded}")
    return encoded


def _require_proof(address: str) -> None:
    """Compose envelope and header as Django does; both must hold the address as it went in.

    Raises AddressError for =?utf-8?q?anna?=@example.com: that mail would go to anna@example.com.
    """
    if MIME_WORD not in address:  # nothing else changes, and the trial takes its time
        return
    try:
        envelope = sanitize_address(address, "utf-8")
        header = str(EmailMessage(to=[address], from_email="a@example.com").message()["To"])
    except (ValueError, IndexError, LookupError) as error:
        raise AddressError(FaultKind.SHAPE, address) from error
    for sent in (envelope, header):
        if sent != address:
            raise AddressError(FaultKind.CHANGES, sent)
