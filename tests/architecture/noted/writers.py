"""Which services write, and what of it reaches the ledger, as their code says.

A function writes, or notes an action, where it does so itself or names a function of the product
that does: one that it calls, hands over, or leaves to the worker. That is more than really happens
at each call, and never less but where a name is made up while it runs.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from django.core.management import BaseCommand
from django.utils.module_loading import import_string
from django_tasks.base import Task

from survey.models import Action
from tests.architecture.sources import PACKAGES, modules, tree_of

Function = Callable[..., Any]
WRITES: Final = frozenset({
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete",
})  # fmt: skip
NOTED_BY: Final = "survey.services.ledger"  # what writes entries is no writing of its own


def services_that_write() -> dict[str, frozenset[Action]]:
    """Return every public function of a service and every command that writes, and its actions."""
    return {
        name: reached_actions(function)
        for name, function in _doors()
        if any(_writes(each) for each in _reached(function))
    }


def reached_actions(function: Function) -> frozenset[Action]:
    """Return the actions that a function, or what it names, speaks of."""
    return frozenset(action for each in _reached(function) for action in _actions(each))


def _doors() -> Iterator[tuple[str, Function]]:
    for name in modules():
        if name == NOTED_BY:
            continue
        if "services" in name.split("."):
            for function in vars(import_module(name)).values():
                plain = _product_function(function)
                if plain and plain.__module__ == name and not plain.__name__.startswith("_"):
                    yield f"{name}.{plain.__name__}", plain
        if ".management.commands." in name:
            command = getattr(import_module(name), "Command", None)
            if inspect.isclass(command) and issubclass(command, BaseCommand):
                yield name, command.handle


@cache
def _reached(function: Function) -> frozenset[Function]:
    """Return a function with all that it leads to."""
    found, open_ends = {function}, [function]
    while open_ends:
        new = _named(open_ends.pop()) - found
        found |= new
        open_ends += new
    return frozenset(found)


@cache
def _named(function: Function) -> frozenset[Function]:
    """Return the functions of the product that a function names itself."""
    return frozenset(
        plain
        for value in _values(function)
        for one in (_members(value))
        if (plain := _product_function(one)) and plain.__module__ != NOTED_BY
    )


def _members(value: object) -> Iterator[object]:
    """Yield a value, or what is in it where it is a table of functions."""
    if isinstance(value, tuple | list):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    else:
        yield value


def _values(function: Function) -> Iterator[object]:
    module = inspect.getmodule(function)
    node = _node(function)
    if module is None or node is None:
        return
    local = _local_imports(node)
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute):
            yield _found(module, local, part)
        if isinstance(part, ast.Constant) and _names_a_task(part.value):
            yield import_string(str(part.value))


def _names_a_task(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("survey.tasks.", "diagnostics.tasks."))


def _local_imports(node: ast.AST) -> dict[str, Any]:
    """Return what a function imports by itself, to keep modules apart."""
    return {
        alias.asname or alias.name: getattr(import_module(part.module), alias.name, None)
        for part in ast.walk(node)
        if isinstance(part, ast.ImportFrom) and part.module
        for alias in part.names
    }


def _found(module: ModuleType, local: dict[str, Any], named: ast.expr) -> Any:  # noqa: ANN401
    if isinstance(named, ast.Attribute):
        owner = _found(module, local, named.value)
        return getattr(owner, named.attr, None) if inspect.ismodule(owner) else None
    if isinstance(named, ast.Name):
        return local.get(named.id, vars(module).get(named.id))
    return None


def _product_function(value: object) -> Function | None:
    """Return a function of the product without its decorators."""
    value = value.func if isinstance(value, Task) else value
    if not inspect.isfunction(value):
        return None
    plain = inspect.unwrap(value)
    return plain if plain.__module__.split(".")[0] in PACKAGES else None


@cache
def _node(function: Function) -> ast.AST | None:
    """Return the code of a function."""
    path = modules().get(function.__module__)
    line = function.__code__.co_firstlineno
    for node in ast.walk(tree_of(path)) if path else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if first <= line <= node.lineno and node.name == function.__name__:
                return node
    return None


@cache
def _writes(function: Function) -> bool:
    node = _node(function)
    return node is not None and any(
        isinstance(part, ast.Call) and _is_write(part) for part in ast.walk(node)
    )


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    # A dictionary or a hash is updated by something in brackets, rows of a table by name.
    return call.func.attr in WRITES or (
        call.func.attr == "update" and not call.args and bool(call.keywords)
    )


@cache
def _actions(function: Function) -> frozenset[Action]:
    is_service = "services" in function.__module__.split(".")  # selectors look for entries only
    node = _node(function) if is_service else None
    return frozenset(
        Action[part.attr]
        for part in (ast.walk(node) if node else ())
        if isinstance(part, ast.Attribute)
        and isinstance(part.value, ast.Name)
        and part.value.id == "Action"
        and part.attr in Action.__members__
    )
