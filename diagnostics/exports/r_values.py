"""Plain values written as R reads them."""

import json
from collections.abc import Mapping


def r_value(value: object) -> str:
    """Return a value as an R expression: numbers, texts, vectors of them, and named lists.

    >>> r_value({"e": (2.0, 4.1, 6), "code": "TF", "is_set": True})
    'list("e" = c(2.0, 4.1, 6), "code" = "TF", "is_set" = TRUE)'
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping):
        named = [f"{json.dumps(str(key))} = {r_value(entry)}" for key, entry in value.items()]
        return f"list({', '.join(named)})"
    if isinstance(value, tuple | list):
        return f"c({', '.join(r_value(entry) for entry in value)})" if value else "character(0)"
    raise TypeError(f"expected numbers, texts, tuples and mappings, found {type(value).__name__}")
