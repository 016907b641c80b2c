"""Two tabs of one link: the newer answers win, the older tab is told, and nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone

from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, CampaignState, Draft, LedgerEntry
from survey.sealing import boxes, keys
from survey.selectors.respondents import read_draft
from survey.services import ballots
from survey.services.opening.opening import open_campaign
from survey.services.schedule import run_due_work
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db
TOLD = "Some answers were changed in another window"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CHECKED = re.compile(r'name="([^"]+)"\s+value="([^"]+)"[^>]*\schecked')


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign()


@pytest.fixture
def client(client: Client, small: SmallCampaign) -> Client:
    client.get(f"/s/{small.tokens[0]}")
    return client


def opened(client: Client, address: str) -> dict[str, str]:
    """Open a page in a tab and return what its form would post as it stands."""
    text = client.get(address).content.decode().replace("&quot;", '"')
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="(\{.*?\}|[^"]*)">', text)
    return dict(hidden) | dict(CHECKED.findall(text))


def ballot(small: SmallCampaign) -> dict[str, object]:
    sheet = boxes.open_box(keys.load_private_key(small.campaign.pk), Ballot.objects.get().box)
    return {code: value for code, value in sheet["answers"].items() if value is not None}


def test_an_older_review_tab_submits_nothing_and_shows_the_newer_answers(
    client: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2, "TF2": 3}))
    older = opened(client, "/answer/review/")
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 6}))

    told = client.post("/answer/submit/", older)

    assert (told.status_code, TOLD in told.content.decode()) == (409, True)
    assert Ballot.objects.count() == 0
    assert read_draft(small.tokens[0]).items == {"TF1": 6, "TF2": 3}

    newer = dict(HIDDEN.findall(told.content.decode()))
    assert client.post("/answer/submit/", newer)["Location"] == "/answer/thanks/"
    assert ballot(small) == {"TF1": 6, "TF2": 3}


def test_a_review_tab_that_shows_what_is_saved_submits_at_once(
    client: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))

    answer = client.post("/answer/submit/", opened(client, "/answer/review/"))

    assert (answer["Location"], ballot(small)) == ("/answer/thanks/", {"TF1": 2})


def test_answers_deleted_in_another_tab_are_not_submitted_by_an_older_one(
    client: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    older = opened(client, "/answer/review/")
    ballots.withdraw_draft(secret=small.tokens[0])

    assert client.post("/answer/submit/", older).status_code == 409
    assert Ballot.objects.count() == 0


def test_a_page_of_an_earlier_version_is_judged_by_its_answers(
    client: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 6}))

    assert client.post("/answer/submit/", {"TF1": "2"}).status_code == 409
    assert client.post("/answer/submit/", {"TF1": "6", "TF2": "4"}).status_code == 302
    assert ballot(small) == {"TF1": 6, "TF2": 4}


def test_an_older_page_keeps_what_was_changed_since_and_saves_what_is_changed_on_it(
    client: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2, "TF2": 3}))
    older = opened(client, "/answer/1/")
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 6, "TF3": 1}))

    answer = client.post("/answer/1/", older | {"TF2": "5", "to": "next"}, follow=True)

    assert read_draft(small.tokens[0]).items == {"TF1": 6, "TF2": 5, "TF3": 1}
    assert TOLD in answer.content.decode()


def test_a_page_of_one_tab_says_nothing_of_others(client: Client, small: SmallCampaign) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 2}))
    page = opened(client, "/answer/1/")
    client.post("/answer/save/", {"TF1": "7"})  # as its own script does

    answer = client.post("/answer/1/", page | {"TF1": "7", "to": "next"}, follow=True)

    assert read_draft(small.tokens[0]).items == {"TF1": 7}
    assert TOLD not in answer.content.decode()


def test_a_draft_says_nothing_of_how_often_it_was_changed(small: SmallCampaign) -> None:
    sizes = set()
    for point in (1, 2, 3, 4, 5):
        ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": point}))
        sizes.add(len(Draft.objects.get().ciphertext))

    assert len(sizes) == 1
    assert {field.name for field in Draft._meta.local_fields} == {"id", "campaign", "ciphertext"}


def test_whoever_has_not_begun_at_the_close_is_told_and_whoever_has_finishes() -> None:
    small = open_small_campaign(invitations=3)
    begun, looking, late = Client(), Client(), Client()
    for client, token in zip((begun, looking, late), small.tokens, strict=True):
        client.get(f"/s/{token}")
    begun.post("/answer/save/", {"TF1": "4"})
    page = opened(looking, "/answer/1/")  # has the questions open, and has saved nothing
    now = timezone.now()
    Campaign.objects.update(closes_at=now)  # whose worker has not looked yet

    statuses = [late.get(f"/answer/{one}").status_code for one in ("", "1/", "review/", "unit/")]
    posted = [
        late.post("/answer/save/", {"TF1": "4"}).status_code,
        late.post("/answer/1/", {"TF1": "4"}).status_code,
        late.post("/answer/submit/", {"TF1": "4"}).status_code,
        late.post("/answer/submit/", {"TF1": "4", "shown": page["shown"]}).status_code,
    ]
    assert (statuses, posted) == ([410] * 4, [410] * 4)
    assert "It has closed." in late.get("/answer/").content.decode()

    assert "What you have begun can be submitted until" in begun.get("/answer/").content.decode()
    assert looking.post("/answer/1/", page | {"TF2": "3", "to": "next"}).status_code == 302
    for client in (begun, looking):
        assert client.get("/answer/review/").status_code == 200
        assert client.post("/answer/submit/", opened(client, "/answer/review/")).status_code == 302
    assert Ballot.objects.count() == 2


def test_the_same_holds_once_the_worker_has_closed_it_and_nobody_gets_a_second_grace() -> None:
    small = open_small_campaign(invitations=2)
    begun, late = Client(), Client()
    begun.get(f"/s/{small.tokens[0]}")
    late.get(f"/s/{small.tokens[1]}")
    begun.post("/answer/save/", {"TF1": "4"})
    now = timezone.now()
    Campaign.objects.update(closes_at=now - timedelta(minutes=4))
    run_due_work(now)

    closed = Campaign.objects.get()
    assert closed.state == CampaignState.CLOSED
    assert closed.accepts_until == now + timedelta(minutes=6)
    assert (begun.get("/answer/1/").status_code, late.get("/answer/1/").status_code) == (200, 410)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_saved_while_ballots_are_opened_is_swept_by_the_clock() -> None:
    small = open_small_campaign(invitations=2)
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 4}))
    draft = Draft.objects.get()
    Campaign.objects.update(state=CampaignState.CLOSED, closed_at=timezone.now(),
                            accepts_until=timezone.now())  # fmt: skip
    open_campaign(campaign_id=small.campaign.pk)
    draft.save(force_insert=True)  # its transaction was begun before, and commits now

    run_due_work(timezone.now())

    assert Draft.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_comes_between_the_opening_and_its_wipe_goes_with_it() -> None:
    small = open_small_campaign(invitations=2)
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 4}))
    draft = Draft.objects.get()
    Campaign.objects.update(state=CampaignState.CLOSED, closed_at=timezone.now(),
                            accepts_until=timezone.now())  # fmt: skip

    def save_once(**_: object) -> None:
        post_save.disconnect(save_once, sender=LedgerEntry)
        draft.save(force_insert=True)

    post_save.connect(save_once, sender=LedgerEntry, weak=False)
    open_campaign(campaign_id=small.campaign.pk)

    assert Draft.objects.count() == 0
