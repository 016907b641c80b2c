"""The database refuses to change or delete an entry, whoever asks it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from survey.models import Action, LedgerEntry, Organisation, Who
from survey.services.ledger import note
from tests.ledger_rows import changeable_ledger

SAYING = "The ledger is append-only: expected a new entry, found a change of those that are there."
STATEMENTS = {
    "an update": "UPDATE survey_ledgerentry SET action = 'nothing'",
    "an update of some": "UPDATE survey_ledgerentry SET detail = '{}' WHERE action = 'closed'",
    "a deletion": "DELETE FROM survey_ledgerentry",
}
OF_VENDOR = {
    "postgresql": {
        "a truncation": "TRUNCATE survey_ledgerentry",
        "a truncation with others": "TRUNCATE survey_organisation CASCADE; "
        "TRUNCATE survey_ledgerentry CASCADE",
    },
    "sqlite": {
        "a replacement": "REPLACE INTO survey_ledgerentry SELECT * FROM survey_ledgerentry",
        "an overwriting insert": "INSERT OR REPLACE INTO survey_ledgerentry "
        "SELECT * FROM survey_ledgerentry",
    },
}
EVERY = {**STATEMENTS, **OF_VENDOR[connection.vendor]}


def noted() -> list[tuple[Any, ...]]:
    return list(LedgerEntry.objects.values_list())


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY)
def test_the_database_refuses_what_would_change_an_entry(name: str) -> None:
    note(Action.CLOSED, by=Who.WORKER, organisation=Organisation.objects.create(name="Acme"))
    before = noted()

    with pytest.raises(IntegrityError, match=SAYING), transaction.atomic():
        connection.cursor().execute(EVERY[name])

    assert noted() == before
    assert len(before) == 1


@pytest.mark.django_db
def test_so_does_it_where_the_product_s_own_tables_ask() -> None:
    organisation = Organisation.objects.create(name="Acme")
    note(Action.CLOSED, by=Who.WORKER, organisation=organisation)
    before = noted()

    for change in (
        lambda: LedgerEntry.objects.update(action="nothing"),
        lambda: LedgerEntry.objects.all().delete(),
        lambda: LedgerEntry.objects.get().delete(),
        lambda: LedgerEntry.objects.get().save(),
    ):
        with pytest.raises(IntegrityError, match=SAYING), transaction.atomic():
            change()

    assert noted() == before


@pytest.mark.django_db
def test_an_organisation_that_goes_leaves_its_entries() -> None:
    organisation = Organisation.objects.create(name="Acme")
    note(Action.CLOSED, by=Who.WORKER, organisation=organisation)
    before = noted()

    organisation.delete()

    assert noted() == before


@pytest.mark.django_db(transaction=True)
def test_it_refuses_again_after_a_test_has_emptied_the_tables() -> None:
    with changeable_ledger():
        pass
    note(Action.CLOSED, by=Who.WORKER, organisation=Organisation.objects.create(name="Acme"))

    with pytest.raises(IntegrityError, match=SAYING):
        LedgerEntry.objects.all().delete()


@pytest.fixture
def migrated() -> Iterator[Any]:
    """Return a function that brings the tables to a migration; all come back after it."""

    def to(name: str) -> Any:  # noqa: ANN401 - the tables as they were then have no types
        executor = MigrationExecutor(connection)
        executor.migrate([("survey", name)])
        return executor.loader.project_state([("survey", name)]).apps

    yield to
    executor = MigrationExecutor(connection)
    with changeable_ledger():
        LedgerEntry.objects.all().delete()
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_entries_of_before_keep_what_they_say_and_get_organisation_day_and_unit(
    migrated: Any,  # noqa: ANN401
) -> None:
    before = migrated("0014_mail_troubles")
    organisation = before.get_model("survey", "Organisation").objects.create(name="Acme")
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=organisation,
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code="core", version=1, title="Core", content={}, digest="0" * 64
        ),
        name="Spring",
        time_zone="Europe/Helsinki",
    )
    unit = before.get_model("survey", "Unit").objects.create(
        organisation=organisation, code="N1", name="North"
    )
    before.get_model("survey", "CampaignUnit").objects.create(
        campaign=campaign, unit=unit, code="N1", name="North", position=0
    )
    night = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    codes = {"unit": "N1", "function": "sales", "count": 3}
    entries = before.get_model("survey", "LedgerEntry").objects
    entries.create(campaign=campaign, at=night, action="launched", detail={"invited": 4})
    entries.create(campaign=campaign, at=night, action="codes made", detail=codes)

    after = migrated("0015_ledger").get_model("survey", "LedgerEntry").objects

    fields = ("action", "at", "day", "detail", "who", "unit_code", "unit_name", "function")
    day = date(2026, 5, 4)
    assert list(after.values_list(*fields)) == [
        ("launched", night, day, {"invited": 4}, "", "", "", ""),
        ("codes made", night, day, codes, "", "N1", "North", "sales"),
    ]
    assert set(after.values_list("organisation", "campaign", "campaign_name")) == {
        (organisation.pk, campaign.pk, "Spring")
    }
