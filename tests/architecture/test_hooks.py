"""What `make hooks` leaves in a clone, and what it leaves alone."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.architecture.test_imports import ROOT

CHECK = '#!/bin/sh\necho "checked $1 with ${GIT_INDEX_FILE:-no index of git}"\nexit 1\n'


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        command, cwd=folder, env=known, capture_output=True, text=True, check=False
    )


def clone(folder: Path) -> Path:
    """Make a repository with our script and a check that fails; return where its hook goes."""
    (folder / ".ci").mkdir()
    shutil.copy2(ROOT / ".ci" / "hooks", folder / ".ci" / "hooks")
    (folder / ".ci" / "check").write_text(CHECK)
    (folder / ".ci" / "check").chmod(0o755)
    assert run(folder, "git", "init", "--quiet").returncode == 0
    return folder / ".git" / "hooks" / "pre-commit"


def test_a_commit_is_kept_back_by_a_check_that_fails(tmp_path: Path) -> None:
    clone(tmp_path)
    for _ in range(2):  # a second time changes nothing
        assert run(tmp_path, ".ci/hooks").returncode == 0

    named = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    done = run(tmp_path, "git", *named, "commit", "--allow-empty", "--message", "Try")

    assert done.returncode == 1
    assert "checked fast with no index of git" in done.stdout + done.stderr


def test_a_hook_of_somebody_else_stays(tmp_path: Path) -> None:
    hook = clone(tmp_path)
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")

    done = run(tmp_path, ".ci/hooks")

    assert done.returncode == 1
    assert "expected no hook or the one of `make hooks`, found another" in done.stderr
    assert hook.read_text() == "#!/bin/sh\n"
