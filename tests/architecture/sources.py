"""The product's own modules, and what each of them imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.places import ROOT

PACKAGES = ("qca", "survey", "diagnostics")


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its name; migrations are frozen and left out."""
    return {
        module_name(path): path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def modules_of(package: str) -> dict[str, Path]:
    """The modules of one package or room."""
    return {
        name: path
        for name, path in modules().items()
        if name == package or name.startswith(f"{package}.")
    }


def module_name(path: Path) -> str:
    """Its name as it is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_names(path: Path, *, only_inside_functions: bool = False) -> Iterator[str]:
    """Yield what a module imports, as module or as module.member; also inside functions."""
    tree = tree_of(path)
    at_the_top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if only_inside_functions and id(node) in at_the_top:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_modules(path: Path, *, only_inside_functions: bool = False) -> set[str]:
    """Return the product's own modules that a module imports."""
    known = modules()
    found = set()
    for name in imported_names(path, only_inside_functions=only_inside_functions):
        module = name if name in known else name.rpartition(".")[0]
        if module in known and module != module_name(path):
            found.add(module)
    return found


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines its body has, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a module."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
