"""Plain JSON documents of frozen dataclasses, and the way back."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

Result = TypeVar("Result")
PLAIN: Final = frozenset({str, int, bool})  # as JSON gives them back


class DocumentError(ValueError):
    """A stored document does not have the shape of the result it should hold."""


def to_document(value: object) -> Any:  # noqa: ANN401
    """Return dictionaries, lists, text, numbers and None; a float that is no number is refused.

    >>> from diagnostics.scoring.results import Interval
    >>> to_document((Interval(3.5, 4.0), None))
    [{'low': 3.5, 'high': 4.0}, None]
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_document(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list | frozenset):
        entries = sorted(value) if isinstance(value, frozenset) else value
        return [to_document(entry) for entry in entries]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        raise DocumentError(f"expected a finite number or None, found {value}")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise DocumentError(f"expected a value that JSON can hold, found {type(value).__name__}")


def from_document(kind: type[Result], document: Any) -> Result:  # noqa: ANN401
    """Return the dataclass that `to_document` was given.

    >>> from diagnostics.scoring.results import Interval
    >>> from_document(Interval, {"low": 3.5, "high": 4.0})
    Interval(low=3.5, high=4.0)
    """
    result: Result = _read(kind, document, kind.__name__)
    return result


def _read(hint: Any, document: Any, where: str) -> Any:  # noqa: ANN401
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        if document is None:
            return None
        return _read(next(kind for kind in arguments if kind is not NoneType), document, where)
    if origin is tuple and arguments[0] in PLAIN:
        return tuple(document)
    if origin is tuple:
        return tuple(_read(arguments[0], entry, where) for entry in document)
    if origin is frozenset:
        return frozenset(_read(arguments[0], entry, where) for entry in document)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _read(arguments[1], entry, where) for key, entry in document.items()}
    if is_dataclass(hint):
        return _read_fields(hint, document, where)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(document)
    return float(document) if hint is float else document


def _read_fields(kind: Any, document: Any, where: str) -> Any:  # noqa: ANN401
    hints = _hints(kind)
    if not isinstance(document, Mapping) or document.keys() != hints.keys():
        found = sorted(document) if isinstance(document, Mapping) else type(document).__name__
        raise DocumentError(f"{where}: expected the fields {sorted(hints)}, found {found}")
    return kind(
        **{name: _read(hint, document[name], f"{where}.{name}") for name, hint in hints.items()}
    )


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Return the fields of a dataclass with their types; looked up once, as that is slow."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
