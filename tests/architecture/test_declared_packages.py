"""Every package that is imported is declared, where those who need it will look."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.test_imports import PACKAGES, ROOT, imported_names

OUR_OWN = {*PACKAGES, "tests", "bench"}
DISTRIBUTIONS = packages_distributions()


def normalised(name: str) -> str:
    """Return a distribution's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*files: str) -> set[str]:
    """Return the distributions that requirement files name."""
    lines = [line for file in files for line in (ROOT / file).read_text("utf-8").splitlines()]
    return {
        normalised(re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0])
        for line in lines
        if line and not line.startswith(("#", "-"))
    }


def distributions_of(name: str) -> set[str]:
    """Return what may bring a top-level module; one that is not installed is called like it."""
    return {normalised(found) for found in DISTRIBUTIONS.get(name, [name])}


def undeclared(paths: list[Path], known: set[str]) -> list[str]:
    return [
        f"{path} imports {name}"
        for path in paths
        for name in sorted({line.split(".")[0] for line in imported_names(path)})
        if name not in OUR_OWN | sys.stdlib_module_names and not distributions_of(name) & known
    ]


def modules_below(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (PACKAGES, ("requirements.in",)),
        (("tests",), ("requirements.in", "requirements-dev.in")),
        (("bench",), ("requirements.in", "requirements-dev.in", "requirements-bench.in")),
    ],
    ids=["product", "tests", "benchmarks"],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], files: tuple[str, ...]) -> None:
    paths = modules_below(*folders)

    assert paths
    assert undeclared(paths, declared(*files)) == []


def test_what_only_the_tests_declare_is_noticed_in_the_product(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import json, time_machine\nfrom PIL import Image\nfrom qca import fit\n")

    assert undeclared([module], declared("requirements.in")) == [f"{module} imports time_machine"]
    assert undeclared([module], declared("requirements.in", "requirements-dev.in")) == []
    assert undeclared([module], declared("requirements-dev.in")) == [
        f"{module} imports PIL",
    ]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-bench"])
def test_every_declared_package_is_pinned(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text("utf-8")
    pinned = {normalised(found) for found in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", text, re.M)}

    assert declared(f"{name}.in") - pinned == set()
