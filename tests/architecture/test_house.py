"""How large anything may grow, and what has no place in a view."""

import ast
import re
from collections import Counter
from statistics import quantiles

from tests.architecture.sources import function_lines, functions, module_name, modules, tree_of
from tests.places import ROOT

MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 40
MOST_FILES = 25
VIEW_LINES = 15  # of nine views in ten
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create", "asave", "acreate", "aupdate", "adelete", "execute",
}  # fmt: skip
# Made by programs; and series, which only ever grow and are read by their numbers.
NOT_OURS = {"__pycache__", "compiled.json", "migrations", "decisions"}
HOUSE = ("qca", "survey", "diagnostics", "templates", "tests", "bench", "docs", ".ci")


def _is_view(name: str) -> bool:
    return "views" in name.split(".")


def test_no_module_grows_past_its_limit() -> None:
    long = {
        name: lines
        for name, path in modules().items()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_no_function_grows_past_its_limit() -> None:
    long = {
        f"{name}.{function.name}": lines
        for name, path in modules().items()
        for function in functions(path)
        if (lines := function_lines(function)) > MOST_LINES_OF_A_FUNCTION
    }

    assert long == {}


def test_nine_views_in_ten_are_short() -> None:
    lines = [
        function_lines(function)
        for name, path in modules().items()
        if _is_view(name)
        for function in functions(path)
    ]

    assert len(lines) > 100
    assert quantiles(lines, n=10)[-1] <= VIEW_LINES


def test_no_view_writes() -> None:
    writes = [
        f"{name}: {ast.unparse(node)[:60]}"
        for name, path in modules().items()
        if _is_view(name)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
    ]

    assert writes == []


def test_every_signature_has_hints() -> None:
    bare = [
        f"{module_name(path)}.{function.name}"
        for path in modules().values()
        for function in functions(path)
        if function.returns is None
        or any(
            argument.annotation is None
            for argument in (*function.args.posonlyargs, *function.args.args)
            if argument.arg not in ("self", "cls")
        )
    ]

    assert bare == []


def test_every_module_says_in_one_sentence_what_it_is_about() -> None:
    silent = [
        module_name(path)
        for path in modules().values()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree_of(path))
    ]

    assert silent == []


def test_no_room_holds_more_files_than_a_reader_can_look_over() -> None:
    files = Counter(
        str(path.parent.relative_to(ROOT))
        for place in HOUSE
        for path in (ROOT / place).rglob("*")
        if path.is_file() and not NOT_OURS & set(path.parts)
    )

    assert {room: count for room, count in files.items() if count > MOST_FILES} == {}


def test_each_number_of_a_check_means_one_thing() -> None:
    checks = (ROOT / "diagnostics" / "project" / "checks.py").read_text(encoding="utf-8")
    numbers = Counter(re.findall(r"\brutin\.[EWI]\d{3}\b", checks))

    assert {number: count for number, count in numbers.items() if count > 1} == {}
