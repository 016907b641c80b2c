"""Survey tokens: derived from a campaign's token key, stored nowhere but as a hash."""

import base64
import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

from django.conf import settings

TOKEN_BYTES: Final = 20  # 160 bits, exactly 32 characters of base32 without spare bits
TOKEN_PATTERN: Final = re.compile(r"[a-z2-7]{32}")


def derive_token(token_key: bytes, invitation_id: UUID) -> str:
    """Return the invitation's token: HMAC-SHA256 under the token key, as base32.

    The same key and invitation always give the same token, so that a reminder needs no copy of it.

    >>> derive_token(bytes(32), UUID(int=0))
    'zoyyh6zuf52yi2nn3gwkvy4sk2lwsgva'
    """
    digest = hmac.digest(token_key, b"token" + invitation_id.bytes, hashlib.sha256)
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().lower()


def is_well_formed(token: str) -> bool:
    """Tell whether a text could be a token at all.

    >>> is_well_formed("a" * 32), is_well_formed("A" * 32), is_well_formed("a" * 31)
    (True, False, False)
    """
    return TOKEN_PATTERN.fullmatch(token) is not None


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token, the only form in which the database knows it."""
    return hashlib.sha256(token.encode()).digest()


def keyed_digest(token: str, purpose: str) -> bytes:
    """Return HMAC-SHA256 of a purpose under the token: 32 bytes that do not lead back to it."""
    return hmac.digest(token.encode(), purpose.encode(), hashlib.sha256)


def survey_link(token: str) -> str:
    """Return the address that a respondent opens; built from SITE_URL, never from a request."""
    return f"{settings.SITE_URL}/s/{token}"
