"""A lost key is noticed while people go on answering, and nothing is taken that needs it."""

import html
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from survey.errors import RestingError
from survey.instrument.answers import Answers
from survey.mail.outbox import send_due_messages
from survey.mail.sending import BACKOFF
from survey.models import (
    Ballot,
    Campaign,
    CampaignKey,
    CampaignState,
    Draft,
    Invitation,
    Membership,
    Message,
    Organisation,
    Role,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.key_alarms import key_alarms
from survey.selectors.respondents import find_respondent, read_draft
from survey.services import ballots
from survey.services.campaigns import close_campaign
from survey.services.schedule import run_due_work
from survey.tasks import send_key_alarm
from tests.survey.mail.outbox_clock import let_pass
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, tzinfo=timezone.get_fixed_timezone(0))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHECKING = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL)
RESTS = "The survey rests at the moment"


@pytest.fixture(autouse=True)
def key_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.KEY_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def campaign() -> Campaign:
    with time_machine.travel(NOW, tick=False):
        campaign = open_campaign_of(organisation_with_manager()[0])
    for role in Role:
        member(campaign.organisation, role)
    return campaign


@pytest.fixture
def file(campaign: Campaign, key_dir: Path) -> Path:
    return key_dir / f"{campaign.pk}.key"


@pytest.fixture
def tokens(campaign: Campaign, file: Path) -> list[str]:
    key = load_token_key(campaign.pk)
    return [derive_token(key, one) for one in Invitation.objects.values_list("pk", flat=True)]


def member(organisation: Organisation, role: Role, name: str = "") -> User:
    user = User.objects.create_user(f"{name or role}@{organisation.name.lower()}.example")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def tick(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        run_due_work(at)


def send_queued(at: datetime) -> list[str]:
    """Send the alarms in the outbox, and no invitation; return whom they went to."""
    before = len(mail.outbox)
    Message.objects.exclude(invitation=None).delete()
    with time_machine.travel(at, tick=False):
        send_due_messages()
    return sorted(address for message in mail.outbox[before:] for address in message.to)


def text_of(address: str, reader: User, at: datetime) -> str:
    client = Client()
    with time_machine.travel(at, tick=False):
        client.force_login(reader)
        page = client.get(address, follow=True)
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text))


def banners(campaign: Campaign, at: datetime) -> dict[str, set[str]]:
    """Return, for each role that checks the campaign, which pages show a banner."""
    pages = {"home": "/", "stored": f"/campaigns/{campaign.pk}/stored/"}
    own = {"campaign": f"/campaigns/{campaign.pk}/"}
    return {
        role.value: {
            name
            for name, address in (pages | (own if role == Role.MANAGER else {})).items()
            if "The key of “Spring survey” is lost" in text_of(address, reader_of(role), at)
        }
        for role in CHECKING
    }


def reader_of(role: Role) -> User:
    return User.objects.get(email=f"{role}@acme.example")


def test_a_lost_key_is_noticed_while_people_go_on_answering(
    campaign: Campaign, file: Path, tokens: list[str], client: Client
) -> None:
    content = file.read_bytes()
    tick(NOW + MINUTE)
    quiet = banners(campaign, NOW + MINUTE)
    file.unlink()

    lost = NOW + 2 * MINUTE
    tick(lost)
    told = send_queued(lost)
    for minutes in range(1, 11):
        tick(lost + minutes * MINUTE)
    told_again = send_queued(lost + 11 * MINUTE)

    everywhere = {"home", "stored"}
    shown = {"manager": everywhere | {"campaign"}} | dict.fromkeys(
        ("administrator", "council"), everywhere
    )
    assert set().union(*quiet.values()) == set()
    assert banners(campaign, lost) == shown
    assert (told, told_again) == (["administrator@acme.example"], [])

    just_before = lost + 2 * HOUR - timedelta(seconds=1)
    client.get(f"/s/{tokens[0]}")
    with time_machine.travel(just_before, tick=False):
        tick(just_before)
        assert client.get("/answer/").status_code == 200
        ballots.submit(token=tokens[1], answers=Answers({"TF1": 4}))
    assert Ballot.objects.count() == 1

    with time_machine.travel(lost + 2 * HOUR, tick=False):
        entry = Client().get(f"/s/{tokens[0]}", follow=True)
        posted = client.post("/answer/submit/", {"TF1": "4"})
        with pytest.raises(RestingError):
            ballots.submit(token=tokens[0], answers=Answers({"TF1": 4}))
    assert (entry.status_code, posted.status_code) == (503, 503)
    assert entry.headers["Retry-After"] == posted.headers["Retry-After"] == "600"
    assert RESTS in entry.content.decode()
    assert '<input type="hidden" name="TF1" value="4">' in posted.content.decode()
    assert Ballot.objects.count() == 1
    assert banners(campaign, lost + 2 * HOUR) == shown

    file.write_bytes(content)
    back = lost + 5 * HOUR
    tick(back)
    with time_machine.travel(back, tick=False):
        assert client.get("/answer/").status_code == 200
        ballots.submit(token=tokens[0], answers=Answers({"TF1": 4}))
    assert Ballot.objects.count() == 2
    assert set().union(*banners(campaign, back).values()) == set()


def test_where_no_worker_runs_the_survey_rests_as_well_and_goes_on_with_its_first_tick(
    campaign: Campaign, tokens: list[str], client: Client
) -> None:
    client.get(f"/s/{tokens[0]}")
    statuses = []
    for at in (NOW + 3 * HOUR - MINUTE, NOW + 3 * HOUR, NOW + 8 * HOUR):
        with time_machine.travel(at, tick=False):
            statuses.append(client.get("/answer/1/").status_code)
    council = reader_of(Role.COUNCIL)
    early = text_of("/", council, NOW + 74 * MINUTE)
    late = text_of("/", council, NOW + 75 * MINUTE)
    resting = text_of("/", council, NOW + 8 * HOUR)
    tick(NOW + 8 * HOUR)
    with time_machine.travel(NOW + 8 * HOUR, tick=False):
        statuses.append(client.get("/answer/1/").status_code)

    assert statuses == [200, 503, 503, 200]
    assert "Nobody knows whether the key" not in early
    assert "it last did on 2 March 2026, 10:00 (Europe/Helsinki)" in late
    assert "On 2 March 2026, 13:00 (Europe/Helsinki) the entry page will say" in late
    assert "The entry page says that the survey rests" in resting
    assert "Please note" not in text_of("/", council, NOW + 8 * HOUR)


def page_of(code: str, token: str) -> int:
    """Return the page on which a person meets a statement."""
    respondent = find_respondent(token)
    assert respondent is not None
    pages = respondent.pages()
    return next(page.number for page in pages if code in {item.code for item in page.items})


def test_while_it_rests_every_page_says_so_and_nothing_that_was_typed_is_lost(
    campaign: Campaign, tokens: list[str], client: Client
) -> None:
    client.get(f"/s/{tokens[0]}")
    number = page_of("TF1", tokens[0])
    with time_machine.travel(NOW, tick=False):
        before = client.post("/answer/save/", {"TF1": "2"})
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        pages = ("", "sample/", "unit/", f"{number}/", "review/")
        statuses = {page: client.get(f"/answer/{page}").status_code for page in pages}
        saved = client.post("/answer/save/", {"TF2": "5"})
        moved = client.post(f"/answer/{number}/", {"TF1": "6", "to": "next"}, follow=True)
        review = client.post("/answer/submit/", {"TF1": "6", "background-role": "selling"})
        withdrawal = client.get("/answer/withdraw/").status_code
    kept = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', str(review.content))

    assert (before.status_code, saved.status_code, withdrawal) == (204, 204, 200)
    assert set(statuses.values()) == {503}
    assert (moved.status_code, RESTS in moved.content.decode()) == (503, True)
    assert [pair for pair in kept if pair[0] != "csrfmiddlewaretoken"] == [
        ("TF1", "6"), ("background-role", "selling"),
    ]  # fmt: skip
    assert read_draft(tokens[0]).items == {"TF1": 6, "TF2": 5}
    assert (Draft.objects.count(), Ballot.objects.count()) == (1, 0)
    assert not Invitation.objects.filter(done=True).exists()


def test_the_resting_page_speaks_the_respondent_s_language_and_names_nobody(
    campaign: Campaign, tokens: list[str], client: Client
) -> None:
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        page = client.get(f"/s/{tokens[0]}", follow=True).content.decode()
        head = client.head("/answer/")

    assert '<html lang="en"' in page
    assert "come back later with the same link or code" in page
    assert not re.search(r"key|worker|Person \d|n1-|n2-", page.split("<main")[1])
    assert head.status_code == 503


def test_whoever_has_answered_is_thanked_all_the_same(
    campaign: Campaign, tokens: list[str], client: Client
) -> None:
    with time_machine.travel(NOW, tick=False):
        ballots.submit(token=tokens[0], answers=Answers())
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        page = client.get(f"/s/{tokens[0]}", follow=True)

    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/answer/thanks/")


def test_a_late_submit_within_the_grace_is_refused_too(
    campaign: Campaign, tokens: list[str]
) -> None:
    closed = NOW + 4 * HOUR
    close_campaign(campaign=campaign, now=closed, by=Who.WORKER)

    with pytest.raises(RestingError):
        ballots.submit(token=tokens[0], answers=Answers(), now=closed + MINUTE)
    assert Ballot.objects.count() == 0


def test_an_open_campaign_whose_key_was_never_proven_takes_nothing(
    campaign: Campaign, tokens: list[str]
) -> None:
    CampaignKey.objects.update(canary_opened_at=None)

    with pytest.raises(RestingError):
        ballots.submit(token=tokens[0], answers=Answers(), now=NOW)


def become_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def put_its_folder_under_a_file(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.touch()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1]), "damaged"),
        (lambda file: file.write_bytes(bytes(64)), "foreign"),
        (become_a_folder, "unreadable"),
        (put_its_folder_under_a_file, "unreadable"),
        # Its own private key beside a token key that makes other links.
        (lambda file: file.write_bytes(file.read_bytes()[:32] + bytes(32)), "foreign"),
    ],
)
def test_whatever_happened_to_the_file_is_noticed_and_told_in_words(
    campaign: Campaign, file: Path, spoil: object, problem: str
) -> None:
    spoil(file)  # type: ignore[operator]
    tick(NOW + MINUTE)

    key = CampaignKey.objects.get()
    page = text_of(f"/campaigns/{campaign.pk}/stored/", reader_of(Role.COUNCIL), NOW + MINUTE)
    assert (key.failing_since, key.failing_problem) == (NOW + MINUTE, problem)
    assert str(key.get_failing_problem_display()) in page
    assert "the folder that the setting KEY_DIR names" in page
    assert str(file.parent) not in page


def test_one_of_two_copies_is_enough_and_its_loss_is_told(
    settings: Settings, tmp_path: Path, key_dir: Path
) -> None:
    settings.KEY_COPY_DIR = str(tmp_path / "copies")
    with time_machine.travel(NOW, tick=False):
        campaign = open_campaign_of(organisation_with_manager()[0])
    council = member(campaign.organisation, Role.COUNCIL)
    first, second = (folder / f"{campaign.pk}.key" for folder in (key_dir, tmp_path / "copies"))
    whole = first.read_bytes()

    seen: list[tuple[list[str], datetime | None, bool]] = []
    for path, content in ((first, bytes(64)), (first, whole), (second, b""), (second, whole)):
        path.write_bytes(content)
        at = NOW + (len(seen) + 1) * MINUTE
        tick(at)
        page = text_of("/", council, at)
        named = re.findall(r"in the folder that (\w+) names is missing", page)
        seen.append(
            (named, CampaignKey.objects.get().failing_since, Campaign.objects.get().rests(at))
        )
        assert load_token_key(campaign.pk) == whole[32:]

    assert seen == [
        (["KEY_DIR"], None, False), ([], None, False),
        (["KEY_COPY_DIR"], None, False), ([], None, False),
    ]  # fmt: skip
    assert not Message.objects.filter(kind="key_alarm").exists()


def test_each_loss_is_told_anew_and_a_key_that_comes_and_goes_once_an_hour(
    campaign: Campaign, file: Path
) -> None:
    content = file.read_bytes()
    told = []
    for minutes in range(1, 125):
        at = NOW + minutes * MINUTE
        file.write_bytes(content) if minutes % 2 else file.unlink()
        tick(at)
        told += [minutes for _ in send_queued(at)]

    assert told == [2, 62, 122]


def test_who_is_told_has_the_role_and_an_account_in_use_or_runs_the_campaigns(
    campaign: Campaign, file: Path
) -> None:
    member(campaign.organisation, Role.ADMINISTRATOR, "second")
    gone = member(campaign.organisation, Role.ADMINISTRATOR, "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    member(theirs, Role.ADMINISTRATOR)
    file.unlink()
    tick(NOW + MINUTE)
    first = send_queued(NOW + MINUTE)

    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    CampaignKey.objects.update(told_at=None)
    tick(NOW + 2 * MINUTE)

    assert first == ["administrator@acme.example", "second@acme.example"]
    assert send_queued(NOW + 2 * MINUTE) == ["manager@acme.example", "maria@example.com"]


def test_the_mail_says_since_when_why_and_what_to_do_and_no_path(
    campaign: Campaign, file: Path
) -> None:
    file.unlink()
    tick(NOW + MINUTE)
    send_queued(NOW + MINUTE)

    message = mail.outbox[-1]
    body = re.sub(r"\s+", " ", str(message.body))
    assert message.subject == "Spring survey at Acme: the ballot box lacks its key"
    for words in (
        "Since 2 March 2026, 10:01 (Europe/Helsinki)",
        "there is no file of this campaign's key.",
        "People can go on answering until 2 March 2026, 12:01 (Europe/Helsinki).",
        file.name,
        f"/campaigns/{campaign.pk}/stored/",
    ):
        assert words in body, words
    assert str(file.parent) not in body + str(message.alternatives[0][0])  # type: ignore[attr-defined]


def test_a_mail_that_the_server_does_not_take_is_tried_again_and_dropped_once_the_key_is_back(
    campaign: Campaign, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise SMTPServerDisconnected("gone")

    content = file.read_bytes()
    file.unlink()
    tick(NOW + MINUTE)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert send_queued(NOW + MINUTE) == []
    (message,) = Message.objects.all()
    too_early = send_queued(NOW + MINUTE)
    let_pass(BACKOFF[0])
    again = send_queued(NOW + MINUTE + BACKOFF[0])
    CampaignKey.objects.update(told_at=None)
    tick(NOW + 3 * MINUTE)
    file.write_bytes(content)
    tick(NOW + 4 * MINUTE)

    assert (message.kind, message.state, message.attempts) == ("key_alarm", "waiting", 1)
    assert (too_early, again) == ([], ["administrator@acme.example"])
    assert send_queued(NOW + 4 * MINUTE) == []
    assert not Message.objects.due().exists()


def test_a_task_that_was_queued_before_posts_the_mail_of_its_own_loss(
    campaign: Campaign, file: Path
) -> None:
    file.unlink()
    tick(NOW + MINUTE)
    Message.objects.all().delete()
    since = str(CampaignKey.objects.get(campaign=campaign).failing_since)
    reader = str(reader_of(Role.ADMINISTRATOR).pk)

    for case in (since, str(NOW - HOUR)):
        send_key_alarm.call(reader, str(campaign.pk), case, 2)

    assert send_queued(NOW + MINUTE) == ["administrator@acme.example"]
    assert list(Message.objects.values_list("state", "detail")) == [("sent", since)]


def test_the_key_of_a_closed_campaign_is_looked_at_until_its_ballots_are_opened(
    campaign: Campaign, file: Path
) -> None:
    close_campaign(campaign=campaign, now=NOW + MINUTE, by=Who.WORKER)
    file.unlink()
    tick(NOW + 2 * MINUTE)
    council = reader_of(Role.COUNCIL)
    page = text_of("/", council, NOW + HOUR)
    Campaign.objects.update(state=CampaignState.RELEASED)

    assert "its answers cannot be opened before the proof has come" in page
    assert "Please note" not in text_of("/", council, NOW + HOUR)


def test_other_roles_and_other_organisations_see_no_banner(campaign: Campaign, file: Path) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    file.unlink()
    tick(NOW + MINUTE)
    readers = [reader_of(Role.EXECUTIVE), reader_of(Role.ANALYST), member(theirs, Role.COUNCIL)]

    assert ["Please note" in text_of("/", one, NOW + MINUTE) for one in readers] == [False] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_three_lost_keys_as_for_one(
    campaign: Campaign, key_dir: Path, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count - 1):
        with time_machine.travel(NOW, tick=False):
            open_campaign_of(campaign.organisation)
    for path in key_dir.iterdir():
        path.unlink()
    tick(NOW + MINUTE)

    with django_assert_num_queries(1):
        alarms = key_alarms(Campaign.objects.all(), now=NOW + MINUTE)
    with django_assert_num_queries(0):
        names = [(alarm.campaign.organisation.name, alarm.problem != "") for alarm in alarms]
    assert names == [("Acme", True)] * count
