"""The mark of a campaign in all its links alike, by which they tell what became of it."""

import base64
import secrets
from typing import Final

MARK_BYTES: Final = 10  # 80 bits, exactly 16 characters of base32: nobody finds one by trying


def new_link_mark() -> str:
    """Return a mark that nothing leads to: neither the campaign's number nor another mark."""
    return base64.b32encode(secrets.token_bytes(MARK_BYTES)).decode().lower()
