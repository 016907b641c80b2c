"""Migrations that move what is stored already: nobody is told twice, and nobody is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("diagnostics", "0003_row_files"), ("survey", "0009_outbox")]
AFTER = [("diagnostics", "0004_notices_in_outbox"), ("survey", "0009_outbox")]
DUE = datetime(2026, 5, 4, 8, tzinfo=UTC)
FIELDS = ("user__email", "state", "attempts", "due_at", "last_error")


@pytest.fixture
def migrated() -> Iterator[Any]:
    """Return a function that brings the tables to a state; all come back after it."""

    def to(names: list[tuple[str, str]]) -> Any:  # noqa: ANN401 - tables of then have no types
        executor = MigrationExecutor(connection)
        executor.migrate(names)
        return executor.loader.project_state(names).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_notices_of_results_go_into_the_outbox_and_back(migrated: Any) -> None:  # noqa: ANN401
    before = migrated(BEFORE)
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=before.get_model("survey", "Organisation").objects.create(name="Acme"),
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code="core", version=1, title="Core", content={}, digest="0" * 64
        ),
        name="Spring",
    )
    rows = [
        ("a@example.com", "sent", 1, DUE, ""),
        ("b@example.com", "waiting", 2, DUE + timedelta(hours=1), "451 later"),
        ("c@example.com", "failed", 6, DUE + timedelta(hours=2), "550 no such user"),
    ]
    for email, *values in rows:
        before.get_model("diagnostics", "ResultNotice").objects.create(
            campaign=campaign,
            user=before.get_model("survey", "User").objects.create(email=email),
            **dict(zip(FIELDS[1:], values, strict=True)),
        )

    messages = migrated(AFTER).get_model("survey", "Message").objects
    carried = [(kind, *rest) for kind, *rest in messages.values_list("kind", *FIELDS)]
    about = set(messages.values_list("campaign", "invitation", "detail"))
    back = migrated(BEFORE).get_model("diagnostics", "ResultNotice").objects

    assert carried == [("result_notice", *row) for row in rows]
    assert about == {(campaign.pk, None, "")}
    assert list(back.values_list(*FIELDS)) == rows
