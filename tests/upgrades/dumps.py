"""Whole databases as text: written by the database's own means, read back by any later one."""

import gzip
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg

from tests.places import ROOT

FOLDER: Final = ROOT / "tests" / "upgrades"
MIGRATIONS: Final = "migrations.json"
VENDORS: Final = ("sqlite", "postgresql")
LONGEST: Final = 240  # seconds of one step
# pg_dump's own commands for psql, which no server understands.
OF_PSQL: Final = re.compile(r"^\\.*\n", re.MULTILINE)


def migration_digests() -> dict[str, str]:
    """Return the fingerprint of each migration that there is, helpers among them, by its path."""
    found = [*ROOT.glob("survey/migrations/*.py"), *ROOT.glob("diagnostics/migrations/*.py")]
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
    }


def stored_versions() -> list[Path]:
    """Return the folder of each version whose database is kept, the oldest first."""
    return sorted(FOLDER.glob("v*/"))


def store(version: str, postgres_url: str = "") -> None:
    """Make the scene in a new database of each kind, and keep dumps, keys and numbers."""
    target = FOLDER / f"v{version.replace('.', '_')}"
    for vendor in VENDORS if postgres_url else ("sqlite",):
        place = target / vendor
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        with TemporaryDirectory() as made:
            url = _fresh_database(vendor, made, postgres_url)
            run_step("make", url, made)
            _pack(place / "dump.sql.gz", _dump(vendor, url))
            shutil.copytree(Path(made) / "keys", place / "keys")
            shutil.copy(Path(made) / "known.json", place / "known.json")
            if vendor == "postgresql":
                drop(url)
    digests = json.dumps(migration_digests(), indent=1) + "\n"
    (target / MIGRATIONS).write_text(digests, encoding="utf-8")


def gone_on(stored: Path, vendor: str, folder: Path, postgres_url: str = "") -> dict[str, Any]:
    """Load a stored database into a new one, have today's version go on, return what came of it."""
    place = stored / vendor
    url = _fresh_database(vendor, str(folder), postgres_url)
    text = gzip.decompress((place / "dump.sql.gz").read_bytes()).decode()
    try:
        if vendor == "sqlite":
            with closing(sqlite3.connect(urlsplit(url).path)) as database:
                database.executescript(text)
        else:
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(text.encode())
        shutil.copytree(place / "keys", folder / "keys")
        for key in (folder / "keys").iterdir():
            key.chmod(0o600)  # which git does not keep
        shutil.copy(place / "known.json", folder / "known.json")
        found: dict[str, Any] = json.loads(run_step("go-on", url, str(folder)).splitlines()[-1])
        return found
    finally:
        if vendor == "postgresql":
            drop(url)


def run_step(step: str, url: str, folder: str) -> str:
    """Run a step of the scene in a process that has this database and these keys only."""
    here = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTEST_", "RUTIN_", "KEY_", "DATABASE_"))
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.upgrades", step, folder],
        cwd=ROOT, env={**here, "DATABASE_URL": url, "RUTIN_TEST_FOLDER": folder},
        timeout=LONGEST, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if ended.returncode:
        raise AssertionError(f"{step}: expected an end with 0, found\n{ended.stderr[-3000:]}")
    return ended.stdout


def _fresh_database(vendor: str, folder: str, postgres_url: str) -> str:
    if vendor == "sqlite":
        return f"sqlite:///{folder}/database.sqlite3"
    name = f"rutin_upgrade_{os.getpid()}_{Path(folder).name}".lower().replace("-", "_")[:60]
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlsplit(postgres_url)._replace(path=f"/{name}").geturl()


def drop(url: str) -> None:
    """Delete a PostgreSQL database that was made here."""
    name = urlsplit(url).path[1:]
    with psycopg.connect(
        urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True
    ) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _dump(vendor: str, url: str) -> str:
    if vendor == "sqlite":
        with closing(sqlite3.connect(urlsplit(url).path)) as database:
            return "\n".join(database.iterdump()) + "\n"
    dumped = subprocess.run(
        ["pg_dump", "--no-owner", "--no-privileges", "--inserts", url],
        check=True, capture_output=True, text=True, timeout=LONGEST,
    )  # fmt: skip
    return OF_PSQL.sub("", dumped.stdout)


def _pack(place: Path, text: str) -> None:
    place.write_bytes(gzip.compress(text.encode(), mtime=0))
