"""Who may import whom, and how large a module may grow."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

PACKAGES = ("qca", "survey", "diagnostics")
MAY_IMPORT = {
    "qca": {"qca"},
    "survey": {"survey"},
    "diagnostics": {"diagnostics", "survey", "qca"},
}
QCA_LIBRARIES = {"numpy", "pandas", "scipy"}
MOST_LINES = 350
# What may be imported inside an app, from the bottom up: each layer knows only those before it.
LAYERS = ("models", "selectors", "services", "forms", "views")


def modules(package: str) -> list[Path]:
    return [p for p in sorted((ROOT / package).rglob("*.py")) if "migrations" not in p.parts]


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_lies_below_them(package: str) -> None:
    wrong = [
        f"{module_name(path)} imports {name}"
        for path in modules(package)
        for name in imported_names(path)
        if name.split(".")[0] in PACKAGES and name.split(".")[0] not in MAY_IMPORT[package]
    ]

    assert wrong == []


def test_qca_needs_numpy_pandas_and_scipy_only() -> None:
    foreign = {
        name.split(".")[0]
        for path in modules("qca")
        for name in imported_names(path)
        if name.split(".")[0] not in sys.stdlib_module_names
    }

    assert foreign - {"qca"} <= QCA_LIBRARIES


@pytest.mark.parametrize("package", ["survey", "diagnostics"])
def test_layers_of_an_app_know_only_lower_layers(package: str) -> None:
    wrong = []
    for path in modules(package):
        parts = path.relative_to(ROOT / package).parts
        if parts[0] not in LAYERS:
            continue
        for name in imported_names(path):
            layer = next(iter(name.split(".")[1:]), "")
            if name.split(".")[0] not in PACKAGES or layer not in LAYERS:
                continue
            if LAYERS.index(layer) > LAYERS.index(parts[0]):
                wrong.append(f"{module_name(path)} imports {name}")

    assert wrong == []


def test_responses_are_read_by_the_opening_and_the_two_doors_only() -> None:
    readers = {
        module_name(path)
        for package in ("survey", "diagnostics")
        for path in modules(package)
        if not module_name(path).startswith("survey.models")
        and {"Response", "Background"} & _imported_members(path)
    }

    assert readers <= {
        "survey.services.opening.opening",
        "survey.services.retention.deletion",
        "survey.selectors.releases",
    }


def test_rows_reach_the_scoring_of_the_worker_only() -> None:
    users = {
        module_name(path)
        for package in ("survey", "diagnostics")
        for path in modules(package)
        if "released_rows" in path.read_text(encoding="utf-8")
        and not module_name(path).startswith("survey.selectors")
    }

    assert users <= {
        "diagnostics.results.services.assessments",
        "diagnostics.workbench.services.analyses",
        "diagnostics.downloads.services.answers",
        "diagnostics.measurement.services",
    }


def test_every_benchmark_loads_without_settings_of_its_own() -> None:
    names = sorted(f"bench.{path.stem}" for path in (ROOT / "bench").glob("[!_]*.py"))
    without = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        cwd=ROOT, env=without, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert names
    assert done.stderr == ""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_grows_past_its_limit(package: str) -> None:
    long = {
        module_name(path): lines
        for path in modules(package)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_modules_import_each_other_in_a_circle(package: str) -> None:
    names = {module_name(path): path for path in modules(package)}
    arrows = {
        name: {
            other
            for line in _top_level_imports(path)
            for other in (line, line.rpartition(".")[0])
            if other in names and other != name and not name.startswith(f"{other}.")
        }
        for name, path in names.items()
    }

    assert _circle(arrows) == []


def _imported_members(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _top_level_imports(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _circle(arrows: dict[str, set[str]]) -> list[str]:
    """Return one circle of imports, or nothing."""
    finished: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in finished:
            return []
        for other in sorted(arrows[name]):
            if circle := walk(other, [*trail, name]):
                return circle
        finished.add(name)
        return []

    return next((circle for name in sorted(arrows) if (circle := walk(name, []))), [])
