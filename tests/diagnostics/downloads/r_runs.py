"""Running the scripts for R where R and its package QCA are, in the locales that are there."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

LOCALES: Final = ("C", "en_US.UTF-8", "sv_SE.UTF-8")  # the plain one, and two that sort otherwise
PATIENCE: Final = 300  # seconds that a script may take on a busy machine
VERSION: Final = (
    'cat("R", as.character(getRversion()), "with QCA", as.character(packageVersion("QCA")))'
)
DONE: Final = "Everything is reproduced.\n"
# Runs a script in one folder after the other; leaving R there is noted and the next is begun.
EACH: Final = """
quit <- function(save, status = 0, ...) stop(structure(
    class = c("left", "error", "condition"), list(message = paste(status), call = NULL)
))
for (folder in commandArgs(TRUE)[-1]) {
    setwd(folder)
    status <- tryCatch(
        { capture.output(source(commandArgs(TRUE)[1])); "0" },
        left = function(e) conditionMessage(e),
        error = function(e) paste("stopped:", conditionMessage(e))
    )
    cat(status, "\\n", sep = "")
}
"""
Done = subprocess.CompletedProcess[str]


@cache
def version() -> str:
    """Return which R with which QCA is here; empty where one of them is not."""
    if shutil.which("Rscript") is None:
        return ""
    told = _rscript("-e", VERSION, folder=Path.cwd())
    return told.stdout if told.returncode == 0 else ""


@cache
def locales() -> tuple[str, ...]:
    """Return those of our locales that this machine has."""
    told = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    present = {_plain(line) for line in told.split()}
    return tuple(name for name in LOCALES if _plain(name) in present)


def summary() -> str:
    """Return a line that says whether and where the scripts are run."""
    if not version():
        return "R with QCA is not here: the scripts for R were not run."
    absent = [name for name in LOCALES if name not in locales()]
    left_out = f"; left out, for it is not here: {', '.join(absent)}" if absent else ""
    return f"The scripts for R were run by {version()}, in {', '.join(locales())}{left_out}."


def need_r(locale: str = "C") -> None:
    """Leave a test out, in plain words, where R, its package or a locale is not here."""
    if not version():
        pytest.skip("R with QCA is not here: the scripts for R were not run")
    if locale not in locales():
        pytest.skip(f"the locale {locale} is not here: the scripts for R were not run in it")


def run_script(folder: Path, script: str, locale: str = "C") -> Done:
    """Run one script as its reader does."""
    return _rscript(script, folder=folder, locale=locale)


def exits(folders: Iterable[Path], script: str) -> list[str]:
    """Return with which code a script ends in every folder, all in one run of R."""
    names = [str(folder.resolve()) for folder in folders]
    done = _rscript("-e", EACH, script, *names, folder=Path.cwd())
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[: len(names)]


def _rscript(*arguments: str, folder: Path, locale: str = "C") -> Done:
    return subprocess.run(
        ["Rscript", "--no-init-file", "--no-environ", *arguments],
        cwd=folder, env={**os.environ, "LC_ALL": locale, "LANGUAGE": "en"}, capture_output=True,
        text=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False,
    )  # fmt: skip


def _plain(locale: str) -> str:
    return locale.casefold().replace("-", "")


if __name__ == "__main__":
    print(summary())
