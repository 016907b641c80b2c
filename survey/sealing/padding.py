"""One size for every plaintext, so that no length tells how much was answered."""

import json
from collections.abc import Mapping
from typing import Any, Final

from survey.errors import SealError

PLAINTEXT_SIZE: Final = 4096  # bytes; room for about 300 items with their background answers


def pad(payload: Mapping[str, Any]) -> bytes:
    """Return the payload as JSON, filled up with spaces to the one size.

    >>> len(pad({"answers": {"TF1": 4}})) == len(pad({})) == PLAINTEXT_SIZE
    True
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > PLAINTEXT_SIZE:
        raise SealError(
            f"Answers do not fit: expected at most {PLAINTEXT_SIZE} bytes, found {len(text)}."
        )
    return text.ljust(PLAINTEXT_SIZE)


def unpad(plaintext: bytes) -> dict[str, Any]:
    """Return the payload that pad() was given.

    >>> unpad(pad({"TF1": None}))
    {'TF1': None}
    """
    if len(plaintext) != PLAINTEXT_SIZE:
        raise SealError(
            f"Answers are damaged: expected {PLAINTEXT_SIZE} bytes, found {len(plaintext)}."
        )
    payload: dict[str, Any] = json.loads(plaintext)
    return payload
