"""Every public name of qca is documented: what goes in, what comes out, what it raises."""

import ast
import dataclasses
import inspect
import textwrap
from itertools import pairwise
from types import FunctionType

import pytest

import qca

FUNCTIONS = [name for name in qca.__all__ if inspect.isfunction(getattr(qca, name))]
CLASSES = [name for name in qca.__all__ if inspect.isclass(getattr(qca, name))]
CONSTANTS = {"FS_QCA_IDM", "IDM"}


def _document(name: str) -> str:
    return inspect.getdoc(getattr(qca, name)) or ""


def _sections(document: str) -> set[str]:
    lines = document.splitlines()
    return {line for line, under in pairwise(lines) if set(under) == {"-"}}


def _raises(function: FunctionType) -> bool:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(isinstance(node, ast.Raise) for node in ast.walk(tree))


def _may_raise(function: FunctionType, seen: frozenset[FunctionType] = frozenset()) -> bool:
    """Whether a function raises by itself or through a function of its package that it names."""
    if _raises(function) or "Raises" in _sections(inspect.getdoc(function) or ""):
        return True
    named = (function.__globals__.get(name) for name in function.__code__.co_names)
    return any(
        _may_raise(other, seen | {function})
        for other in named
        if isinstance(other, FunctionType)
        and other.__module__.startswith("qca.")
        and other not in seen | {function}
    )


def test_every_public_name_is_a_function_a_class_or_a_known_constant() -> None:
    assert set(qca.__all__) == {*FUNCTIONS, *CLASSES, *CONSTANTS}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_shows_its_use(name: str) -> None:
    document = _document(name)

    assert ">>> " in document
    assert {"Parameters", "Examples"} <= _sections(document)
    assert _sections(document) & {"Returns", "Yields"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_names_its_source_or_says_that_it_is_our_own(name: str) -> None:
    document = _document(name)

    assert "References" in _sections(document) or "Source: " in document


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_that_may_raise_says_what(name: str) -> None:
    if _may_raise(getattr(qca, name)):
        assert "Raises" in _sections(_document(name))


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_names_its_fields(name: str) -> None:
    kind, document = getattr(qca, name), _document(name)
    fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()

    assert document
    assert [field.name for field in fields if field.name not in document] == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_that_checks_its_fields_says_what_it_raises(name: str) -> None:
    check = getattr(qca, name).__dict__.get("__post_init__")
    if check is not None and _may_raise(check):
        assert "Raises" in _sections(_document(name))
