"""The product refuses to start unsafely."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://rutin.example.com",
    "TRUSTED_PROXIES": "127.0.0.1",
}


def run_check(
    tmp_path: Path, *arguments: str, **changes: str | None
) -> "subprocess.CompletedProcess[str]":
    chosen = {
        "DEBUG": None,
        "DJANGO_ALLOW_ASYNC_UNSAFE": None,
        "VAR_DIR": str(tmp_path),
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


def test_the_deployment_check_finds_nothing(tmp_path: Path) -> None:
    result = run_check(tmp_path, "--deploy", "--fail-level", "WARNING")

    assert result.stderr == ""
    assert result.stdout == "System check identified no issues (0 silenced).\n"
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
    result = run_check(tmp_path, DEBUG="1", SECRET_KEY=None, SITE_URL=None)

    assert result.returncode == 0, result.stderr
