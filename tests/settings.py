"""The settings of a test run: the project's own, in an environment that touches nothing else."""

import atexit
import os
import shutil
import tempfile


def _run_folder() -> str:
    """Return the folder of this run; worker processes of a parallel run inherit their parent's."""
    inherited = os.environ.get("RUTIN_TEST_FOLDER")
    if inherited is not None:
        return inherited
    folder = tempfile.mkdtemp(prefix="rutin-test-")
    maker = os.getpid()

    def remove() -> None:
        if os.getpid() == maker:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


_folder = _run_folder()
os.environ.update(
    RUTIN_TEST_FOLDER=_folder,
    DEBUG="1",
    SITE_URL="http://localhost:8000",
    VAR_DIR=f"{_folder}/var",
    KEY_DIR=f"{_folder}/keys",
    REPORT_DIR=f"{_folder}/reports",
    # Playwright's loop runs in the same thread as the database calls of a browser test.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
os.environ.setdefault("EMAIL_URL", "memorymail://")

from diagnostics.project.catalogues import compile_outdated  # noqa: E402

compile_outdated()  # pytest may be called without make

from diagnostics.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
