"""Requests of other programs, signed with a secret that both sides know."""

import hmac
from hashlib import sha256
from typing import Final

HEADER: Final = "Rutin-Signature"
LIFE: Final = 300  # seconds; an older request may be a repeated one


def signature(body: bytes, *, secret: str, at: int) -> str:
    """Return the header's value for a body signed at a moment (seconds since 1970).

    >>> signature(b"{}", secret="known to both", at=1700000000)[:20]
    't=1700000000,v1=a709'
    """
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={digest}"


def is_signed(body: bytes, value: str, *, secret: str, now: float) -> bool:
    """Tell whether the header fits the body and is fresh."""
    stamp = value.partition(",")[0].removeprefix("t=")
    if not secret or not stamp.isdecimal() or len(stamp) > 12 or abs(now - int(stamp)) > LIFE:
        return False
    expected = signature(body, secret=secret, at=int(stamp))
    return hmac.compare_digest(expected.encode(), value.encode())
