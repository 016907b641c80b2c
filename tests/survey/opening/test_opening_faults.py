"""Whatever fails while ballots are opened is told as its kind, never with what was in a ballot."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from nacl.public import PublicKey, SealedBox
from pytest_django import Settings

from survey.errors import AnswersError, InputError, OpeningError, ReleaseError, WipeError
from survey.mail.outbox import send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import (
    Ballot,
    Campaign,
    CampaignKey,
    CampaignState,
    Membership,
    Message,
    Organisation,
    Role,
    User,
)
from survey.sealing import boxes, keys
from survey.sealing.padding import PLAINTEXT_SIZE
from survey.services.opening.alarms import note_failed_opening
from survey.services.opening.closing import open_closed_campaign
from survey.services.opening.faults import safe_fault
from survey.signals import campaign_released
from survey.tasks import tell_of_failed_opening
from tests.survey.database_dump import dump
from tests.survey.opening.opening_by_worker import open_by_worker
from tests.survey.opening.opening_scenes import ClosedCampaign, closed_campaign

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "a-sheet-that-nobody-may-read"
Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def key_folder(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"


@pytest.fixture
def scene() -> ClosedCampaign:
    return closed_campaign()


@pytest.fixture
def administrator(scene: ClosedCampaign) -> User:
    return member(scene.campaign.organisation, "ada@pumps.example", Role.ADMINISTRATOR)


@pytest.fixture
def manager(scene: ClosedCampaign) -> User:
    return member(scene.campaign.organisation, "max@pumps.example", Role.MANAGER)


def member(organisation: Organisation, email: str, role: Role) -> User:
    user = User.objects.create_user(email, name=email.partition("@")[0].title())
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def seal_again(campaign: Campaign, spoil: Spoil) -> None:
    """Change what one ballot holds."""
    key = CampaignKey.objects.get(campaign=campaign)
    ballot = Ballot.objects.order_by("id")[0]
    payload = boxes.open_box(keys.load_private_key(campaign.pk), ballot.box)
    spoil(payload)
    Ballot.objects.filter(pk=ballot.pk).update(box=boxes.seal(key.public_key, payload))


def seal_no_json(campaign: Campaign) -> None:
    key = CampaignKey.objects.get(campaign=campaign)
    plaintext = MARK.encode().ljust(PLAINTEXT_SIZE)
    box = SealedBox(PublicKey(bytes(key.public_key))).encrypt(plaintext)
    Ballot.objects.filter(pk=Ballot.objects.order_by("id")[0].pk).update(box=bytes(box))


def spoil_box(campaign: Campaign) -> None:
    seal_again(campaign, lambda payload: payload.update(unit=MARK))
    Ballot.objects.filter(pk=Ballot.objects.order_by("id")[1].pk).update(box=b"x" * 4144)


def raise_in_release(error: BaseException) -> Callable[..., None]:
    def fail(**_: object) -> None:
        try:
            raise KeyError(f"{MARK} behind")
        except KeyError as behind:
            raise error from behind

    return fail


@contextmanager
def receiver(action: Callable[..., None]) -> Iterator[None]:
    campaign_released.connect(action, weak=False)
    try:
        yield
    finally:
        campaign_released.disconnect(action)


def answer(payload: dict[str, Any], value: object) -> None:
    payload["answers"]["TF1"] = value


def take_envelope(payload: dict[str, Any]) -> None:
    answer(payload, MARK)
    del payload["leads"]


def sealing(spoil: Spoil) -> Callable[[Campaign], None]:
    return lambda campaign: seal_again(campaign, spoil)


SPOILT: dict[str, tuple[Callable[[Campaign], None], str]] = {
    "a box that does not open": (spoil_box, "found one that does not open. [survey.errors.SealErr"),
    "a box without JSON": (seal_no_json, "[json.decoder.JSONDecodeError at survey/services/"),
    **{
        name: (sealing(spoil), told)
        for name, spoil, told in (
            ("an unknown unit", lambda p: p.update(unit=MARK), "expected a known unit with each"),
            ("no function", lambda p: p.update(function=MARK), "expected a known function with"),
            ("a word for an answer", lambda p: answer(p, MARK), "for TF1, found another value."),
            ("an answer beyond", lambda p: answer(p, 90_807_060), "for TF1, found another value."),
            ("no envelope", take_envelope, "[KeyError at survey/"),
            ("a list", lambda p: p.update(answers=[MARK]), "[AttributeError at survey/services/"),
            ("no background", lambda p: p.update(background=MARK), "[AttributeError at survey/"),
            ("an answer that is a table", lambda p: answer(p, {MARK: [1]}), "Error at survey/"),
        )
    },
}  # fmt: skip


def assert_told_without_a_value(
    campaign: Campaign, caplog: pytest.LogCaptureFixture, told: str
) -> None:
    """Check the state, the note, the task and every byte of database and log."""
    campaign.refresh_from_db()
    task = DBTaskResult.objects.get(
        task_path="survey.tasks.open_ballots", finished_at__isnull=False
    )
    assert (campaign.state, Ballot.objects.count()) == (CampaignState.CLOSED, 28)
    assert told in campaign.opening_problem
    assert (task.status, task.exception_class_path) == ("FAILED", "survey.errors.OpeningError")
    assert f"OpeningError: {campaign.opening_problem}\n" in task.traceback
    assert f"could not be opened. {campaign.opening_problem}" in caplog.text
    for secret in (MARK, "90807060"):
        assert secret not in repr(dump(connection))
        assert secret not in caplog.text
    assert "'TF2': " not in task.traceback + caplog.text


@pytest.mark.parametrize("name", SPOILT)
def test_a_ballot_that_cannot_be_is_told_without_what_it_holds(
    scene: ClosedCampaign, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    spoil, told = SPOILT[name]
    spoil(scene.campaign)

    open_by_worker(scene.campaign)

    assert_told_without_a_value(scene.campaign, caplog, told)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ValueError(f"could not convert {MARK} to float"),
            "[ValueError at survey/services/opening/",
        ),
        (KeyError(MARK), "[KeyError at survey/services/opening/closing.py:"),
        (InputError(f"expected 1 to 7, found {MARK}"), "[survey.errors.InputError at survey/serv"),
        (IntegrityError(f"DETAIL: Failing row contains ({MARK})"), "[django.db.utils.IntegrityErr"),
        (ExceptionGroup(MARK, [ValueError(MARK)]), "[ExceptionGroup at survey/services/"),
        (MemoryError(MARK), "[MemoryError at survey/services/opening/closing.py:"),
    ],
)
def test_whatever_is_raised_is_told_by_its_kind_and_its_places(
    scene: ClosedCampaign, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    with receiver(raise_in_release(error)):
        open_by_worker(scene.campaign)

    assert_told_without_a_value(scene.campaign, caplog, told)
    problem = scene.campaign.opening_problem
    assert "from KeyError at tests/survey/opening/test_opening_faults.py:" in problem


def test_a_database_that_quotes_the_row_it_refuses_is_not_repeated(
    scene: ClosedCampaign, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(
        execute: Callable[..., object], sql: str, parameters: object, *rest: object
    ) -> object:
        if 'INSERT INTO "survey_response"' in sql:
            raise IntegrityError(f"DETAIL: Failing row contains {parameters} {MARK}")
        return execute(sql, parameters, *rest)

    with connection.execute_wrapper(refuse):
        open_by_worker(scene.campaign)

    assert_told_without_a_value(scene.campaign, caplog, "[django.db.utils.IntegrityError at surv")


def test_a_worker_that_is_ended_in_the_midst_of_an_error_takes_the_sheet_with_it(
    scene: ClosedCampaign, caplog: pytest.LogCaptureFixture
) -> None:
    with receiver(raise_in_release(SystemExit(1))):
        row = open_by_worker(scene.campaign)

    scene.campaign.refresh_from_db()
    assert (row.exception_class_path, scene.campaign.opening_problem) == ("builtins.SystemExit", "")
    assert MARK not in row.traceback + caplog.text + repr(dump(connection))


def test_what_is_raised_has_no_error_behind_it_and_no_frame_that_saw_a_sheet(
    scene: ClosedCampaign,
) -> None:
    seal_again(scene.campaign, lambda payload: payload.update(unit=MARK))

    with pytest.raises(OpeningError) as caught:
        open_closed_campaign(campaign_id=scene.campaign.pk)

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    frames = [entry.frame.f_locals for entry in caught.traceback[1:]]
    assert [sorted(known) for known in map(dict, frames)] == [["campaign_id", "fault"]]
    assert MARK not in repr(frames)


def test_only_messages_of_errors_that_hold_no_value_are_told() -> None:
    def told(error: Exception) -> bool:
        try:
            raise error
        except type(error) as raised:
            return MARK in safe_fault(raised)

    class OwnError(ReleaseError):
        """One of which nobody has said that it holds no value."""

    safe, unsafe = (
        (AnswersError, ReleaseError, WipeError),
        (OwnError, InputError, ValueError, KeyError),
    )
    assert [told(kind(MARK)) for kind in (*safe, *unsafe)] == [True] * 3 + [False] * 4
    code = compile(f"raise ValueError('{MARK}')", MARK, "exec")
    with pytest.raises(ValueError, match=MARK) as made:
        exec(code)  # noqa: S102 - code that was made while running, with a name of its own
    assert MARK not in safe_fault(made.value)
    assert "made while running:1" in safe_fault(made.value)


def test_manager_and_administrator_see_it_and_only_the_latter_the_reason(
    scene: ClosedCampaign, administrator: User, manager: User, client: Client
) -> None:
    seal_again(scene.campaign, lambda payload: payload.update(unit=MARK))
    open_by_worker(scene.campaign)
    executive = member(scene.campaign.organisation, "eve@pumps.example", Role.EXECUTIVE)

    pages = {}
    stored = f"/campaigns/{scene.campaign.pk}/stored/"
    for user, address in (
        (manager, f"/campaigns/{scene.campaign.pk}/"),
        (manager, stored),
        (manager, "/"),
        (administrator, stored),
        (administrator, "/"),
        (executive, "/"),
    ):
        client.force_login(user)
        page = client.get(address).content.decode()
        told = "The ballots could not be opened." in page
        pages[user.name, address] = told, "expected a known unit with each" in page
        assert "Results appear here within minutes" not in page
    assert pages == {
        ("Max", f"/campaigns/{scene.campaign.pk}/"): (True, False),
        ("Max", stored): (True, False),
        ("Max", "/"): (True, False),
        ("Ada", stored): (True, True),
        ("Ada", "/"): (True, False),
        ("Eve", "/"): (False, False),
    }


def send_alarms() -> int:
    """Send the alarms in the outbox; return how many waited there."""
    waiting = Message.objects.filter(kind="opening_alarm", state="waiting").count()
    send_due_messages()
    return waiting


def test_administrators_get_one_mail_a_reason_until_the_opening_works(
    scene: ClosedCampaign, administrator: User, manager: User
) -> None:
    elsewhere = Organisation.objects.create(name="Other")
    Membership.objects.create(organisation=elsewhere, user=manager, role=Role.ADMINISTRATOR)
    boxed = dict(Ballot.objects.values_list("pk", "box"))
    sent = []
    for spoil in ("an unknown unit", "an unknown unit", "no function", "an unknown unit"):
        SPOILT[spoil][0](scene.campaign)
        open_by_worker(scene.campaign)
        send_alarms()
        sent.append(len(mail.outbox))
        for key, box in boxed.items():
            Ballot.objects.filter(pk=key).update(box=box)
    open_by_worker(scene.campaign)

    assert sent == [1, 1, 2, 2]
    first = mail.outbox[0]
    assert (first.to, first.subject) == (
        ["ada@pumps.example"], "Spring wave: the ballots could not be opened",
    )  # fmt: skip
    assert isinstance(first, EmailMultiAlternatives)
    for text in (first.body, str(first.alternatives[0][0])):
        assert "expected a known unit with each, found another." in text
        assert f"http://localhost:8000/campaigns/{scene.campaign.pk}/stored/" in text
        assert MARK not in text
    scene.campaign.refresh_from_db()
    assert scene.campaign.state == CampaignState.RELEASED
    assert (scene.campaign.opening_problem, scene.campaign.opening_alarms) == ("", [])


def test_managers_get_the_mail_where_nobody_administers_and_nobody_once_it_works(
    scene: ClosedCampaign, manager: User
) -> None:
    SPOILT["an unknown unit"][0](scene.campaign)
    open_by_worker(scene.campaign)
    Campaign.objects.update(opening_problem="")
    alarms = send_alarms()
    nothing = len(mail.outbox)
    Campaign.objects.update(opening_alarms=[])
    open_by_worker(scene.campaign)
    send_alarms()

    assert (alarms, nothing, [one.to for one in mail.outbox]) == (1, 0, [[manager.email]])


def test_a_task_that_was_queued_before_posts_the_mail(
    scene: ClosedCampaign, administrator: User
) -> None:
    note_failed_opening(campaign_id=scene.campaign.pk, problem="a problem")
    Message.objects.all().delete()

    tell_of_failed_opening.call(str(scene.campaign.pk), str(administrator.pk), 3)

    assert send_alarms() == 1
    assert [one.to for one in mail.outbox] == [[administrator.email]]


def test_a_mail_that_no_server_takes_is_tried_again_and_harms_nothing(
    scene: ClosedCampaign, administrator: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    note_failed_opening(campaign_id=scene.campaign.pk, problem="a problem")
    send_alarms()

    message = Message.objects.get(kind="opening_alarm")
    assert (message.state, message.attempts, message.user) == ("waiting", 0, administrator)
    assert round((message.due_at - timezone.now()) / BACKOFF[0]) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    open_closed_campaign(campaign_id=scene.campaign.pk)
    scene.campaign.refresh_from_db()
    assert scene.campaign.state == CampaignState.RELEASED


def test_a_key_that_cannot_be_destroyed_is_told_after_the_release_and_forgotten_with_it(
    scene: ClosedCampaign, administrator: User, settings: Settings, tmp_path: Path, client: Client
) -> None:
    settings.KEY_COPY_DIR = tmp_path / "copies"
    stubborn = Path(settings.KEY_COPY_DIR) / f"{scene.campaign.pk}.key"
    stubborn.mkdir(parents=True)
    open_by_worker(scene.campaign)
    client.force_login(administrator)
    page = client.get(f"/campaigns/{scene.campaign.pk}/stored/").content.decode()
    stubborn.rmdir()
    open_by_worker(scene.campaign)

    scene.campaign.refresh_from_db()
    assert "or the key could not be destroyed" in page
    assert "[IsADirectoryError at survey/services/opening/closing.py:" in page
    assert (scene.campaign.state, scene.campaign.opening_problem) == (CampaignState.RELEASED, "")


def test_a_cancelled_campaign_has_no_problem_to_tell(
    scene: ClosedCampaign, administrator: User
) -> None:
    Campaign.objects.update(state=CampaignState.CANCELLED)

    open_by_worker(scene.campaign)

    scene.campaign.refresh_from_db()
    assert (scene.campaign.opening_problem, send_alarms()) == ("", 0)
    assert sys.exc_info() == (None, None, None)
