"""Codes on paper for staff without e-mail: random, printed once, stored nowhere.

The square on a slip carries a survey token of full strength. Beside it stands a shorter code that
people can type: it opens the box in which the token lies, so that both lead to the same place.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey.errors import SealError
from survey.sealing.drafts import derive_key
from survey.sealing.tokens import TOKEN_BYTES

CODE_BYTES: Final = 10  # 80 bits, exactly 16 characters of base32
CODE_LENGTH: Final = 16
GROUP: Final = 4  # characters; people read and type groups of four
ALPHABET: Final = frozenset("abcdefghijklmnopqrstuvwxyz234567")
MISREAD: Final = str.maketrans("018", "olb")  # base32 has none of these digits


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What a slip carries: the token in its square, and the code to type."""

    token: str = field(repr=False)
    text: str = field(repr=False)


def new_code() -> PaperCode:
    """Return a random token and a random code; neither leads to the other without the box."""
    return PaperCode(_random_text(TOKEN_BYTES), _random_text(CODE_BYTES))


def code_hash(code: str) -> bytes:
    """Return the SHA-256 of a code, the only form in which the database knows it."""
    return hashlib.sha256(b"code on paper " + code.encode()).digest()


def seal_token(code: PaperCode) -> bytes:
    """Return the token in a box that only the code opens."""
    return bytes(SecretBox(_box_key(code.text)).encrypt(code.token.encode()))


def open_token(code: str, box: bytes | memoryview) -> str:
    """Return the token behind a code, or raise SealError if the box is not the code's."""
    try:
        return bytes(SecretBox(_box_key(code)).decrypt(bytes(box))).decode()
    except CryptoError as error:
        raise SealError(
            "Code: expected a box under this code, found one that does not open."
        ) from error


def _box_key(code: str) -> bytes:
    return derive_key(code.encode(), b"token of a code on paper")


def _random_text(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode().lower()


def read_code(typed: str) -> str:
    """Return a code as somebody typed it, or "" if it cannot be one.

    >>> read_code(" ABCD-efgh ijkl-mn0p"), read_code("abcd")
    ('abcdefghijklmnop', '')
    """
    code = "".join(typed.lower().translate(MISREAD).replace("-", " ").split())
    return code if len(code) == CODE_LENGTH and set(code) <= ALPHABET else ""


def grouped(code: str) -> str:
    """Return a code as it is printed.

    >>> grouped("abcdefghijklmnop")
    'ABCD-EFGH-IJKL-MNOP'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP)).upper()
