"""The product refuses to start unsafely."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

# Scripts in which nobody here writes a name may lack a font: that is told and no fault.
INFORMATION = re.compile(
    r"System check identified some issues:\n\nINFOS:\n\?: \(rutin\.I001\) .*\n\tHINT: .*\n\n"
    r"System check identified 1 issue \(0 silenced\)\.\n"
)
NOTHING_FOUND = ("", "System check identified no issues (0 silenced).\n")

SAFE = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://rutin.example.com",
    "TRUSTED_PROXIES": "127.0.0.1",
}


def faults_told(stderr: str) -> str:
    """Return what a check has told but for what is no fault."""
    return INFORMATION.sub("", stderr)


def run_check(
    tmp_path: Path, *arguments: str, **changes: str | None
) -> "subprocess.CompletedProcess[str]":
    chosen = {
        "DEBUG": None,
        "DJANGO_ALLOW_ASYNC_UNSAFE": None,
        "VAR_DIR": str(tmp_path / "var"),
        "KEY_DIR": str(tmp_path / "keys"),
        "KEY_COPY_DIR": str(tmp_path / "copies"),
        "REPORT_DIR": None,
        "DATABASE_URL": None,
        **SAFE,
        **changes,
    }
    environment = {k: v for k, v in os.environ.items() if k not in chosen}
    environment |= {k: v for k, v in chosen.items() if v is not None}
    environment["DJANGO_SETTINGS_MODULE"] = "diagnostics.settings"
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"SITE_URL": None}, "SITE_URL is missing"),
        ({"BOUNCE_WEBHOOK_SECRET": "short"}, "BOUNCE_WEBHOOK_SECRET is too short"),
        ({"REPORT_PAPER": "Foolscap"}, "expected A4 or Letter, found 'Foolscap'"),
        ({"BEHIND_PROXY": "1"}, "expected TRUSTED_PROXIES with the addresses of"),
        ({"TRUSTED_PROXIES": "10.0.0.5/8"}, "such as 127.0.0.1 or 10.0.0.0/29"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "\"none\" alone, found '0.0.0.0/0'."),
        ({"SITE_URL": "rutin.example.com"}, "SITE_URL is not an address"),
        ({"SITE_URL": "http://rutin.example.com"}, "SITE_URL is not encrypted"),
    ],
)
def test_without_debug_a_missing_or_unsafe_setting_stops_the_start(
    tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    result = run_check(tmp_path, **changes)

    assert result.returncode != 0
    assert message in result.stderr


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"KEY_DIR": None}, "KEY_DIR is missing"),
        ({"KEY_DIR": ""}, "KEY_DIR is missing"),
        ({"KEY_DIR": "keys"}, "KEY_DIR is not absolute"),
        ({"KEY_DIR": "{0}/var"}, "that of the database"),
        ({"KEY_DIR": "{0}/var/keys"}, "that of the database"),
        ({"KEY_DIR": "{0}"}, "that of the database"),
        ({"KEY_DIR": "{0}/other/../var/keys"}, "that of the database"),
        ({"KEY_DIR": "{0}/link/keys"}, "that of the database"),
        ({"KEY_DIR": "{0}/files/keys", "REPORT_DIR": "{0}/files"}, "that of REPORT_DIR"),
        ({"KEY_DIR": f"{ROOT}/staticfiles/keys"}, "that of STATIC_ROOT"),
        ({"KEY_DIR": "{0}/file"}, "KEY_DIR is unusable: expected a folder, found a file"),
        ({"KEY_DIR": "{0}/file/keys"}, "KEY_DIR is unusable: expected a folder, found a file"),
        ({"KEY_DIR": "{0}/loop"}, "KEY_DIR is unusable: expected the path of a folder"),
        ({"KEY_COPY_DIR": "copies"}, "KEY_COPY_DIR is not absolute"),
        ({"KEY_COPY_DIR": "{0}/var/copies"}, "that of the database"),
        ({"KEY_COPY_DIR": "{0}/keys"}, "expected a folder neither in nor around that of KEY_"),
        ({"KEY_COPY_DIR": "{0}/keys/copies"}, "neither in nor around that of KEY_"),
        ({"KEY_COPY_DIR": "{0}/file"}, "KEY_COPY_DIR is unusable"),
    ],
)
def test_without_debug_keys_have_a_folder_of_their_own(
    tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("var")
    (tmp_path / "loop").symlink_to("loop")
    placed = {
        name: value and value.replace("{0}", str(tmp_path)) for name, value in changes.items()
    }

    result = run_check(tmp_path, **placed)

    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: KEY_")
    assert message in last


def test_on_a_database_server_the_folder_of_keys_may_lie_with_the_rest(tmp_path: Path) -> None:
    place = str(tmp_path / "var" / "keys")
    result = run_check(tmp_path, KEY_DIR=place, DATABASE_URL="postgres://nobody@127.0.0.1/none")

    assert result.returncode == 0, result.stderr


def test_a_folder_of_keys_that_others_may_enter_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o750)
    told = run_check(tmp_path)
    (tmp_path / "keys").chmod(0o700)

    assert "KEY_DIR is open to others: expected mode 0700 or less, found 0750." in told.stderr
    assert "KEY_DIR" not in run_check(tmp_path).stderr


def test_a_start_without_a_second_folder_of_keys_says_what_cannot_be_launched(
    tmp_path: Path,
) -> None:
    told = run_check(tmp_path, KEY_COPY_DIR=None)
    development = run_check(tmp_path, KEY_COPY_DIR=None, DEBUG="1")

    assert "(rutin.W007) KEY_COPY_DIR is empty: expected a second folder" in told.stderr
    assert (told.returncode, "KEY_COPY_DIR" in development.stderr) == (0, False)


def test_the_deployment_check_finds_nothing(tmp_path: Path) -> None:
    result = run_check(tmp_path, "--deploy", "--fail-level", "WARNING")

    assert faults_told(result.stderr) == ""
    assert result.stdout in NOTHING_FOUND
    assert result.returncode == 0


def test_the_deployment_check_misses_the_web_server_in_front(tmp_path: Path) -> None:
    result = run_check(tmp_path, "--deploy", "--fail-level", "WARNING", TRUSTED_PROXIES=None)

    assert result.returncode != 0
    assert "(rutin.W002) TRUSTED_PROXIES is empty" in result.stderr
    assert "Set TRUSTED_PROXIES to its address, such as 127.0.0.1" in result.stderr


def test_the_first_start_makes_the_folder_of_its_database(tmp_path: Path) -> None:
    result = run_check(tmp_path, VAR_DIR=str(tmp_path / "new" / "var"), DATABASE_URL=None)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "new" / "var").is_dir()


def test_development_starts_without_any_setting(tmp_path: Path) -> None:
    result = run_check(tmp_path, DEBUG="1", SECRET_KEY=None, SITE_URL=None, KEY_DIR=None)

    assert result.returncode == 0, result.stderr
