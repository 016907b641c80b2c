"""A copy of the source tree in which one place is weakened, and whether a test notices."""

import compileall
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.places import ROOT

COPIED = ("qca", "survey", "diagnostics", "templates", "locale", "tests", "manage.py",
          "pyproject.toml")  # fmt: skip
PASSED, FAILED = 0, 1  # pytest's exit codes; others mean that the tests did not run


@dataclass(frozen=True, slots=True)
class Weakness:
    """A mistake that somebody could make: in a file, old text becomes new; a test must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str  # below tests/


class WeaknessError(Exception):
    """A weakness that cannot be tried: its text is not there once, or its test does not run."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of everything that the tests need, and the process that runs them."""

    folder: Path
    tests: "subprocess.Popen[str]"

    @classmethod
    @contextmanager
    def made_in(cls, folder: Path) -> Iterator["Copy"]:
        """Copy the tree into a folder."""
        for name in COPIED:
            source, target = ROOT / name, folder / name
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        compileall.compile_dir(folder, quiet=1)  # once here, or every fork does it again
        with subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.weaknesses.forked_tests"],
            cwd=folder, env=_environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as tests:  # fmt: skip
            yield cls(folder, tests)

    def notices(self, weakness: Weakness) -> bool:
        """Tell whether the named test fails on the weakened copy."""
        with self._weakened(weakness):
            code = self.run([weakness.test])
        if code not in (PASSED, FAILED):
            raise WeaknessError(
                f"{weakness.name}: expected the test to run, found exit code {code}."
            )
        return code == FAILED

    def run(self, tests: Iterable[str]) -> int:
        """Return pytest's exit code for some tests of the copy."""
        if self.tests.stdin is None or self.tests.stdout is None:
            raise WeaknessError("Tests: expected a process with pipes, found none.")
        names = [f"tests/{test}" for test in tests]
        options = ["-q", "-x", "-p", "no:cacheprovider", "--no-migrations", "--assert=plain"]
        self.tests.stdin.write(json.dumps([*options, *names]) + "\n")
        self.tests.stdin.flush()
        return int(self.tests.stdout.readline())

    @contextmanager
    def _weakened(self, weakness: Weakness) -> Iterator[None]:
        path = self.folder / weakness.file
        whole, times = path.read_text(encoding="utf-8"), path.stat()
        if whole.count(weakness.old) != 1:
            raise WeaknessError(
                f"{weakness.name}: expected the text once in {weakness.file}, "
                f"found it {whole.count(weakness.old)} times: {weakness.old!r}"
            )
        path.write_text(whole.replace(weakness.old, weakness.new), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(whole, encoding="utf-8")
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _environment() -> dict[str, str]:
    inherited = ("DATABASE_URL", "RUTIN_TEST_FOLDER", "VAR_DIR", "KEY_DIR", "REPORT_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in inherited}
    # Compiled modules are read and never written: two weaknesses of one second and one length
    # would share them.
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}
