"""Migrations that move what is stored already: nothing of it is lost on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

# The tests are stations of one journey, so one worker has to have all of them.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("migrations")]


class Journey:
    """The way of the survey's tables from their first migration to today's, with all its luggage.

    Each step costs seconds, so no test goes there and back alone: what one has stored travels on
    through the migrations of the next, up to those of today.
    """

    def __init__(self) -> None:
        self.place = _order()[-1]
        self.is_under_way = True

    def to(self, name: str) -> Any:  # noqa: ANN401 - the tables as they were then have no types
        """Bring the tables to a migration, and return their models."""
        executor = MigrationExecutor(connection)
        executor.migrate([("survey", name)])
        self.place = name
        return executor.loader.project_state([("survey", name)]).apps

    def starting_at(self, name: str) -> Any:  # noqa: ANN401
        """Bring the tables to where a test begins; whoever has to go back goes with empty ones."""
        order = _order()
        if order.index(self.place) > order.index(name):
            self.end()
        return self.to(name)

    def end(self) -> None:
        """Bring everything to today's tables, and empty them."""
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        self.place = _order()[-1]
        self.is_under_way = False
        call_command("flush", interactive=False, verbosity=0)
        self.is_under_way = True


def _order() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [migration.name for migration, _ in plan if migration.app_label == "survey"]


@pytest.fixture(scope="module")
def journey(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Journey]:
    """Return the journey; what stands in the tables is kept from test to test, until its end."""
    emptied = flush.Command.handle

    def kept(command: flush.Command, **options: Any) -> str | None:  # noqa: ANN401
        return None if way.is_under_way else emptied(command, **options)

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        way = Journey()
        patch.setattr(flush.Command, "handle", kept)
        yield way
        way.end()


def a_campaign(before: Any, code: str, **fields: Any) -> Any:  # noqa: ANN401
    """Return a campaign of its own organisation and questionnaire, which the code tells apart."""
    content = fields.pop("content", {})
    return before.get_model("survey", "Campaign").objects.create(
        organisation=before.get_model("survey", "Organisation").objects.create(name="Acme"),
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code=code, version=1, title="Core", content=content, digest="0" * 64
        ),
        name="Spring",
        **fields,
    )


def test_people_of_a_draft_keep_their_unit_by_its_code(journey: Journey) -> None:
    before = journey.starting_at("0001_initial")
    campaign = a_campaign(before, "units")
    unit = before.get_model("survey", "Unit").objects.create(
        organisation=campaign.organisation, code="N1", name="North"
    )
    recipients = before.get_model("survey", "Recipient").objects
    recipients.create(campaign=campaign, email="a@example.com", unit=unit, function="sales")
    recipients.create(campaign=campaign, email="b@example.com")  # invited already

    after = journey.to("0002_unit_plans").get_model("survey", "Recipient").objects

    found = after.filter(campaign=campaign.pk).order_by("email")
    assert list(found.values_list("email", "unit_code", "function")) == [
        ("a@example.com", "N1", "sales"),
        ("b@example.com", "", ""),
    ]


def test_mails_that_wait_keep_their_place_and_those_to_staff_go_with_their_column(
    journey: Journey,
) -> None:
    before = journey.starting_at("0007_key_proofs")
    campaign = a_campaign(before, "mails")
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

    messages = journey.to("0009_outbox").get_model("survey", "Message").objects
    carried = list(messages.values_list(*fields, "invitation", "user", "claimed_until"))
    messages.create(kind="alarm", campaign_id=campaign.pk)
    back = journey.to("0007_key_proofs").get_model("survey", "Message").objects

    assert carried == [(*row, invitation.pk, None, None)]
    assert list(back.values_list(*fields)) == [row]


def test_days_that_are_counted_and_links_of_running_campaigns_are_told_as_they_are_now(
    journey: Journey,
) -> None:
    before = journey.starting_at("0014_mail_troubles")
    campaign = a_campaign(before, "links", state="open")
    unit = before.get_model("survey", "CampaignUnit").objects.create(
        campaign=campaign, code="N1", name="North", position=0
    )
    for day, (invited, band) in enumerate(
        (
            (9, "0"),
            (9, "1-4"),
            (3, "0-4"),
            (5, "5-9"),
            (6, "5-9"),
            (10, "5-9"),
            (10, "10-19"),
            (14, "5-9"),
            (14, "10-19"),
            (9, "10-19"),
            (60, "50+"),
        ),
        1,
    ):
        before.get_model("survey", "Participation").objects.create(
            campaign_unit=unit, function="sales", day=datetime(2026, 5, day, tzinfo=UTC).date(),
            invited=invited, answered_band=band,
        )  # fmt: skip
    recipients = before.get_model("survey", "Recipient").objects
    links: dict[str, dict[str, Any]] = {
        "silent": {}, "answered": {"done": True}, "mailed": {},
        "replaced": {"revoked": True}, "moved away": {"revoked": True, "done": True},
        "moved": {"done": True, "counted_elsewhere": True}, "code": {"code_hash": bytes(32)},
    }  # fmt: skip
    made = {}
    for number, (name, fields) in enumerate(links.items(), 1):
        has_address = name in ("silent", "answered", "mailed", "moved")
        made[name] = before.get_model("survey", "Invitation").objects.create(
            campaign=campaign, unit=unit, function="sales", token_hash=bytes([number] * 32),
            recipient=recipients.create(campaign=campaign, email=f"{number}@example.com")
            if has_address else None, **fields,
        )  # fmt: skip
    before.get_model("survey", "Message").objects.create(invitation=made["mailed"], state="sent")

    after = journey.to("0016_standing_of_invitations")

    days = after.get_model("survey", "Participation").objects.order_by("day")
    found = after.get_model("survey", "Invitation").objects
    assert list(days.values_list("answered_band", flat=True)) == [
        "0-4", "0-4", "", "", "", "5+", "5+", "5-9", "10+", "5+", "50+",
    ]  # fmt: skip
    assert {
        name: found.values_list("standing", "done", "used", "reissued", "reached").get(pk=one.pk)
        for name, one in made.items()
    } == {
        "silent": ("planned", False, False, False, False),
        "answered": ("planned", True, True, False, False),
        "mailed": ("planned", False, False, False, True),
        "replaced": ("replaced", False, False, False, False),
        "moved away": ("replaced", True, True, False, False),
        "moved": ("planned", True, True, False, False),
        "code": ("added", False, False, False, False),
    }


def test_background_answers_become_counts_and_their_rows_go(journey: Journey) -> None:
    before = journey.starting_at("0017_used_links")
    options: list[Any] = [{"code": code, "text": {}} for code in ("service", "selling", "other")]
    content = {"background": [{"code": "role", "text": {}, "options": options}]}
    campaign = a_campaign(before, "background", content=content)
    before.get_model("survey", "Release").objects.create(
        campaign=campaign, frozen_at=datetime(2026, 5, 4, tzinfo=UTC), digest="0" * 64,
        counts={"answers": {"operations": 40, "sales": 20}, "excluded": {}, "invited": {}},
    )  # fmt: skip
    for role, people in {"service": 30, "selling": 12, "other": 9}.items():
        for _ in range(people):
            before.get_model("survey", "Background").objects.create(
                campaign=campaign, answers={"role": role}
            )

    after = journey.to("0018_background_counts")

    stored = after.get_model("survey", "BackgroundCount").objects.values_list("question", "counts")
    assert list(stored) == [
        (
            "role",
            {
                "kind": "background counts",
                "version": 1,
                "content": {"service": 30, "selling": 12},
            },
        )
    ]
    assert "survey_background" not in connection.introspection.table_names()
    assert (
        after.get_model("survey", "PendingWipe").objects.filter(table="survey_background").exists()
    )
    moved = after.get_model("survey", "Campaign").objects.get(pk=campaign.pk)
    assert moved.background_purpose == ""


def test_mailboxes_are_noted_and_older_doubles_stay(journey: Journey) -> None:
    before = journey.starting_at("0019_roles_apart")
    spring = a_campaign(before, "mailboxes")
    organisation = spring.organisation
    autumn = before.get_model("survey", "Campaign").objects.create(
        organisation=organisation, instrument=spring.instrument, name="Autumn"
    )
    recipients = before.get_model("survey", "Recipient").objects
    for campaign in (spring, autumn):
        for address in ("b+1@x.example", "b+2@x.example", "b.c@gmail.com", "bc@googlemail.com"):
            recipients.create(campaign=campaign, email=address)

    after = journey.to("0020_mailboxes")

    found = (
        after.get_model("survey", "Recipient")
        .objects.filter(campaign__organisation=organisation.pk)
        .order_by("campaign__name", "email")
    )
    assert list(found.values_list("campaign__name", "email", "mailbox")) == [
        (name, *row)
        for name in ("Autumn", "Spring")
        for row in (
            ("b+1@x.example", "b@x.example"), ("b+2@x.example", ""),
            ("b.c@gmail.com", "bc@gmail.com"), ("bc@googlemail.com", ""),
        )
    ]  # fmt: skip
    moved = after.get_model("survey", "Organisation").objects.get(pk=organisation.pk)
    assert moved.mail_domains == []
