"""The pages on which a manager puts things right: whose they are, and what they never tell."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from survey.mail.outbox import send_due_messages
from survey.models import (
    Campaign,
    CampaignState,
    Invitation,
    Leadership,
    Membership,
    Message,
    Recipient,
    Role,
    Unit,
    User,
)
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

pytestmark = pytest.mark.django_db
ADDRESS = "n1-0@example.com"


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return open_campaign_of(manager.memberships.get().organisation)


@pytest.fixture
def signed_in(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def addresses(campaign: Campaign) -> dict[str, str]:
    """Return every page of the changes, by name, for one person and one unit of a campaign."""
    recipient = Recipient.objects.get(campaign=campaign, email=ADDRESS)
    leadership = Leadership.objects.get(unit__organisation=campaign.organisation, unit__code="N1")
    about_campaign = ("campaign-extend", "campaign-cancel", "person-list", "person-add")
    about_person = (
        "person-detail", "person-resend", "person-replace-link", "person-revoke-link",
        "person-move", "unit-report-settle",
    )  # fmt: skip
    unit: list[UUID] = [campaign.organisation_id, leadership.unit_id]
    return {
        **{name: reverse(f"survey:{name}", args=[campaign.id]) for name in about_campaign},
        **{
            name: reverse(f"survey:{name}", args=[campaign.id, recipient.id])
            for name in about_person
        },
        "unit-list": reverse("survey:unit-list", args=unit[:1]),
        "unit-leaders": reverse("survey:unit-leaders", args=unit),
        "leadership-end": reverse("survey:leadership-end", args=[*unit, leadership.user_id]),
    }


@pytest.mark.parametrize("role", [None, *[role for role in Role if role != Role.MANAGER]])
def test_nothing_of_it_exists_for_whoever_does_not_manage_the_organisation(
    client: Client, campaign: Campaign, role: Role | None
) -> None:
    _, stranger = organisation_with_manager("Ours", "ours@example.com")
    if role is not None:
        Membership.objects.create(organisation=campaign.organisation, user=stranger, role=role)
    client.force_login(stranger)

    for address in addresses(campaign).values():
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}
        assert 404 in {client.get(address).status_code, client.post(address).status_code}


def test_a_person_and_a_unit_belong_to_the_campaign_and_organisation_in_the_address(
    signed_in: Client, campaign: Campaign
) -> None:
    other = open_campaign_of(campaign.organisation)
    theirs = open_campaign_of(organisation_with_manager("Theirs", "their@example.com")[0])
    recipient = Recipient.objects.get(campaign=campaign, email=ADDRESS)
    unit = Unit.objects.get(organisation=theirs.organisation, code="N1")

    crossed = [
        reverse("survey:person-detail", args=[other.id, recipient.id]),
        reverse("survey:person-revoke-link", args=[other.id, recipient.id]),
        reverse("survey:unit-leaders", args=[campaign.organisation_id, unit.id]),
        reverse(
            "survey:leadership-end",
            args=[campaign.organisation_id, unit.id, unit.leaderships.get().user_id],
        ),
    ]

    assert [signed_in.post(address).status_code for address in crossed] == [404] * 4
    assert not Invitation.objects.filter(revoked=True).exists()


@pytest.mark.parametrize("has_answered", [False, True])
def test_no_page_tells_who_has_answered(
    signed_in: Client, campaign: Campaign, has_answered: bool
) -> None:
    invitation = Invitation.objects.get(recipient__email=ADDRESS)
    send_due_messages()
    clean = _pages(signed_in, campaign)

    Invitation.objects.filter(pk=invitation.pk).update(done=has_answered, bounced=not has_answered)
    if not has_answered:
        Message.objects.create(
            invitation=invitation, kind="reminder", round=1, state="failed",
            due_at=timezone.now(), last_error="550 gone",
        )  # fmt: skip

    assert _pages(signed_in, campaign) == clean


def _pages(client: Client, campaign: Campaign) -> list[str]:
    found = addresses(campaign)
    shown = ("person-list", "person-detail", "unit-list", "unit-leaders")
    pages = [client.get(found[name]).content.decode() for name in shown]
    drawn = ("csrf", "form_key")  # anew for each page
    return [
        "".join(line for line in page.splitlines() if not any(name in line for name in drawn))
        for page in pages
    ]


def test_people_are_found_by_address_or_name(signed_in: Client, campaign: Campaign) -> None:
    address = reverse("survey:person-list", args=[campaign.id])

    def found(query: str) -> list[str]:
        page = signed_in.get(address, {"q": query}).context["page"]
        return [person.recipient.email for person in page.people]

    assert found("N2-") == ["n2-0@example.com", "n2-1@example.com", "n2-2@example.com"]
    assert found("person 5") == ["n1-5@example.com"]
    assert found("nobody") == []


def test_a_search_shows_fifty_and_counts_the_rest(signed_in: Client, manager: User) -> None:
    many = people_csv(north=60, workshop=0)
    campaign = open_campaign_of(manager.memberships.get().organisation, people=many)

    page = signed_in.get(reverse("survey:person-list", args=[campaign.id])).context["page"]

    assert (len(page.people), page.hidden) == (50, 10)


def test_posts_do_what_they_say(signed_in: Client, campaign: Campaign) -> None:
    found = addresses(campaign)
    unit = campaign.units.get(code="N2")
    later = f"{timezone.now().year + 1}-01-01T10:00"

    answers = [
        signed_in.post(found["person-resend"]),
        signed_in.post(found["person-replace-link"]),
        signed_in.post(found["person-detail"], {"email": "new@example.com", "name": "Nina"}),
        signed_in.post(found["person-revoke-link"]),
        signed_in.post(
            found["person-add"],
            {"email": "late@example.com", "unit": str(unit.id), "function": "sales"},
        ),
        signed_in.post(found["leadership-end"]),
        signed_in.post(found["unit-leaders"], {"kind": "deputy", "email": "dan@example.com"}),
        signed_in.post(found["campaign-extend"], {"closes_at": later}),
        signed_in.post(found["campaign-cancel"], {"is_sure": "on"}),
    ]

    assert [answer.status_code for answer in answers] == [302] * len(answers)
    current = Leadership.objects.filter(unit__code="N1", until=None)
    assert list(current.values_list("user__email", "kind")) == [("dan@example.com", "deputy")]
    campaign.refresh_from_db()
    assert (campaign.state, campaign.recipients.count()) == (CampaignState.OPEN, 10)
    assert [one.kind for one in campaign.asked_changes.all()] == ["cancellation"]
    assert campaign.closes_at is not None
    assert campaign.closes_at.isoformat() == f"{later[:11]}08:00:00+00:00"


def test_refusals_are_told_on_the_page(signed_in: Client, campaign: Campaign) -> None:
    found = addresses(campaign)
    unit = campaign.units.get(code="N2")

    refused = [
        signed_in.post(found["person-detail"], {"email": "n1-1@example.com"}),
        signed_in.post(
            found["person-add"],
            {"email": "n1-1@example.com", "unit": str(unit.id), "function": "sales"},
        ),
        signed_in.post(found["unit-leaders"], {"kind": "leader", "email": "lars@example.com"}),
        signed_in.post(found["campaign-extend"], {"closes_at": "2020-01-01T10:00"}),
        signed_in.post(found["campaign-cancel"], {"is_sure": ""}),
    ]

    assert [list(answer.context["form"].errors) for answer in refused] == [
        ["__all__"],
        ["__all__"],
        ["__all__"],
        ["closes_at"],
        ["is_sure"],
    ]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_draft_s_people_are_shown_and_not_mended(signed_in: Client, manager: User) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    found = addresses(campaign)

    page = signed_in.get(found["person-detail"]).content.decode()
    answer = signed_in.post(found["person-resend"], follow=True).content.decode()

    assert "Send a new link" not in page
    assert "expected an open campaign, found “Draft" in answer


@pytest.mark.parametrize("workshop", [1, 3])
def test_the_people_page_asks_as_often_for_three_as_for_one(
    signed_in: Client,
    manager: User,
    workshop: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = people_csv(workshop=workshop)
    campaign = open_campaign_of(manager.memberships.get().organisation, people=people)

    with django_assert_num_queries(8):
        signed_in.get(reverse("survey:person-list", args=[campaign.id]), {"q": "n2-"})
