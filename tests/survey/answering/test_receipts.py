"""Once an answer was handed in, nothing that opens the survey stays in the browser."""

import pytest
from django.test import Client
from django.utils import timezone

from survey.models import Ballot, Campaign, CampaignState, Function, Invitation, Who
from survey.services.campaigns import close_campaign
from survey.services.running.code_sheets import make_code_sheet
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db
FIRST = "Thank you: your answers have been received"
SECOND = "If this is your first answer, it is sealed now."
PAPER = "If this is the first answer by this slip, it is sealed now."


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign(invitations=2)


@pytest.fixture
def done(small: SmallCampaign, client: Client) -> Client:
    client.get(f"/s/{small.tokens[0]}")
    client.post("/answer/submit/", {"TF1": "6"})
    return client


def kept(client: Client) -> dict[str, str]:
    """Return what the browser still has of respondents' cookies."""
    return {
        name: morsel.value
        for name, morsel in client.cookies.items()
        if name.startswith("rutin-link") and morsel.value
    }


def text(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_after_the_submit_the_browser_keeps_no_token(done: Client, small: SmallCampaign) -> None:
    mark = small.campaign.link_mark

    assert kept(done) == {"rutin-link-done": f"first.en.{mark}", "rutin-link-mark": mark}
    assert FIRST in text(done, "/answer/thanks/")


def test_a_repeated_post_a_saved_answer_and_every_page_end_at_the_thanks(done: Client) -> None:
    answers = [
        done.post("/answer/submit/", {"TF1": "1"}),
        done.post("/answer/save/", {"TF1": "1"}),
        done.post("/answer/1/", {"TF1": "1"}),
        *(done.get(path) for path in ("/answer/", "/answer/1/", "/answer/review/")),
    ]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/answer/thanks/")] * 6
    assert Ballot.objects.count() == 1


def test_a_used_link_that_is_followed_again_leaves_no_token_either(
    small: SmallCampaign, done: Client
) -> None:
    done.get(f"/s/{small.tokens[0]}", follow=True)

    assert "rutin-link" not in kept(done)
    assert FIRST in text(done, "/answer/thanks/")


def test_the_next_person_at_the_same_browser_begins_anew(
    small: SmallCampaign, done: Client
) -> None:
    done.get(f"/s/{small.tokens[1]}")

    assert kept(done)["rutin-link"] == small.tokens[1]
    assert "rutin-link-done" not in kept(done)
    assert done.get("/answer/").status_code == 200
    assert done.get("/answer/thanks/")["Location"] == "/answer/"


def test_the_words_of_the_thanks_stay_those_of_the_link(small: SmallCampaign) -> None:
    Invitation.objects.update(reissued=True)
    sheet = make_code_sheet(unit=small.unit, function=Function.SALES, count=1, by=Who.COMMAND)
    browsers = {SECOND: small.tokens[0], PAPER: sheet.codes[0].token}
    for words, token in browsers.items():
        client = Client()
        client.get(f"/s/{token}")
        client.post("/answer/submit/", {"TF1": "6"})

        page = text(client, "/answer/thanks/")

        assert [one for one in (FIRST, SECOND, PAPER) if one in page] == [words]
        assert "rutin-link" not in kept(client)


def test_the_thanks_speak_the_language_of_the_questionnaire(small: SmallCampaign) -> None:
    Campaign.objects.update(languages=["fi", "en"])
    client = Client(headers={"accept-language": "fi"})
    client.get(f"/s/{small.tokens[0]}")
    client.post("/answer/submit/", {"TF1": "6"})
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    assert '<html lang="fi"' in text(client, "/answer/thanks/")


def test_the_receipt_of_a_campaign_that_is_over_says_so(small: SmallCampaign, done: Client) -> None:
    close_campaign(campaign=small.campaign, now=timezone.now(), by=Who.WORKER)
    closed = text(done, "/answer/thanks/")
    Campaign.objects.update(state=CampaignState.RELEASED)
    ended = done.get("/answer/thanks/")

    assert "The survey has closed." in closed
    assert (ended.status_code, done.get("/answer/").status_code) == (410, 410)


@pytest.mark.parametrize(
    "forged",
    ["", "first", "first.en", "first.en.", "other.en.{}", "first.xx.{}", '"first.en.\\000"'],
)
def test_a_receipt_that_was_made_up_is_none(
    small: SmallCampaign, client: Client, forged: str
) -> None:
    client.cookies["rutin-link-done"] = forged.format(small.campaign.link_mark)

    assert client.get("/answer/thanks/").status_code == 404
    assert client.get("/answer/").status_code == 404
