"""Plain JSON documents of frozen dataclasses, and the way back."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]
# What a plain type may be in JSON, which knows numbers only: a whole one may stand for a float.
PLAIN: Final[Mapping[Any, tuple[type, ...]]] = {
    str: (str,), int: (int,), bool: (bool,), float: (float, int),
}  # fmt: skip
NAMES: Final[Mapping[type, str]] = {
    str: "a text", int: "a whole number", bool: "true or false", float: "a number",
    list: "a list", dict: "named fields", NoneType: "nothing",
}  # fmt: skip


class DocumentError(ValueError):
    """A value is not what a document can hold, or a document not what its result needs.

    The message says what was expected, what kind of thing was found and where, never a value.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = ""

    def __str__(self) -> str:
        where = self.where.removeprefix(".")
        return f"{where}: {self.problem}" if where else self.problem

    def within(self, step: str) -> "DocumentError":
        """Return the same, seen from the value around the one at fault."""
        self.where = step + self.where
        return self


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


def from_document(hint: Any, document: Any) -> Any:  # noqa: ANN401
    """Return what `to_document` was given, or raise DocumentError; the hint is its type.

    >>> from diagnostics.scoring.results import Interval
    >>> from_document(tuple[Interval, ...], [{"low": 3.5, "high": 4.0}])
    (Interval(low=3.5, high=4.0),)
    """
    return _reader(hint)(document)


@cache
def _reader(hint: Any) -> Reader:  # noqa: ANN401
    """Return what reads documents of one type; made once, as looking types up is slow."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return _plain_reader(hint)
    if origin in {Union, UnionType}:
        (known,) = (kind for kind in arguments if kind is not NoneType)
        reader = _reader(known)
        return lambda document: None if document is None else reader(document)
    if origin in {tuple, frozenset}:
        return _list_reader(origin, _reader(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(_reader(arguments[1]))
    if is_dataclass(hint):
        return _fields_reader(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_reader(hint)
    raise TypeError(f"expected a type that documents hold, found {hint}")


def _plain_reader(kind: Any) -> Reader:  # noqa: ANN401
    allowed = PLAIN[kind]

    def read(document: Any) -> Any:  # noqa: ANN401
        if type(document) not in allowed:
            raise _misfit(NAMES[kind], document)
        return float(document) if kind is float else document

    return read


def _enum_reader(kind: type[Enum]) -> Reader:
    known = {member.value: member for member in kind}

    def read(document: Any) -> Any:  # noqa: ANN401
        if not isinstance(document, str):
            raise _misfit("a text", document)
        if document not in known:
            raise DocumentError(f"expected one of {', '.join(known)}, found another text")
        return known[document]

    return read


def _list_reader(kind: Callable[[list[Any]], Any], reader: Reader) -> Reader:
    def read(document: Any) -> Any:  # noqa: ANN401
        if not isinstance(document, list):
            raise _misfit("a list", document)
        found: list[Any] = []
        try:
            found.extend(map(reader, document))
        except DocumentError as error:
            raise error.within(f"[{len(found)}]") from None
        return kind(found)

    return read


def _mapping_reader(reader: Reader) -> Reader:
    def read(document: Any) -> Any:  # noqa: ANN401
        if not isinstance(document, dict):
            raise _misfit("named fields", document)
        found = {}
        for place, (key, entry) in enumerate(document.items()):
            try:
                found[key] = reader(entry)
            except DocumentError as error:
                # By its place: a key may be what somebody wrote.
                raise error.within(f"{{{place}}}") from None
        return found

    return read


def _fields_reader(kind: Any) -> Reader:  # noqa: ANN401
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}

    def read(document: Any) -> Any:  # noqa: ANN401
        if not isinstance(document, dict):
            raise _misfit("named fields", document)
        if document.keys() != readers.keys():
            missing = ", ".join(name for name in readers if name not in document) or "none"
            unknown = len(document.keys() - readers.keys())
            raise DocumentError(
                f"expected the fields {', '.join(readers)}, found missing: {missing}, "
                f"unknown: {unknown}"
            )
        found = {}
        for name, reader in readers.items():
            try:
                found[name] = reader(document[name])
            except DocumentError as error:
                raise error.within(f".{name}") from None
        return kind(**found)

    return read


def _misfit(expected: str, document: object) -> DocumentError:
    return DocumentError(f"expected {expected}, found {NAMES.get(type(document), 'another thing')}")
