"""The manager's pages: who may open them, what they save and when, and what they never show."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from survey.models import (
    Campaign,
    CampaignState,
    Invitation,
    Membership,
    Message,
    Role,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services.opening.closing import close_campaign
from survey.services.running.launching import prepare_keys
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db
CAMPAIGN_PAGES = ["detail", "launch", "remind", "close", "discard"]


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def signed_in(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.mark.parametrize("page", CAMPAIGN_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [None, *[role for role in Role if role != Role.MANAGER]])
def test_a_campaign_does_not_exist_for_whoever_does_not_manage_its_organisation(
    client: Client, page: str, method: str, role: Role | None
) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    campaign = draft_campaign(theirs)
    _, stranger = organisation_with_manager("Ours", "ours@example.com")
    if role is not None:
        Membership.objects.create(organisation=theirs, user=stranger, role=role)
    client.force_login(stranger)

    answer = getattr(client, method)(reverse(f"survey:campaign-{page}", args=[campaign.id]))

    wrong_method = (method, page) in {("get", "launch"), ("get", "remind"), ("post", "detail")}
    assert answer.status_code == (405 if wrong_method else 404)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT


def test_the_list_shows_the_manager_s_own_campaigns_only(signed_in: Client, manager: User) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    draft_campaign(theirs, name="Not ours")
    ours = draft_campaign(manager.memberships.get().organisation, name="Ours")

    answer = signed_in.get("/campaigns/")

    assert list(answer.context["campaigns"]) == [ours]
    assert "Not ours" not in answer.content.decode()


def test_a_draft_is_launched_by_a_click_once_the_worker_is_ready(
    signed_in: Client, manager: User
) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    address = reverse("survey:campaign-detail", args=[campaign.id])
    waiting = signed_in.get(address).content.decode()
    prepare_keys(campaign_id=campaign.id)
    ready = signed_in.get(address).content.decode()

    answer = signed_in.post(reverse("survey:campaign-launch", args=[campaign.id]), follow=True)

    assert "Launch the campaign" not in waiting
    assert "Launch the campaign" in ready
    assert "Being launched" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LAUNCHING


def test_a_page_that_waits_is_drawn_again_only_when_something_changed(
    signed_in: Client, manager: User
) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    address = reverse("survey:campaign-detail", args=[campaign.id])
    seen = signed_in.get(address).context["page"].version

    assert signed_in.get(address, {"seen": seen}).status_code == 204
    prepare_keys(campaign_id=campaign.id)
    assert signed_in.get(address, {"seen": seen}).status_code == 200


def test_closing_and_discarding_ask_once_more(signed_in: Client, manager: User) -> None:
    organisation = manager.memberships.get().organisation
    opened, draft = open_campaign_of(organisation), draft_campaign(organisation)
    close = reverse("survey:campaign-close", args=[opened.id])
    discard = reverse("survey:campaign-discard", args=[draft.id])

    assert signed_in.get(close).status_code == signed_in.get(discard).status_code == 200
    assert Campaign.objects.count() == 2
    signed_in.post(close)
    signed_in.post(discard)

    assert list(Campaign.objects.values_list("id", "state")) == [(opened.id, "closed")]


def test_a_reminder_too_early_is_refused_in_words(signed_in: Client, manager: User) -> None:
    campaign = open_campaign_of(manager.memberships.get().organisation)

    answer = signed_in.post(reverse("survey:campaign-remind", args=[campaign.id]), follow=True)

    assert "expected 48 hours between two mails" in answer.content.decode()


def test_a_manager_never_sees_a_token_nor_who_or_how_many_answered(
    signed_in: Client, manager: User
) -> None:
    campaign = open_campaign_of(manager.memberships.get().organisation, people=people_csv(north=40))
    Invitation.objects.filter(unit__code="N1").update(done=True)
    Message.objects.filter(invitation__unit__code="N2").update(state="failed", last_error="550 no")
    Message.objects.bulk_create(
        Message(invitation=invitation, kind="reminder", round=1, due_at=timezone.now(),
                state="failed", last_error="reminder bounced")
        for invitation in Invitation.objects.filter(done=False)
    )  # fmt: skip
    close_campaign(campaign=open_campaign_of(campaign.organisation), by=Who.WORKER)
    key = load_token_key(campaign.id)

    pages = [
        signed_in.get(address).content.decode()
        for address in ("/campaigns/", reverse("survey:campaign-detail", args=[campaign.id]))
    ]

    html = "".join(pages)
    tokens = [derive_token(key, pk) for pk in Invitation.objects.values_list("id", flat=True)]
    assert [token for token in tokens if token in html] == []
    assert "reminder bounced" not in html
    assert "n1-0@example.com" not in html
    assert html.count("n2-0@example.com") == 1  # the invitation that failed


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_campaigns_as_for_one(
    signed_in: Client,
    manager: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        draft_campaign(manager.memberships.get().organisation, name=f"Campaign {number}")

    with django_assert_num_queries(6):
        signed_in.get("/campaigns/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_campaign_page_asks_as_often_for_three_teams_as_for_one(
    signed_in: Client,
    manager: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    units = "code,name,parent\nC,Acme,\n" + "".join(f"T{n},Team {n},C\n" for n in range(count))
    people = "email,name,unit,function\n" + "".join(
        f"t{n}-{p}@example.com,P,T{n},sales\n" for n in range(count) for p in range(6)
    )
    campaign = draft_campaign(manager.memberships.get().organisation, units=units, people=people)
    prepare_keys(campaign_id=campaign.id)

    with django_assert_num_queries(23):
        signed_in.get(reverse("survey:campaign-detail", args=[campaign.id]))


def test_a_malformed_address_is_not_found(signed_in: Client) -> None:
    assert signed_in.get(f"/campaigns/{uuid4()}/").status_code == 404
    assert signed_in.get("/campaigns/1/").status_code == 404
