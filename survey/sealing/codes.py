"""Codes on paper for staff without e-mail: random, printed once, stored nowhere.

All codes of a sheet come from one seed, which is drawn for the form that asks for them and which
no table has: the form handed in twice gives the same sheet, and nobody else can. The square on a
slip carries a survey token of full strength. Beside it stands a shorter code that people can type:
it opens the box in which the token lies, so that both lead to the same place.
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
SEED_BYTES: Final = 32
GROUP: Final = 4  # characters; people read and type groups of four
ALPHABET: Final = frozenset("abcdefghijklmnopqrstuvwxyz234567")
MISREAD: Final = str.maketrans("018", "olb")  # base32 has none of these digits


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What a slip carries: the token in its square, and the code to type."""

    token: str = field(repr=False)
    text: str = field(repr=False)


def new_seed() -> str:
    """Return what the codes of one sheet are drawn from."""
    return secrets.token_hex(SEED_BYTES)


def codes_of(seed: str, sheet: str, count: int) -> tuple[PaperCode, ...]:
    """Return tokens and codes as random as the seed; none leads to another without it.

    sheet: for whom they are, so that one seed never gives two groups the same codes.
    """
    return tuple(
        PaperCode(
            _drawn(seed, f"token {number} of {sheet}", TOKEN_BYTES),
            _drawn(seed, f"code {number} of {sheet}", CODE_BYTES),
        )
        for number in range(count)
    )


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


def _drawn(seed: str, purpose: str, size: int) -> str:
    drawn = derive_key(seed.encode(), f"sheet of codes: {purpose}".encode())
    return base64.b32encode(drawn[:size]).decode().lower()


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
