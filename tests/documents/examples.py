"""A small value of every stored type, what its type looks like, and the files that hold both."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from survey.documents.canonical_json import content_digest
from survey.documents.versions import DocumentKind
from tests.places import ROOT

FOLDER = ROOT / "tests" / "documents"


def example_of(hint: Any, name: str = "text", place: int = 0) -> Any:  # noqa: ANN401
    """Return a value with something in every field; the second of two has nothing where it may."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        known = next(kind for kind in arguments if kind is not NoneType)
        return None if place else example_of(known, name)
    if origin in {tuple, frozenset}:
        return origin(example_of(arguments[0], f"{name} {one + 1}", one) for one in range(2))
    if origin is not None:
        return {f"{name} {one + 1}": example_of(arguments[1], name, one) for one in range(2)}
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: example_of(hints[field.name], field.name, place)
                       for field in fields(hint)})  # fmt: skip
    if issubclass(hint, Enum):
        return list(hint)[place]
    if name == "score":  # points well inside the scale: at its ends no interval is kept
        place += 3
    return {str: name, int: place + 2, float: place + 0.25, bool: not place}[hint]


def shape_of(hint: Any) -> Any:  # noqa: ANN401
    """Return what a stored type looks like: its fields, all the way down."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return ["nothing or", *(shape_of(kind) for kind in arguments if kind is not NoneType)]
    if origin is not None:
        kind = "named" if issubclass(origin, Mapping) else origin.__name__
        return [kind, *(shape_of(one) for one in arguments if one is not Ellipsis)]
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return {field.name: shape_of(hints[field.name]) for field in fields(hint)}
    if issubclass(hint, Enum):
        return ["one of", *sorted(member.value for member in hint)]
    return hint.__name__


def shape_digest(kind: DocumentKind[Any]) -> str:
    """Return the fingerprint of what a kind's content looks like today."""
    return content_digest(shape_of(kind.hint))


def golden_path(kind: DocumentKind[Any], version: int, *, read: bool = False) -> Path:
    """Return where a stored document of a version lies, or what it is read as by now."""
    name = kind.name.replace(" ", "_")
    return FOLDER / f"v{version}" / (f"{name}.read.json" if read else f"{name}.json")


def golden(kind: DocumentKind[Any], version: int) -> Any:  # noqa: ANN401
    """Return the document of a kind as that version stored it."""
    return json.loads(golden_path(kind, version).read_text(encoding="utf-8"))["document"]


def golden_shape(kind: DocumentKind[Any], version: int) -> str:
    """Return the fingerprint of what a kind looked like in a version."""
    stored = json.loads(golden_path(kind, version).read_text(encoding="utf-8"))
    return str(stored["shape"])
