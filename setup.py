"""Lay templates and compiled catalogues into the package that reads them; the rest is declared."""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # the frontend that builds does not look here

from diagnostics.project.catalogues import compile_outdated  # noqa: E402


class BuildWithFolders(build_py):
    """The build of modules, and of the folders that the repository keeps beside them."""

    def run(self) -> None:
        """Build everything anew: what an older build left must not come along."""
        if self.editable_mode:  # the repository itself is read, with the folders where they are
            super().run()
            return
        built = Path(self.build_lib)
        shutil.rmtree(built, ignore_errors=True)
        super().run()
        package = built / "diagnostics"
        shutil.copytree(ROOT / "templates", package / "templates")
        compiled = shutil.ignore_patterns("*.mo", "compiled.json")
        shutil.copytree(ROOT / "locale", package / "locale", ignore=compiled)
        compile_outdated(package / "locale")


setup(cmdclass={"build_py": BuildWithFolders})
