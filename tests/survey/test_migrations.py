"""Migrations that move what is stored already: nothing of it is lost on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
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


def test_mails_that_wait_keep_their_place_and_those_to_staff_go_with_their_column(
    migrated: Any,  # noqa: ANN401
) -> None:
    before = migrated("0007_key_proofs")
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=before.get_model("survey", "Organisation").objects.create(name="Acme"),
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code="core", version=1, title="Core", content={}, digest="0" * 64
        ),
        name="Spring",
    )
    unit = before.get_model("survey", "CampaignUnit").objects.create(
        campaign=campaign, unit=before.get_model("survey", "Unit").objects.create(
            organisation=campaign.organisation, code="N1", name="North"
        ), code="N1", name="North", position=0,
    )  # fmt: skip
    invitation = before.get_model("survey", "Invitation").objects.create(
        campaign=campaign, unit=unit, function="sales", token_hash=bytes(32)
    )
    due = datetime(2026, 5, 4, 8, tzinfo=UTC)
    row = ("reminder", 1, "waiting", 3, due, "451 later")
    fields = ("kind", "round", "state", "attempts", "due_at", "last_error")
    before.get_model("survey", "Message").objects.create(
        invitation=invitation, **dict(zip(fields, row, strict=True))
    )

    messages = migrated("0009_outbox").get_model("survey", "Message").objects
    carried = list(messages.values_list(*fields, "invitation", "user", "claimed_until"))
    messages.create(kind="alarm", campaign_id=campaign.pk)
    back = migrated("0007_key_proofs").get_model("survey", "Message").objects

    assert carried == [(*row, invitation.pk, None, None)]
    assert list(back.values_list(*fields)) == [row]
