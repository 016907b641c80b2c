"""What is built holds what the tree holds, and works where there is no tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

from diagnostics import __version__
from diagnostics.project.catalogues import source_languages
from tests.architecture.test_declared_packages import declared, normalised
from tests.architecture.test_imports import PACKAGES, QCA_LIBRARIES, ROOT
from tests.architecture.test_settings import NOTHING_FOUND, SAFE, faults_told

BUILT_FROM = (
    "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "requirements.in",
    "packaging", "templates", "locale", *PACKAGES,
)  # fmt: skip
NOT_IN_THE_TREE = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo", "compiled.json", "build")

# Building both takes some seconds: once, by one of several test processes.
pytestmark = pytest.mark.xdist_group("wheels")


@dataclass(frozen=True)
class Wheels:
    """The wheels of the product and of qca alone."""

    product: Path
    library: Path


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--no-cache-dir", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    """Build both wheels from a copy of the tree, without a network."""
    copy, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheels")
    for name in BUILT_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, symlinks=True, ignore=NOT_IN_THE_TREE)
        else:
            shutil.copy2(source, copy / name)
    left_over = copy / "build" / "lib" / "qca" / "deleted_since.py"
    left_over.parent.mkdir(parents=True)
    left_over.touch()
    pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", built,
        copy, copy / "packaging" / "qca")  # fmt: skip
    (product,), (library,) = built.glob("rutin-*.whl"), built.glob("rutin_qca-*.whl")
    return Wheels(product, library)


@pytest.fixture(scope="module")
def installed(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the product and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", folder, wheels.product)
    return folder


def files_of(wheel: Path) -> set[str]:
    """Return the files of a wheel but for those that describe it."""
    return {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}


def described(wheel: Path) -> Distribution:
    """Return what a wheel says of itself."""
    (folder,) = (p for p in ZipPath(ZipFile(wheel)).iterdir() if p.name.endswith(".dist-info"))
    return PathDistribution(folder)


def files_below(folder: str) -> Iterator[str]:
    """Yield the files of the tree below a folder, but for what runs and builds leave there."""
    for path in (ROOT / folder).rglob("*"):
        is_made = path.suffix in {".pyc", ".mo"} or path.name == "compiled.json"
        if path.is_file() and not is_made:
            yield path.relative_to(ROOT).as_posix()


def run(folder: Path, where: Path, *command: str | Path, **settings: str) -> str:
    """Run a program on what is installed in a folder, started elsewhere, and return its words."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=where, env=known | settings
        | {"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, faults_told(done.stderr)) == (0, "")
    return done.stdout


def test_the_product_holds_every_file_of_its_packages_templates_and_catalogues(
    wheels: Wheels,
) -> None:
    packages = {name for package in PACKAGES for name in files_below(package)}
    folders = {
        f"diagnostics/{name}" for folder in ("templates", "locale") for name in files_below(folder)
    }
    compiled = {
        f"diagnostics/locale/{language}/LC_MESSAGES/django.mo" for language in source_languages()
    }

    assert len(compiled) == 3
    assert {"diagnostics/static/rutin/theme.css", "qca/py.typed"} < packages
    assert files_of(wheels.product) == packages | folders | compiled | {
        "diagnostics/locale/compiled.json"
    }


def test_the_library_holds_its_package_and_nothing_else(wheels: Wheels) -> None:
    assert files_of(wheels.library) == set(files_below("qca"))


def test_both_say_what_they_are_and_need(wheels: Wheels) -> None:
    for wheel, name, needed in (
        (wheels.product, "rutin", declared("requirements.in")),
        (wheels.library, "rutin-qca", QCA_LIBRARIES),
    ):
        said = described(wheel)
        words = [line.split("[")[0].split("<")[0].split(">")[0] for line in said.requires or []]

        assert (said.metadata["Name"], said.version) == (name, __version__)
        assert {normalised(word) for word in words} == needed
        assert said.metadata["Requires-Python"] == ">=3.11"
        assert said.metadata["License-Expression"] == "MIT"
    (script,) = described(wheels.product).entry_points
    assert (script.name, script.value) == ("rutin", "diagnostics.__main__:main")


def test_the_library_and_the_product_ask_for_the_same_versions(wheels: Wheels) -> None:
    product, library = (
        described(wheel).requires or [] for wheel in (wheels.product, wheels.library)
    )

    assert set(library) <= set(product)


def test_the_library_computes_where_it_alone_is_installed(wheels: Wheels, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    pip("install", "--no-deps", "--no-index", "--target", target, wheels.library)
    program = """
import importlib.util, qca
print(qca.__file__)
print(importlib.util.find_spec("diagnostics"), importlib.util.find_spec("survey"))
print(qca.calibrate_direct([1, 2, 3, 4, 5, 6, 7], [2, 4.1, 6]).round(2).tolist())
"""

    said = run(target, empty, "-c", program).splitlines()

    assert said == [
        str(target / "qca" / "__init__.py"),
        "None None",
        "[0.01, 0.05, 0.18, 0.47, 0.8, 0.95, 0.99]",
    ]


def test_the_installed_product_passes_its_checks_from_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    settings = SAFE | {name: str(tmp_path / name) for name in ("KEY_DIR", "KEY_COPY_DIR")}
    started = tmp_path / "started"
    started.mkdir()

    said = run(installed, started, installed / "bin" / "rutin", "check", "--deploy",
               "--fail-level", "WARNING", **settings)  # fmt: skip

    assert said in NOTHING_FOUND
    # Whatever it makes is made where it was started, never among the packages.
    assert [path.name for path in started.iterdir()] == ["var"]
    assert not (installed / "var").exists()


def test_the_installed_product_shows_a_page_in_every_language(
    installed: Path, tmp_path: Path
) -> None:
    program = """
import django
django.setup()
from django.template import engines
from django.test import Client
print(engines["django"].get_template("accounts/sign_in.html").origin.name)
for code in ("en", "fi", "sv", "de"):
    page = Client(SERVER_NAME="localhost").get("/sign-in/", headers={"accept-language": code})
    print(page.status_code, f'<html lang="{code}"' in page.content.decode())
"""
    settings = {"DJANGO_SETTINGS_MODULE": "diagnostics.settings", "DEBUG": "1"}

    said = run(installed, tmp_path, "-c", program, **settings).splitlines()

    assert said == [
        str(installed / "diagnostics" / "templates" / "accounts" / "sign_in.html"),
        *["200 True"] * 4,
    ]
