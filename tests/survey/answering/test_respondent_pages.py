"""The respondent's pages without scripts: what they show, set, keep and refuse."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from survey.instrument.answers import Answers
from survey.models import (
    Ballot,
    Campaign,
    CampaignState,
    Draft,
    Invitation,
    Membership,
    Organisation,
    Recipient,
    Role,
    User,
)
from survey.sealing import boxes, keys
from survey.sealing.tokens import token_hash
from survey.selectors.respondents import read_draft
from survey.services import ballots
from tests.survey.database_dump import dump
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

pytestmark = pytest.mark.django_db
PAGES = 8  # six constructs, the attention check among them, the markers and the background
EVERY_GET = [
    reverse("respondent:welcome"),
    reverse("respondent:sample-show"),
    *[reverse("respondent:page-answer", args=[number]) for number in range(1, PAGES + 1)],
    reverse("respondent:answers-review"),
    reverse("respondent:thanks-show"),
    reverse("respondent:draft-withdraw"),
    reverse("respondent:withdrawal-show"),
]


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign(invitations=2)


@pytest.fixture
def entered(client: Client, small: SmallCampaign) -> Client:
    """Return a browser that has opened the first link."""
    client.get(f"/s/{small.tokens[0]}")
    return client


def shown_items(client: Client, number: int) -> list[str]:
    page = client.get(f"/answer/{number}/").content.decode()
    return re.findall(r'<fieldset class="(?:statement|question)" id="([^"]+)"', page)


def test_the_link_is_taken_out_of_the_address_and_kept_in_a_cookie(
    client: Client, small: SmallCampaign
) -> None:
    answer = client.get(f"/s/{small.tokens[0]}")
    cookie = answer.cookies["rutin-link"]
    assert (answer.status_code, answer["Location"]) == (302, "/answer/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert cookie.value == small.tokens[0]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (cookie["secure"], cookie["max-age"], cookie["domain"]) == ("", "", "")


def test_over_https_the_cookie_is_bound_to_the_host(
    client: Client, small: SmallCampaign, settings: Settings
) -> None:
    settings.SITE_IS_HTTPS = True
    cookie = client.get(f"/s/{small.tokens[0]}", secure=True).cookies["__Host-rutin-link"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_every_wrong_link_gets_the_same_answer(client: Client, small: SmallCampaign) -> None:
    Invitation.objects.filter(pk=Invitation.objects.order_by("pk")[0].pk).update(revoked=True)
    answers = [
        client.get(f"/s/{token}")
        for token in ("a" * 32, "x", small.tokens[0] + "/", small.tokens[0].upper(), "%00", "é")
    ]
    revoked = [client.get(f"/s/{token}") for token in small.tokens]
    answers += [answer for answer in revoked if answer.status_code == 404]
    assert len(answers) == 7
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["Referrer-Policy"] for answer in answers} == {"no-referrer"}
    assert [list(answer.cookies) for answer in answers] == [[]] * 7


@pytest.mark.parametrize("path", EVERY_GET)
def test_without_a_link_every_page_is_that_same_answer(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content == client.get("/s/nothing").content


def test_opening_pages_a_hundred_times_changes_nothing(
    entered: Client, small: SmallCampaign
) -> None:
    ballots.save_draft(token=small.tokens[0], answers=Answers({"TF1": 4}))
    before = dump(connection)
    for path in [f"/s/{small.tokens[0]}"] * 100 + EVERY_GET * 3:
        assert entered.get(path).status_code in {200, 302}
        assert entered.head(path).status_code in {200, 302}
    assert dump(connection) == before


def test_the_welcome_page_promises_with_the_campaigns_own_numbers(
    entered: Client, small: SmallCampaign
) -> None:
    Campaign.objects.update(floor=7, sensitive_floor=14, controller="Pump Works plc")
    analyst = User.objects.create_user("ada@pumps.example", name="Ada Berg")
    Membership.objects.create(
        organisation=small.campaign.organisation, user=analyst, role=Role.ANALYST
    )
    page = " ".join(entered.get("/answer/").content.decode().split())
    for text in (
        "Pump Works plc asks for your view: 32 short statements, about 8 minutes.",
        "<strong>Nothing is shown for fewer than 7 answers.</strong>",
        "<strong>At least 14 for what is delicate.</strong>",
        "Analysts: Ada Berg",
        "<strong>Service North</strong>, Service operations",
        "To see where our service units stand.",
        "survey@pumps.example",
        "12 months; figures of groups stay.",
        'href="/answer/sample/"',
    ):
        assert text in page


def test_a_leader_is_told_where_the_own_answer_counts(entered: Client) -> None:
    sentence = "As the leader of this unit you count in the whole company's figures only"
    assert sentence not in entered.get("/answer/").content.decode()
    Invitation.objects.update(leads=True)
    assert sentence in entered.get("/answer/").content.decode()


def test_the_sample_needs_no_answer_first(entered: Client) -> None:
    page = entered.get("/answer/sample/").content.decode()
    assert "The unit and every figure on this page are invented." in page


def test_demonstration_data_is_marked_on_every_page(entered: Client) -> None:
    mark = b"Demonstration data: invented units, people and answers"
    paths = [path for path in EVERY_GET if "thanks" not in path]
    assert [path for path in paths if mark in entered.get(path).content] == []
    Organisation.objects.update(is_demonstration=True)
    assert [path for path in paths if mark not in entered.get(path).content] == []


def test_items_stand_in_an_order_of_their_own_that_stays(
    entered: Client, small: SmallCampaign
) -> None:
    other = Client()
    other.get(f"/s/{small.tokens[1]}")
    first = [shown_items(entered, number) for number in range(1, PAGES)]
    assert first == [shown_items(entered, number) for number in range(1, PAGES)]
    second = [shown_items(other, number) for number in range(1, PAGES)]
    assert first != second
    assert [sorted(page) for page in first] == [sorted(page) for page in second]
    assert [sorted(page) for page in first] == [
        ["TF1", "TF2", "TF3", "TF4", "TF5"],
        ["AD1", "AD2", "AD3", "AD4", "AD5"],
        ["AG1", "AG2", "AG3", "AG4"],
        ["RB1", "RB2", "RB3", "RB4", "RB5"],
        ["CF1", "CF2", "CF3", "CF4", "CHECK1"],
        ["MV1", "MV2", "MV3"],
        ["DSO1", "DSO2", "DSO3", "DSO4", "DSO5"],
    ]
    assert shown_items(entered, PAGES) == [
        "background-role",
        "background-years_company",
        "background-years_unit",
        "background-digital_use",
    ]


def test_a_statement_reads_as_the_respondents_function_says(client: Client) -> None:
    small = open_small_campaign(function="sales")
    client.get(f"/s/{small.tokens[0]}")
    page = client.get("/answer/1/").content.decode()
    assert "what new digital technology could mean for the way we sell services." in page
    assert "{" not in page


def test_the_whole_questionnaire_works_page_by_page_without_scripts(
    entered: Client, small: SmallCampaign
) -> None:
    given: dict[str, int | None] = {}
    for number in range(1, PAGES):
        post = {code: str(len(given) % 7 + 1) for code in shown_items(entered, number)}
        given |= {code: int(value) for code, value in post.items()}
        answer = entered.post(f"/answer/{number}/", {**post, "to": "next"})
        assert answer["Location"] == f"/answer/{number + 1}/"
    post = {"background-role": "selling", "background-years_unit": "", "to": "next"}
    assert entered.post(f"/answer/{PAGES}/", post)["Location"] == "/answer/review/"
    review = entered.get("/answer/review/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', review))
    hidden.pop("csrfmiddlewaretoken")
    assert "Not answered yet" not in review
    assert entered.post("/answer/submit/", hidden)["Location"] == "/answer/thanks/"
    ballot = boxes.open_box(keys.load_private_key(small.campaign.id), Ballot.objects.get().box)
    assert ballot["answers"] == given
    assert (ballot["background"]["role"], ballot["background"]["years_unit"]) == ("selling", None)
    assert Draft.objects.count() == 0


def test_going_back_saves_as_well(entered: Client, small: SmallCampaign) -> None:
    answer = entered.post("/answer/2/", {"AD1": "6", "to": "back"})
    assert answer["Location"] == "/answer/1/"
    assert entered.post("/answer/1/", {"to": "back"})["Location"] == "/answer/"
    assert read_draft(small.tokens[0]).items == {"AD1": 6}


def test_the_same_link_goes_on_with_the_draft_on_another_device(
    entered: Client, small: SmallCampaign
) -> None:
    entered.post("/answer/save/", {"TF1": "6", "TF3": "none"})
    phone = Client()
    phone.get(f"/s/{small.tokens[0]}")
    page = phone.get("/answer/1/").content.decode()
    checked = re.findall(r'name="(\w+)"\s+value="(\w+)"[^>]*checked', page)
    assert sorted(checked) == [("TF1", "6"), ("TF3", "none")]
    assert "You have answered 2 of 32 statements so far." in phone.get("/answer/").content.decode()


def test_autosave_takes_one_answer_and_says_nothing(entered: Client, small: SmallCampaign) -> None:
    answer = entered.post("/answer/save/", {"RB5": "1"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert read_draft(small.tokens[0]) == Answers({"RB5": 1})


@pytest.mark.parametrize(("name", "value"), [("TF1", "8"), ("TF1", "0"), ("background-role", "x")])
def test_autosave_refuses_what_is_no_option(entered: Client, name: str, value: str) -> None:
    assert entered.post("/answer/save/", {name: value}).status_code == 422
    assert Draft.objects.count() == 0


def test_the_review_lists_what_is_missing_and_opting_out_is_not(
    entered: Client, small: SmallCampaign
) -> None:
    codes = [item.code for _, item in small.instrument.items()]
    post = dict.fromkeys(codes, "4") | {"AG2": "none"}
    del post["CF4"], post["TF2"]
    entered.post("/answer/save/", post)
    page = entered.get("/answer/review/").content.decode()
    assert re.findall(r'href="(/answer/\d/#\w+)"', page) == ["/answer/1/#TF2", "/answer/5/#CF4"]
    assert "You have answered 30 of 32 statements." in " ".join(page.split())


def test_first_and_repeated_submits_end_on_the_same_page(
    entered: Client, small: SmallCampaign
) -> None:
    first = entered.post("/answer/submit/", {"TF1": "4"}, follow=True)
    second = entered.post("/answer/submit/", {"TF1": "7"}, follow=True)
    again = Client().get(f"/s/{small.tokens[0]}", follow=True)
    assert "Thank you: your answers have been received" in first.content.decode()
    assert first.content == second.content == again.content
    assert {path for path, _ in second.redirect_chain} == {"/answer/thanks/"}
    assert Ballot.objects.count() == 1
    assert entered.get("/answer/1/")["Location"] == "/answer/thanks/"


def test_a_newer_link_ends_in_words_that_are_true_of_a_first_and_of_a_second_answer(
    entered: Client,
) -> None:
    Invitation.objects.update(reissued=True)

    text = " ".join(entered.post("/answer/submit/", {"TF1": "4"}, follow=True).text.split())

    assert "<h1> Thank you </h1>" in text
    assert "If this is your first answer, it is sealed now." in text
    assert "have been received" not in text


def test_a_draft_can_be_withdrawn_before_submitting(entered: Client, small: SmallCampaign) -> None:
    entered.post("/answer/save/", {"TF1": "4"})
    assert entered.get("/answer/withdraw/").status_code == 200
    assert Draft.objects.count() == 1
    done = entered.post("/answer/withdraw/", follow=True)
    assert "Your answers are deleted" in done.content.decode()
    assert Draft.objects.count() == 0
    assert "so far" not in entered.get("/answer/").content.decode()


def test_a_closed_campaign_says_so_and_takes_nothing(entered: Client) -> None:
    Campaign.objects.update(state=CampaignState.CLOSED)
    for answer in (entered.get("/answer/"), entered.post("/answer/submit/", {"TF1": "4"})):
        assert answer.status_code == 410
        assert "This survey takes no answers now" in answer.content.decode()
    assert entered.post("/answer/save/", {"TF1": "4"}).status_code == 410
    assert (Ballot.objects.count(), Draft.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({"state": CampaignState.LAUNCHING}, "This survey has not opened yet"),
        (
            {"opens_at": datetime(2030, 1, 1, tzinfo=UTC), "closes_at": None},
            "1 January 2030, 01:00",
        ),
        ({"state": CampaignState.CANCELLED}, "This survey was called off"),
        ({"state": CampaignState.RELEASED}, "This survey takes no answers now"),
    ],
)
def test_a_campaign_that_takes_no_answers_says_why(
    entered: Client, fields: dict[str, object], heading: str
) -> None:
    Campaign.objects.update(time_zone="Europe/Stockholm", **fields)
    answer = entered.get("/answer/1/")
    assert answer.status_code == 410
    assert heading in answer.content.decode()


@override_settings(LANGUAGES=[("en", "English"), ("sv", "Svenska")])
def test_the_invitations_language_comes_first_and_another_can_be_chosen(
    entered: Client, small: SmallCampaign
) -> None:
    Campaign.objects.update(languages=["en", "sv"])
    person = Recipient.objects.create(campaign=small.campaign, email="a@b.example", language="sv")
    Invitation.objects.filter(token_hash=token_hash(small.tokens[0])).update(recipient=person)
    assert '<html lang="sv"' in entered.get("/answer/").content.decode()
    assert (
        "Kollegor som stöter på lovande digital teknik"
        in entered.get("/answer/1/").content.decode()
    )
    entered.post("/answer/language/", {"language": "fi"})
    assert '<html lang="sv"' in entered.get("/answer/").content.decode()
    entered.post("/answer/language/", {"language": "en"})
    page = entered.get("/answer/").content.decode()
    assert '<html lang="en"' in page
    assert re.findall(r'name="language"\s+value="(\w+)"', page) == ["en", "sv"]


def test_posts_from_another_site_are_refused(small: SmallCampaign) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/s/{small.tokens[0]}")
    for path in ("save", "submit", "withdraw", "1", "language"):
        assert browser.post(f"/answer/{path}/", {"TF1": "4"}).status_code == 403
    assert (Ballot.objects.count(), Draft.objects.count()) == (0, 0)


def test_no_page_holds_the_token(entered: Client, small: SmallCampaign) -> None:
    for path in EVERY_GET:
        answer = entered.get(path)
        assert small.tokens[0].encode() not in answer.content
        assert "no-store" in answer["Cache-Control"]


def test_texts_of_the_organisation_are_escaped(entered: Client) -> None:
    attack = "<script>alert(1)</script>"
    Organisation.objects.update(name=attack)
    Campaign.objects.update(name=attack, purpose=attack, contact=attack, controller=attack)
    for path in EVERY_GET:
        assert attack.encode() not in entered.get(path).content


def test_a_page_needs_few_queries(
    entered: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for path, queries in (("/answer/", 3), ("/answer/1/", 2), ("/answer/review/", 2)):
        with django_assert_num_queries(queries):
            entered.get(path)
