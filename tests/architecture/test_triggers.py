"""What the database itself refuses is there after all migrations, and nothing else is."""

import pytest
from django.db import connection

APART = {
    f"survey_{table}_apart_{event}"
    for table in ("membership", "leadership")
    for event in ("insert", "update")
}
LEDGER = {
    "sqlite": {f"survey_ledger_no_{name}" for name in ("update", "delete", "replace")},
    "postgresql": {"survey_ledger_no_change"},
}
ASKING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


SETTLED = {"survey_campaign_settled_use"}


@pytest.mark.django_db
def test_a_migrated_database_has_exactly_these_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ASKING[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}

    assert found == APART | LEDGER[connection.vendor] | SETTLED
