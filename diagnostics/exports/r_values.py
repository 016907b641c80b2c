"""Plain values written as R reads them."""

from collections.abc import Mapping


def r_value(value: object) -> str:
    """Return a value as an R expression: numbers, texts, vectors of them, and lists.

    >>> r_value({"e": (2.0, 4.1, 6), "code": "TF", "is_set": True})
    'list("e" = c(2.0, 4.1, 6), "code" = "TF", "is_set" = TRUE)'
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        named = [f"{_text(str(key))} = {r_value(entry)}" for key, entry in value.items()]
        return f"list({', '.join(named)})"
    if isinstance(value, tuple | list):
        if any(isinstance(entry, Mapping | tuple | list) for entry in value):
            return f"list({', '.join(r_value(entry) for entry in value)})"
        return f"c({', '.join(r_value(entry) for entry in value)})" if value else "character(0)"
    raise TypeError(f"expected numbers, texts, tuples and mappings, found {type(value).__name__}")


def r_parameters(parameters: Mapping[str, object]) -> bytes:
    """Return a script that holds parameters, one a line, in ASCII: no locale can misread it."""
    lines = [f"    {r_value(name)} = {r_value(entry)}" for name, entry in parameters.items()]
    return ("parameters <- list(\n" + ",\n".join(lines) + "\n)\n").encode("ascii")


def _text(text: str) -> str:
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    """Return a character between quotes; R knows no pairs of surrogates, but eight digits."""
    if sign in '"\\':
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08x}"
