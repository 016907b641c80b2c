"""Unfinished answers under a key that only the holder of the survey link can derive."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from survey.errors import SealError
from survey.sealing.padding import pad, unpad
from survey.sealing.tokens import keyed_digest


def draft_id(token: str) -> bytes:
    """Return the name under which a token's draft lies; it does not lead to the invitation."""
    return keyed_digest(token, "draft-id")


def seal_draft(token: str, content: Mapping[str, Any]) -> bytes:
    """Return the content as ciphertext of one size."""
    return bytes(SecretBox(_draft_key(token)).encrypt(pad(content)))


def open_draft(token: str, ciphertext: bytes | memoryview) -> dict[str, Any]:
    """Return the content of a draft, or raise SealError if the token is not the draft's."""
    try:
        plaintext = SecretBox(_draft_key(token)).decrypt(bytes(ciphertext))
    except CryptoError as error:
        raise SealError(
            "Draft: expected a ciphertext under this token's key, found one that does not open."
        ) from error
    return unpad(plaintext)


def derive_key(secret: bytes, purpose: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA256 (RFC 5869) without salt: extract, then one block of expand."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, hashlib.sha256)
    return hmac.digest(extracted, purpose + b"\x01", hashlib.sha256)


def _draft_key(token: str) -> bytes:
    return derive_key(token.encode(), b"draft-key")
