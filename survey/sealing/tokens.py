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
MARK_SIGN: Final = "-"  # between token and mark; neither holds one


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


def survey_link(token: str, mark: str = "") -> str:
    """Return the address that a respondent opens; built from SITE_URL, never from a request.

    mark: the campaign's, by which a link whose token is gone still tells what became of it.
    """
    return f"{settings.SITE_URL}/s/{marked_token(token, mark)}"


def marked_token(token: str, mark: str) -> str:
    """Return what stands in a link: the token first, so that one that is cut off still works."""
    return f"{token}{MARK_SIGN}{mark}" if mark else token


def split_link(text: str) -> tuple[str, str]:
    """Return token and mark of what stands in a link; links of earlier versions have no mark.

    >>> split_link("zoyyh6zuf52yi2nn3gwkvy4sk2lwsgva-abcdefghijklmnop")
    ('zoyyh6zuf52yi2nn3gwkvy4sk2lwsgva', 'abcdefghijklmnop')
    >>> split_link("zoyyh6zuf52yi2nn3gwkvy4sk2lwsgva")
    ('zoyyh6zuf52yi2nn3gwkvy4sk2lwsgva', '')
    """
    token, _sign, mark = text.partition(MARK_SIGN)
    return token, mark
