"""The one form of JSON that fingerprints are made of."""

import hashlib
import json
from typing import Any


def canonical_json(content: Any) -> bytes:  # noqa: ANN401
    """Return plain values as JSON in UTF-8, fields by their names and without a blank.

    Every fingerprint that is stored or published rests on these bytes: they never change.

    >>> canonical_json({"b": [1, 2.5, None], "a": "ä"}).decode()
    '{"a":"ä","b":[1,2.5,null]}'
    """
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_digest(content: Any) -> str:  # noqa: ANN401
    """Return the SHA-256 of plain values in canonical form, as 64 hexadecimal characters.

    >>> content_digest({"b": 1, "a": 2}) == content_digest({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(canonical_json(content)).hexdigest()
