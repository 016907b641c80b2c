"""A personal link after its survey is over: it says so, by a mark that is the campaign's alone."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from survey.instrument.answers import Answers
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, CampaignState, Invitation, Recipient, Who
from survey.sealing.tokens import split_link
from survey.selectors.respondents import ended_campaign
from survey.services import ballots
from survey.services.campaigns import close_campaign
from survey.services.opening.opening import open_campaign
from survey.services.running.cancelling import cancel_campaign
from survey.services.running.code_sheets import make_code_sheet
from survey.services.schedule import run_due_work
from tests.survey.small_campaign import SmallCampaign, open_small_campaign
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
MARKED = re.compile(r"/s/([a-z2-7]{32}-[a-z2-7]{16})\b")
LEADS_NOWHERE = "This link leads to no survey"


@pytest.fixture
def small() -> SmallCampaign:
    return open_small_campaign(invitations=2)


def forget_everybody(campaign: Campaign, state: CampaignState) -> None:
    """End a campaign as its opening does, as far as links can tell."""
    Invitation.objects.filter(campaign=campaign).delete()
    Campaign.objects.filter(pk=campaign.pk).update(state=state, closed_at=timezone.now())


def marked(small: SmallCampaign, place: int = 0) -> str:
    return f"{small.tokens[place]}-{small.campaign.link_mark}"


def heading(client: Client, address: str) -> tuple[int, str]:
    page = client.get(address)
    found = re.search(r"<h1>(.*?)</h1>", page.content.decode())
    return page.status_code, found.group(1) if found else ""


def test_every_mail_of_a_campaign_carries_the_same_mark_behind_its_own_token() -> None:
    open_campaign_of(organisation_with_manager()[0])
    send_due_messages()

    links = [MARKED.findall(str(one.body)) for one in mail.outbox]
    marks = {split_link(link)[1] for (link,) in links if link}
    tokens = {split_link(link)[0] for (link,) in links if link}

    assert (len(mail.outbox), len(tokens)) == (9, 9)
    assert marks == {Campaign.objects.get().link_mark}


def test_a_link_opens_the_survey_with_its_mark_and_without_as_before(
    client: Client, small: SmallCampaign
) -> None:
    for link in (marked(small), small.tokens[0]):
        assert client.get(f"/s/{link}")["Location"] == "/answer/"
        assert client.get("/answer/").status_code == 200


@pytest.mark.parametrize(
    ("state", "is_rehearsal", "title"),
    [
        (CampaignState.RELEASED, False, "This survey has ended"),
        (CampaignState.CANCELLED, False, "This survey was called off"),
        (CampaignState.CANCELLED, True, "This rehearsal has ended"),
    ],
)
def test_when_it_is_over_every_marked_link_says_so_and_an_unmarked_one_leads_nowhere(
    client: Client, small: SmallCampaign, state: CampaignState, is_rehearsal: bool, title: str
) -> None:
    Campaign.objects.update(is_rehearsal=is_rehearsal)
    forget_everybody(small.campaign, state)

    own, other = marked(small), f"{'a' * 32}-{small.campaign.link_mark}"
    assert heading(client, f"/s/{own}") == (410, title)
    assert heading(client, f"/s/{other}") == (410, title)
    assert client.get(f"/s/{own}").content == client.get(f"/s/{other}").content
    assert heading(client, f"/s/{small.tokens[0]}") == (404, LEADS_NOWHERE)


def test_who_was_in_the_middle_of_it_reads_that_it_has_ended_too(
    client: Client, small: SmallCampaign
) -> None:
    client.get(f"/s/{marked(small)}")
    forget_everybody(small.campaign, CampaignState.RELEASED)

    for page in ("/answer/", "/answer/1/", "/answer/thanks/"):
        assert heading(client, page) == (410, "This survey has ended")


def test_while_it_runs_a_mark_leads_nowhere_and_lists_nothing(
    client: Client, small: SmallCampaign
) -> None:
    wrong = f"{'a' * 32}-{small.campaign.link_mark}"
    for state in (CampaignState.OPEN, CampaignState.CLOSED):
        Campaign.objects.update(state=state)
        assert heading(client, f"/s/{wrong}") == (404, LEADS_NOWHERE)
        assert ended_campaign(small.campaign.link_mark) is None

    Campaign.objects.update(state=CampaignState.RELEASED)
    tried = ("", "a" * 16, small.campaign.link_mark[:-1], f"{small.campaign.link_mark}a", "%")
    assert [ended_campaign(mark) for mark in tried] == [None] * len(tried)
    assert ended_campaign(small.campaign.link_mark) == small.campaign


def test_a_revoked_link_says_no_more_than_before_while_the_survey_runs(
    client: Client, small: SmallCampaign
) -> None:
    Invitation.objects.update(revoked=True)

    assert heading(client, f"/s/{marked(small)}") == (404, LEADS_NOWHERE)


def test_marks_of_two_campaigns_are_unlike_and_nothing_leads_from_one_to_the_other() -> None:
    organisation = organisation_with_manager()[0]
    marks = [
        Campaign.objects.create(
            organisation=organisation, instrument=open_small_campaign().campaign.instrument
        ).link_mark
        for _ in range(3)
    ]

    assert len(set(marks)) == 3
    assert all(re.fullmatch("[a-z2-7]{16}", mark) for mark in marks)


@pytest.mark.django_db(transaction=True)
def test_after_a_real_opening_the_link_of_a_mail_says_that_it_has_ended(
    client: Client, small: SmallCampaign
) -> None:
    for token in small.tokens:
        ballots.submit(token=token, answers=Answers({"TF1": 4}))
    close_campaign(campaign=small.campaign, without_grace=True, by=Who.WORKER)
    open_campaign(campaign_id=small.campaign.pk)

    assert heading(client, f"/s/{marked(small)}") == (410, "This survey has ended")


@pytest.mark.django_db(transaction=True)
def test_the_space_of_addresses_that_are_deleted_is_wiped_on_either_database() -> None:
    campaign = open_campaign_of(organisation_with_manager()[0])
    now = timezone.now()
    close_campaign(campaign=campaign, now=now, without_grace=True, by=Who.WORKER)
    run_due_work(now + timedelta(days=14))

    assert Recipient.objects.count() == 0
    assert dead_rows("survey_recipient") == 0


@pytest.mark.django_db(transaction=True)
def test_so_is_that_of_a_cancelled_campaign() -> None:
    campaign = open_campaign_of(organisation_with_manager()[0])
    make_code_sheet(unit=campaign.units.all()[0], function="sales", count=2, by=Who.WORKER)  # type: ignore[arg-type]
    cancel_campaign(campaign=campaign, by=Who.WORKER)
    run_due_work(timezone.now())

    assert Recipient.objects.count() == 0
    assert dead_rows("survey_recipient") == 0


def dead_rows(table: str) -> int:
    """Return how many rows PostgreSQL's table still holds in its pages; SQLite zeroes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete")
            return 0 if cursor.fetchone()[0] else 1
        cursor.execute("SELECT pg_relation_size(%s)", [table])
        return int(cursor.fetchone()[0])
