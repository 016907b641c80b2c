"""Migrations that move what is stored already: nothing of it is lost on the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migrated() -> Iterator[Any]:
    """Return a function that brings the survey's tables to a migration; all come back after it."""

    def to(name: str) -> Any:  # noqa: ANN401 - the tables as they were then have no types
        executor = MigrationExecutor(connection)
        executor.migrate([("survey", name)])
        return executor.loader.project_state([("survey", name)]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_people_of_a_draft_keep_their_unit_by_its_code(migrated: Any) -> None:  # noqa: ANN401
    before = migrated("0001_initial")
    organisation = before.get_model("survey", "Organisation").objects.create(name="Acme")
    unit = before.get_model("survey", "Unit").objects.create(
        organisation=organisation, code="N1", name="North"
    )
    instrument = before.get_model("survey", "InstrumentVersion").objects.create(
        code="core", version=1, title="Core", content={}, digest="0" * 64
    )
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=organisation, instrument=instrument, name="Spring"
    )
    recipients = before.get_model("survey", "Recipient").objects
    recipients.create(campaign=campaign, email="a@example.com", unit=unit, function="sales")
    recipients.create(campaign=campaign, email="b@example.com")  # invited already

    after = migrated("0002_unit_plans").get_model("survey", "Recipient").objects

    assert list(after.order_by("email").values_list("email", "unit_code", "function")) == [
        ("a@example.com", "N1", "sales"),
        ("b@example.com", "", ""),
    ]
