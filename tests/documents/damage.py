"""Stored documents that this version cannot read, each in another way."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Model

Damage = Callable[[Any], Any]


def of_a_newer_version(document: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document as a later version of Rutin would have stored it."""
    return {**document, "version": document["version"] + 2}


def without_a_field(document: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document that lacks its first field."""
    _, *others = document["content"]
    return {**document, "content": {name: document["content"][name] for name in others}}


def of_another_type(document: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document whose first field holds what no field holds."""
    first, *_ = document["content"]
    return {**document, "content": {**document["content"], first: [[None]]}}


DAMAGES: Final[tuple[Damage, ...]] = (of_a_newer_version, without_a_field, of_another_type)


def spoil(row: Model, field: str, damage: Damage) -> None:
    """Store a row with one of its documents damaged."""
    setattr(row, field, damage(getattr(row, field)))
    row.save(update_fields=[field])
