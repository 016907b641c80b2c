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


def _functions_of_services() -> Iterator[tuple[str, Any]]:
    for name in modules():
        if "services" in name.split("."):
            module = import_module(name)
            for function in vars(module).values():
                if inspect.isfunction(function) and function.__module__ == name:
                    yield f"{name}.{function.__name__}", function


def test_every_service_that_asks_who_it_was_is_told() -> None:
    asking = {
        name: inspect.signature(function).parameters["by"]
        for name, function in _functions_of_services()
        if "by" in inspect.signature(function).parameters
    }

    assert len(asking) > 40
    assert [name for name, by in asking.items() if by.default is not inspect.Parameter.empty] == []
