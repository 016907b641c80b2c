"""Entries of the ledger are written through one door, and no page forgets to say who it was."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from survey.models import Action
from tests.architecture.sources import modules, tree_of

DOOR = "survey.services.ledger"
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "add", "set"}


def _writes_entries(path: Path) -> bool:
    """Whether a module makes an entry itself, by the table or by whose entries they are."""
    return any(
        isinstance(node, ast.Call) and _makes_entry(node.func) for node in ast.walk(tree_of(path))
    )


def _makes_entry(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "LedgerEntry"
    if not isinstance(called, ast.Attribute) or called.attr not in WRITES:
        return False
    owner = ast.unparse(called.value)
    return "LedgerEntry" in owner or owner.endswith(".ledger")


def test_only_the_service_of_the_ledger_makes_entries() -> None:
    assert {name for name, path in modules().items() if _writes_entries(path)} == {DOOR}


def test_every_action_is_noted_by_something() -> None:
    named = {
        node.attr
        for name, path in modules().items()
        if ".services" in name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) == "Action"
        and node.attr.isupper()
    }

    assert named == set(Action.__members__)


def _calls_of_views() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call in a view of something that asks who does it."""
    for name, path in modules().items():
        if "views" not in name.split("."):
            continue
        module = import_module(name)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and _may_forget(_found(module, node.func)):
                yield name, node


def _may_forget(called: object) -> bool:
    """Whether something asks who does it, and goes on where it is not told."""
    if not inspect.isfunction(called):
        return False
    by = inspect.signature(called).parameters.get("by")
    return by is not None and by.default is not inspect.Parameter.empty


def _found(owner: Any, called: ast.expr) -> Any:  # noqa: ANN401
    if isinstance(called, ast.Attribute):
        return getattr(_found(owner, called.value), called.attr, None)
    return getattr(owner, called.id, None) if isinstance(called, ast.Name) else None


def test_every_page_says_who_it_was() -> None:
    calls = list(_calls_of_views())
    forgotten = [
        f"{name}: {ast.unparse(call)[:60]}"
        for name, call in calls
        if "by" not in {keyword.arg for keyword in call.keywords}
    ]

    assert len(calls) > 12
    assert forgotten == []
