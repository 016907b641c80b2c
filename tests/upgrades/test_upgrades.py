"""Whoever comes from a released version goes on where they were, on both databases."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection

from tests.upgrades.dumps import MIGRATIONS, gone_on, migration_digests, stored_versions

VERSIONS = stored_versions()
BALLOTS = 19  # ten before the version was stopped, nine after


def postgres_url() -> str:
    """Return the address of the server that the test run uses."""
    return os.environ.get("DATABASE_URL", "")


@pytest.mark.django_db
@pytest.mark.parametrize("stored", VERSIONS, ids=lambda folder: folder.name)
def test_a_database_of_an_earlier_version_goes_on(stored: Path, tmp_path: Path) -> None:
    vendor = connection.vendor
    known = json.loads((stored / vendor / "known.json").read_text())

    found = gone_on(stored, vendor, tmp_path, postgres_url())

    lost = {
        table: (rows, found["rows"].get(table))
        for table, rows in known["rows"].items()
        if found["rows"].get(table) != rows
    }
    assert lost == {}
    assert {name: found[name] for name in ("waiting", "begun", "ballots", "release", "scored")} == {
        # head counts of the draft, an address, the end of a campaign, a leader of two campaigns
        "waiting": 5,
        "begun": 32,
        "ballots": BALLOTS,
        "release": known["release"],
        "scored": 4,
    }


@pytest.mark.parametrize("stored", VERSIONS, ids=lambda folder: folder.name)
def test_no_migration_of_a_released_version_changes(stored: Path) -> None:
    released = json.loads((stored / MIGRATIONS).read_text())
    now = migration_digests()

    assert {name: now.get(name) for name in released} == released


def test_the_present_version_s_database_is_kept_once_it_is_released() -> None:
    assert "v0_2_0" in [folder.name for folder in VERSIONS]
