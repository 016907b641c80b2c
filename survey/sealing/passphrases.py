"""A passphrase that wraps a campaign's private key: Argon2id stretches it, XSalsa20 wraps.

Source: libsodium, password hashing, https://doc.libsodium.org/password_hashing/default_phf
"""

import unicodedata
from typing import Final

from nacl import utils
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from survey.errors import SealError
from survey.sealing.drafts import derive_key

# Half a second and 256 MB a try. Never changed: campaigns under way were wrapped with them.
EFFORT: Final = argon2id.OPSLIMIT_MODERATE
MEMORY: Final = argon2id.MEMLIMIT_MODERATE
KEY_SIZE: Final = SecretBox.KEY_SIZE


def new_salt() -> bytes:
    """Return a random salt."""
    return bytes(utils.random(argon2id.SALTBYTES))


def stretch(passphrase: str, salt: bytes | memoryview) -> bytes:
    """Return 32 bytes that take long to find; blanks and ways of writing a letter do not count."""
    typed = " ".join(unicodedata.normalize("NFKC", passphrase).split())
    return bytes(argon2id.kdf(KEY_SIZE, typed.encode(), bytes(salt), EFFORT, MEMORY))


def check_of(stretched: bytes) -> bytes:
    """Return what tells whether a passphrase is right; it opens nothing."""
    return derive_key(stretched, b"passphrase-check")


def wrapping_key_of(stretched: bytes) -> bytes:
    """Return the key that wraps and unwraps."""
    return derive_key(stretched, b"passphrase-wrap")


def wrap(wrapping_key: bytes, private_key: bytes) -> bytes:
    """Return the private key under the wrapping key."""
    return bytes(SecretBox(wrapping_key).encrypt(private_key))


def unwrap(wrapping_key: bytes, wrapped: bytes) -> bytes:
    """Return the private key, or raise SealError if it was wrapped with another."""
    try:
        return bytes(SecretBox(wrapping_key).decrypt(wrapped))
    except CryptoError as error:
        raise SealError(
            "Private key: expected one wrapped with this passphrase, found one that does not open."
        ) from error


def worker_key(token_key: bytes) -> PrivateKey:
    """Return the key pair with which the worker alone reads what the web process hands over."""
    return PrivateKey(derive_key(token_key, b"handover"))


def hand_over(handover_key: bytes | memoryview, wrapping_key: bytes) -> bytes:
    """Return the wrapping key in a box that only the worker opens."""
    return bytes(SealedBox(PublicKey(bytes(handover_key))).encrypt(wrapping_key))


def take_over(token_key: bytes, handover: bytes | memoryview) -> bytes:
    """Return the wrapping key from its box, or raise SealError if it is not for this worker."""
    try:
        return bytes(SealedBox(worker_key(token_key)).decrypt(bytes(handover)))
    except CryptoError as error:
        raise SealError(
            "Passphrase: expected a box for this campaign's worker, found one that does not open."
        ) from error
