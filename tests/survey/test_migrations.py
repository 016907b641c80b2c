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


def test_days_that_are_counted_and_links_of_running_campaigns_are_told_as_they_are_now(
    migrated: Any,  # noqa: ANN401
) -> None:
    before = migrated("0014_mail_troubles")
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=before.get_model("survey", "Organisation").objects.create(name="Acme"),
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code="core", version=1, title="Core", content={}, digest="0" * 64
        ),
        name="Spring",
        state="open",
    )
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
    for number, (name, fields) in enumerate(links.items()):
        has_address = name in ("silent", "answered", "mailed", "moved")
        made[name] = before.get_model("survey", "Invitation").objects.create(
            campaign=campaign, unit=unit, function="sales", token_hash=bytes([number] * 32),
            recipient=recipients.create(campaign=campaign, email=f"{number}@example.com")
            if has_address else None, **fields,
        )  # fmt: skip
    before.get_model("survey", "Message").objects.create(invitation=made["mailed"], state="sent")

    after = migrated("0016_standing_of_invitations")

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


def test_background_answers_become_counts_and_their_rows_go(migrated: Any) -> None:  # noqa: ANN401
    before = migrated("0017_used_links")
    options: list[Any] = [{"code": code, "text": {}} for code in ("service", "selling", "other")]
    campaign = before.get_model("survey", "Campaign").objects.create(
        organisation=before.get_model("survey", "Organisation").objects.create(name="Acme"),
        instrument=before.get_model("survey", "InstrumentVersion").objects.create(
            code="core", version=1, title="Core", digest="0" * 64,
            content={"background": [{"code": "role", "text": {}, "options": options}]},
        ),
        name="Spring",
    )  # fmt: skip
    before.get_model("survey", "Release").objects.create(
        campaign=campaign, frozen_at=datetime(2026, 5, 4, tzinfo=UTC), digest="0" * 64,
        counts={"answers": {"operations": 40, "sales": 20}, "excluded": {}, "invited": {}},
    )  # fmt: skip
    for role, people in {"service": 30, "selling": 12, "other": 9}.items():
        for _ in range(people):
            before.get_model("survey", "Background").objects.create(
                campaign=campaign, answers={"role": role}
            )

    after = migrated("0018_background_counts")

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
    assert after.get_model("survey", "Campaign").objects.get().background_purpose == ""


def test_mailboxes_are_noted_and_older_doubles_stay(migrated: Any) -> None:  # noqa: ANN401
    before = migrated("0019_roles_apart")
    organisation = before.get_model("survey", "Organisation").objects.create(name="Acme")
    instrument = before.get_model("survey", "InstrumentVersion").objects.create(
        code="core", version=1, title="Core", content={}, digest="0" * 64
    )
    recipients = before.get_model("survey", "Recipient").objects
    for name in ("Spring", "Autumn"):
        campaign = before.get_model("survey", "Campaign").objects.create(
            organisation=organisation, instrument=instrument, name=name
        )
        for address in ("b+1@x.example", "b+2@x.example", "b.c@gmail.com", "bc@googlemail.com"):
            recipients.create(campaign=campaign, email=address)

    after = migrated("0020_mailboxes")

    found = after.get_model("survey", "Recipient").objects.order_by("campaign__name", "email")
    assert list(found.values_list("campaign__name", "email", "mailbox")) == [
        (name, *row)
        for name in ("Autumn", "Spring")
        for row in (
            ("b+1@x.example", "b@x.example"), ("b+2@x.example", ""),
            ("b.c@gmail.com", "bc@gmail.com"), ("bc@googlemail.com", ""),
        )
    ]  # fmt: skip
    assert after.get_model("survey", "Organisation").objects.get().mail_domains == []
