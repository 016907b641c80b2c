"""Opening happens once or not at all, and leaves nothing that joins a person to an answer."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from survey.errors import KeyUnavailableError, OpeningError, StateError, WipeError
from survey.models import (
    BackgroundCount,
    Ballot,
    Campaign,
    CampaignKey,
    CampaignState,
    Draft,
    Invitation,
    LedgerEntry,
    Message,
    Participation,
    Pool,
    Recipient,
    Release,
    ReleaseCell,
    ReleasedSet,
    Response,
)
from survey.policy import OPENING_RETRY
from survey.release.digest import release_digest
from survey.release.plan import release
from survey.release.tables import ReleasedTables
from survey.sealing import boxes, keys
from survey.selectors.openings import campaigns_due_to_open
from survey.selectors.releases import (
    background_of,
    campaign_tree,
    released_cells,
    released_rows,
)
from survey.services.opening.closing import open_closed_campaign
from survey.services.opening.opening import open_campaign
from survey.signals import campaign_released
from survey.tasks import launch_campaign, open_ballots, replace_link
from tests.survey.child_processes import COMMIT, RELEASE, killed_opening
from tests.survey.database_dump import dump
from tests.survey.opening.opening_scenes import RULES, ClosedCampaign, closed_campaign
from tests.survey.opening.physical_order import physical_place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def key_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keep the keys of a test in its own folder."""
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR


@pytest.fixture
def scene() -> ClosedCampaign:
    return closed_campaign()


@contextmanager
def receiver(action: Callable[..., None]) -> Iterator[None]:
    """Have something done inside the opening's transaction."""
    campaign_released.connect(action, weak=False)
    try:
        yield
    finally:
        campaign_released.disconnect(action)


def in_memory(scene: ClosedCampaign) -> tuple[ReleasedTables, pd.DataFrame]:
    return release(
        scene.answers,
        campaign_tree(scene.campaign),
        scene.small.instrument,
        floor=5,
        sensitive_floor=10,
        exclusion_rules=RULES,
    )


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Return all tables but the queue, into which every release puts its tasks."""
    tables = dump(connection)
    return {name: rows for name, rows in tables.items() if not name.startswith("django_tasks")}


def assert_released(scene: ClosedCampaign) -> None:
    """Check every trace of one whole opening."""
    scene.campaign.refresh_from_db()
    assert scene.campaign.state == CampaignState.RELEASED
    assert not any(m.objects.exists() for m in (Ballot, Draft, Message, Invitation))
    assert Response.objects.count() == 15 + 7 + 6
    assert [entry.action for entry in scene.campaign.ledger.all()] == [
        "closed", "ballots opened", "key destroyed",
    ]  # fmt: skip
    assert CampaignKey.objects.get().destroyed_at is not None
    with pytest.raises(KeyUnavailableError):
        keys.load_private_key(scene.campaign.id)


def test_what_is_stored_equals_what_is_computed_in_memory(scene: ClosedCampaign) -> None:
    tables, rows = in_memory(scene)

    open_campaign(campaign_id=scene.campaign.id)

    campaign = Campaign.objects.get()
    stored = released_cells(campaign)
    assert stored.tree == tables.tree
    assert stored.pools == tables.pools
    assert stored.sets == tables.sets
    assert stored.dropped_items == tables.dropped_items
    assert stored.counts.answers == tables.counts.answers
    assert stored.counts.excluded == tables.counts.excluded
    assert stored.counts.invited == {"operations": 15, "sales": 16}
    pd.testing.assert_frame_equal(stored.cells, tables.cells)
    pd.testing.assert_frame_equal(released_rows(campaign), rows)
    assert Release.objects.get().digest == release_digest(stored) == release_digest(tables)


def test_the_sets_of_the_scene_are_these(scene: ClosedCampaign) -> None:
    open_campaign(campaign_id=scene.campaign.id)

    names = {key: unit.code for unit in scene.campaign.units.all() for key in [str(unit.id)]}
    sets = released_cells(Campaign.objects.get()).sets
    # A leader is among those who come together at the top, so they are no set of small teams.
    assert [(s.plan, s.kind, names[s.unit], s.function, s.n) for s in sets] == [
        ("general", "unit", "N", "", 28),
        ("general", "unit", "N", "operations", 15),
        ("general", "unit", "N", "sales", 13),
        ("general", "unit", "N2", "", 15),
        ("general", "unit", "N2", "operations", 9),
        ("general", "unit", "N2", "sales", 6),
        ("general", "unit", "N3", "", 7),
        ("sensitive", "unit", "N", "", 28),
        ("sensitive", "unit", "N", "operations", 15),  # N2's 6 and the small teams' 6 make 12
        ("sensitive", "unit", "N", "sales", 13),
        ("sensitive", "unit", "N2", "", 15),
    ]


def test_opening_leaves_no_ballot_draft_invitation_or_key(
    scene: ClosedCampaign, key_folder: Path
) -> None:
    before = [path.name for path in key_folder.iterdir()]

    open_campaign(campaign_id=scene.campaign.id)

    assert_released(scene)
    assert before == [f"{scene.campaign.id}.key"]
    assert list(key_folder.iterdir()) == []


def test_opening_forgets_the_tasks_of_the_campaign_and_of_its_links(scene: ClosedCampaign) -> None:
    DBTaskResult.objects.all().delete()
    link = Invitation.objects.filter(campaign=scene.campaign)[0]
    for done in (
        replace_link.enqueue(str(link.pk)),
        launch_campaign.enqueue(str(scene.campaign.pk)),
    ):
        DBTaskResult.objects.filter(pk=done.id).update(status=TaskResultStatus.SUCCESSFUL)
    launch_campaign.enqueue(str(uuid4()))
    opening = open_ballots.enqueue(str(scene.campaign.pk))
    DBTaskResult.objects.filter(pk=opening.id).update(status=TaskResultStatus.RUNNING)

    open_campaign(campaign_id=scene.campaign.pk)

    left = DBTaskResult.objects.order_by("enqueued_at").values_list("task_path", flat=True)
    assert [path.rpartition(".")[2] for path in left] == [
        "launch_campaign", "open_ballots", "assess_campaign",
    ]  # fmt: skip


def test_participation_counts_and_addresses_stay(scene: ClosedCampaign) -> None:
    before = list(Participation.objects.order_by("id").values())

    open_campaign(campaign_id=scene.campaign.id)

    assert list(Participation.objects.order_by("id").values()) == before
    assert len(before) == 6
    assert Recipient.objects.count() == 28 + 3


def test_opening_twice_is_opening_once(scene: ClosedCampaign) -> None:
    open_campaign(campaign_id=scene.campaign.id)
    first = contents()

    open_campaign(campaign_id=scene.campaign.id)
    open_closed_campaign(campaign_id=scene.campaign.id)

    assert contents() == first


def test_receivers_are_told_inside_the_transaction_and_see_the_release(
    scene: ClosedCampaign,
) -> None:
    seen: list[tuple[bool, str, int]] = []

    def look(*, campaign: Campaign, **_: object) -> None:
        released = ReleasedSet.objects.filter(release__campaign=campaign).count()
        seen.append((connection.in_atomic_block, campaign.state, released))

    with receiver(look):
        open_campaign(campaign_id=scene.campaign.id)
        open_campaign(campaign_id=scene.campaign.id)

    assert seen == [(True, CampaignState.RELEASED, 11)]


def test_a_failure_inside_the_transaction_leaves_everything_as_it_was(
    scene: ClosedCampaign,
) -> None:
    before = dump(connection)

    def fail(*, campaign: Campaign, **_: object) -> None:
        Pool.objects.create(  # the owner has a pool already
            release=campaign.release,
            owner=Pool.objects.first().owner,  # type: ignore[union-attr]
            n=9,
            merges_units=False,
        )

    with receiver(fail), pytest.raises(IntegrityError):
        open_campaign(campaign_id=scene.campaign.id)

    assert dump(connection) == before
    assert len(keys.load_private_key(scene.campaign.id)) == 32
    open_campaign(campaign_id=scene.campaign.id)
    assert_released(scene)


def test_a_failure_right_after_the_commit_is_made_good_by_the_next_call(
    scene: ClosedCampaign,
) -> None:
    def fail() -> None:
        raise OSError("the worker's machine went away")

    def arm(**_: object) -> None:
        transaction.on_commit(fail)

    with receiver(arm), pytest.raises(OSError, match="went away"):
        open_campaign(campaign_id=scene.campaign.id)
    assert len(keys.load_private_key(scene.campaign.id)) == 32
    released = released_cells(Campaign.objects.get())
    soon = timezone.now() + OPENING_RETRY
    due = campaigns_due_to_open(soon).count()

    open_closed_campaign(campaign_id=scene.campaign.id)

    assert_released(scene)
    assert (due, campaigns_due_to_open(soon).count()) == (1, 0)
    assert release_digest(released_cells(Campaign.objects.get())) == release_digest(released)


def test_a_key_copy_that_cannot_be_destroyed_is_tried_again(
    scene: ClosedCampaign, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_COPY_DIR = tmp_path / "copies"
    stubborn = Path(settings.KEY_COPY_DIR) / f"{scene.campaign.id}.key"
    stubborn.mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        open_campaign(campaign_id=scene.campaign.id)
    stubborn.rmdir()
    open_campaign(campaign_id=scene.campaign.id)

    assert_released(scene)


@pytest.mark.parametrize("moment", [RELEASE, COMMIT])
def test_a_worker_killed_at_once_has_opened_wholly_or_not_at_all(
    scene: ClosedCampaign, moment: str
) -> None:
    before = dump(connection)

    assert killed_opening(scene.campaign.id, moment) == -signal.SIGKILL

    assert (dump(connection) == before) is (moment == RELEASE)
    assert len(keys.load_private_key(scene.campaign.id)) == 32
    open_campaign(campaign_id=scene.campaign.id)
    assert_released(scene)


def test_opening_waits_until_late_answers_are_in() -> None:
    scene = closed_campaign()
    end = timezone.now()
    Campaign.objects.update(accepts_until=end)

    with pytest.raises(StateError, match="time for late answers is over, found closed"):
        open_campaign(campaign_id=scene.campaign.id, now=end - timedelta(seconds=1))
    assert Ballot.objects.count() == 28
    open_campaign(campaign_id=scene.campaign.id, now=end)

    assert_released(scene)


@pytest.mark.parametrize("state", ["draft", "open", "cancelled"])
def test_a_campaign_that_is_not_closed_is_not_opened(scene: ClosedCampaign, state: str) -> None:
    Campaign.objects.update(state=state)

    with pytest.raises(StateError, match=f"found {state}"):
        open_campaign(campaign_id=scene.campaign.id)

    assert Ballot.objects.count() == 28


def test_a_ballot_that_does_not_open_stops_the_opening(scene: ClosedCampaign) -> None:
    ballot = Ballot.objects.order_by("id").first()
    assert ballot is not None
    Ballot.objects.filter(pk=ballot.pk).update(box=bytes(len(ballot.box)))

    with pytest.raises(OpeningError, match="found one that does not open"):
        open_closed_campaign(campaign_id=scene.campaign.id)

    scene.campaign.refresh_from_db()
    assert scene.campaign.state == CampaignState.CLOSED
    assert "found one that does not open" in scene.campaign.opening_problem
    assert Ballot.objects.count() == 28


def test_the_ledger_says_what_was_opened_and_which_key_is_gone(scene: ClosedCampaign) -> None:
    fingerprint = CampaignKey.objects.get().fingerprint

    open_campaign(campaign_id=scene.campaign.id)

    _closed, opened, destroyed = LedgerEntry.objects.all()
    assert opened.detail == {
        "ballots": "20+",
        "digest": Release.objects.get().digest,
        "sets": [info.key for info in released_cells(Campaign.objects.get()).sets],
        "exclusion_rules": RULES.as_mapping(),
    }
    assert destroyed.detail == {"fingerprint": fingerprint}


def test_careless_answers_are_in_no_row_and_their_background_is_not_counted(
    scene: ClosedCampaign,
) -> None:
    key = CampaignKey.objects.get()
    private = keys.load_private_key(scene.campaign.id)
    careless = Ballot.objects.first()
    assert careless is not None
    payload = boxes.open_box(private, careless.box)
    payload["answers"] = dict.fromkeys(payload["answers"], 4)
    Ballot.objects.filter(pk=careless.pk).update(box=boxes.seal(key.public_key, payload))

    open_campaign(campaign_id=scene.campaign.id)

    excluded = Release.objects.get().counts["content"]["excluded"]
    assert sum(excluded["attention_check"].values()) == 1
    told = payload["background"]["role"] == "service"
    assert background_of(Campaign.objects.get()) == {"role": {"service": 17 - told}}


def test_stored_answers_have_no_unit_invitation_time_or_address() -> None:
    assert {field.name for field in Response._meta.get_fields()} == {
        "id", "campaign", "pool", "function", "answers",
    }  # fmt: skip
    assert {field.name for field in BackgroundCount._meta.get_fields()} == {
        "id", "release", "question", "counts",
    }  # fmt: skip
    for model in (Response, BackgroundCount, Pool, ReleasedSet, ReleaseCell):
        kinds = {type(field) for field in model._meta.get_fields()}
        assert not kinds & {models.DateTimeField, models.DateField, models.TimeField}
    assert isinstance(Response._meta.pk, models.UUIDField)


def test_no_unit_is_in_the_rows_and_none_in_the_stored_answers(scene: ClosedCampaign) -> None:
    open_campaign(campaign_id=scene.campaign.id)

    rows = released_rows(Campaign.objects.get())
    codes = [c for c in scene.answers.columns if c not in ("unit", "leads", "CHECK1", "function")]
    assert sorted(rows.columns) == sorted(["pool", "function", *codes])
    stored = Response.objects.values_list("answers", flat=True)
    assert {code for answers in stored for code in answers} == set(codes)


def test_a_release_holds_nothing_of_what_the_campaign_did_not_ask(scene: ClosedCampaign) -> None:
    Campaign.objects.update(asks_attention_check=False, asks_markers=False)

    open_campaign(campaign_id=scene.campaign.id)

    rows = released_rows(Campaign.objects.get())
    beside = {"CHECK1", "MV1", "MV2", "MV3"}
    asked = {item.code for _, item in scene.small.instrument.items()} - beside
    assert set(rows.columns) == {"pool", "function", *asked}
    stored = Response.objects.values_list("answers", flat=True)
    assert {code for answers in stored for code in answers} == asked


def test_rows_are_written_in_an_order_of_chance(scene: ClosedCampaign) -> None:
    open_campaign(campaign_id=scene.campaign.id)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pool_id FROM survey_response ORDER BY {physical_place()}")  # noqa: S608
        pools = [row[0] for row in cursor.fetchall()]
    changes = sum(one != other for one, other in pairwise(pools))

    # Of three pools in their order only two of 27 neighbours differ; by chance fewer than five do
    # less than once in a million times.
    assert sorted(Counter(pools).values()) == [6, 7, 15]
    assert changes >= 5


def test_background_answers_become_counts_and_nothing_else(scene: ClosedCampaign) -> None:
    open_campaign(campaign_id=scene.campaign.id)

    assert [one.counts["content"] for one in BackgroundCount.objects.all()] == [{"service": 17}]
    assert background_of(Campaign.objects.get()) == {"role": {"service": 17}}


def test_ten_people_whom_a_manager_added_lift_no_background_answer_over_the_floor() -> None:
    scene = closed_campaign(added=10)

    open_campaign(campaign_id=scene.campaign.id)

    assert background_of(scene.campaign) == {"role": {"service": 17}}


def test_background_answers_of_a_campaign_that_states_no_purpose_are_not_counted(
    scene: ClosedCampaign,
) -> None:
    """Ballots may hold some from before a campaign had to say what they are for."""
    Campaign.objects.update(background_purpose=" ")

    open_campaign(campaign_id=scene.campaign.id)

    assert BackgroundCount.objects.count() == 0
    assert Response.objects.count() == 28


def test_ballots_and_invitations_are_gone_from_the_files_of_the_database(
    scene: ClosedCampaign,
) -> None:
    secret = [bytes(box)[:64] for box in Ballot.objects.values_list("box", flat=True)]
    secret += [bytes(digest) for digest in Invitation.objects.values_list("token_hash", flat=True)]

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF").close()  # then only the wiping is left

    open_campaign(campaign_id=scene.campaign.id)

    assert [part for part in secret if part in _content_of_files(before=secret)] == []


def test_the_key_stays_until_no_older_transaction_sees_the_deleted_rows(
    scene: ClosedCampaign,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite refuses to rewrite a file that a transaction reads")
    with closing(connection.copy()) as backup, backup.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM survey_campaign")
        with pytest.raises(WipeError, match="an older transaction still sees"):
            open_campaign(campaign_id=scene.campaign.id)
        cursor.execute("COMMIT")
    assert len(keys.load_private_key(scene.campaign.id)) == 32

    open_campaign(campaign_id=scene.campaign.id)

    assert_released(scene)


def _content_of_files(*, before: list[bytes]) -> bytes:
    """Return the database's files; for PostgreSQL the secrets, if an emptied table has pages."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
    tables = [model._meta.db_table for model in (Ballot, Draft, Message, Invitation)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_relation_size(t)) FROM unnest(%s::regclass[]) AS t", [tables])
        return b"" if cursor.fetchone() == (0,) else b"".join(before)


def test_reading_a_release_takes_as_many_queries_for_many_sets_as_for_few(
    scene: ClosedCampaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_campaign(campaign_id=scene.campaign.id)
    campaign = Campaign.objects.select_related("instrument", "release").get()

    with django_assert_max_num_queries(5):
        released_cells(campaign)
    with django_assert_max_num_queries(2):
        released_rows(campaign)
