"""Sealed boxes (X25519, XSalsa20-Poly1305): anyone can seal, only the private key opens.

Source: libsodium, sealed boxes, https://doc.libsodium.org/public-key_cryptography/sealed_boxes
"""

from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from survey.errors import SealError
from survey.sealing.padding import pad, unpad


def seal(public_key: bytes | memoryview, payload: Mapping[str, Any]) -> bytes:
    """Return a box of one size whatever the payload holds."""
    return bytes(SealedBox(PublicKey(bytes(public_key))).encrypt(pad(payload)))


def open_box(private_key: bytes, box: bytes | memoryview) -> dict[str, Any]:
    """Return the payload of a box, or raise SealError if it is not for this key."""
    try:
        plaintext = SealedBox(PrivateKey(private_key)).decrypt(bytes(box))
    except CryptoError as error:
        raise SealError(
            "Ballot: expected a box sealed for this campaign's key, found one that does not open."
        ) from error
    return unpad(plaintext)
