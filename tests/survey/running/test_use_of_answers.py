"""What answers are used for: figures of units, or single answers for research, and never both."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import ChecklistError, ConfirmationError
from survey.instrument.answers import Answers
from survey.models import (
    Ballot,
    Campaign,
    CampaignState,
    HeadCountConfirmation,
    LedgerEntry,
    Membership,
    ReleasedSet,
    Response,
    Role,
    User,
    Who,
)
from survey.policy import USES_APART
from survey.sealing import boxes, keys
from survey.selectors.head_counts.counts import planned_counts
from survey.selectors.launch.checklist import launch_checklist
from survey.selectors.units.planned_units import planned_units
from survey.services.ballots import submit
from survey.services.campaigns import create_campaign, launch_campaign
from survey.services.opening.opening import open_campaign
from survey.services.running.launching import prepare_keys
from survey.services.setup.head_counts import confirm_head_counts
from tests.survey.opening.opening_scenes import closed_campaign
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import (
    PASSWORD,
    confirm_counts,
    draft_campaign,
    organisation_with_manager,
    people_csv,
    second_person_of,
)

pytestmark = pytest.mark.django_db


def research_draft(*, is_confirmed: bool = False) -> Campaign:
    """Return a complete draft that is to give single answers."""
    organisation, _ = organisation_with_manager()
    council = second_person_of(organisation)
    campaign = draft_campaign(organisation, people=people_csv(north=30), is_confirmed=False)
    Campaign.objects.filter(pk=campaign.pk).update(gives_rows=True)
    campaign.refresh_from_db()
    assert council.memberships.get().role == Role.COUNCIL
    if is_confirmed:
        confirm_counts(campaign)
    prepare_keys(campaign_id=campaign.pk)
    return campaign


def administrator_of(campaign: Campaign) -> User:
    user = User.objects.create_user(
        "adam@example.com", PASSWORD, first_signed_in_at=campaign.created_at - timedelta(days=9)
    )
    Membership.objects.create(
        organisation=campaign.organisation, user=user, role=Role.ADMINISTRATOR
    )
    return user


def points(campaign: Campaign) -> dict[str, bool]:
    return {check.code: check.passed for check in launch_checklist(campaign, now=timezone.now())}


def test_where_single_answers_are_given_not_even_a_box_says_whose_team_it_was() -> None:
    small = open_small_campaign(invitations=1, gives_rows=True)
    submit(token=small.tokens[0], answers=Answers({"TF1": 5}))

    private = keys.load_private_key(small.campaign.pk)
    sealed = boxes.open_box(private, Ballot.objects.get().box)

    assert (sealed["unit"], sealed["function"]) == ("", "operations")
    assert str(small.unit.pk) not in str(sealed)


@pytest.mark.django_db(transaction=True)
def test_the_release_tells_of_the_company_and_its_functions_and_of_no_unit() -> None:
    groups = (("N1", "operations", 30), ("N2", "sales", 30), ("N3", "sales", 25))
    closed = closed_campaign(groups=groups, gives_rows=True)

    campaign = open_campaign(campaign_id=closed.campaign.pk)

    sets = ReleasedSet.objects.filter(release__campaign=campaign)
    assert {(one.owner.parent_id, one.function) for one in sets} == {
        (None, ""), (None, "operations"), (None, "sales"),
    }  # fmt: skip
    assert Response.objects.values("pool").distinct().count() == 1
    assert Response.objects.count() == 85
    told = {unit.name: any(one.has_figures for one in unit.outcomes)
            for unit in planned_units(campaign)}  # fmt: skip
    assert {name for name, has_figures in told.items() if has_figures} == {"Service North"}


def test_the_forecast_promises_figures_of_the_company_only() -> None:
    draft = research_draft()

    told = {unit.name for unit in planned_units(draft) if unit.outcomes[0].has_figures}

    assert told == {"Acme Service"}
    assert sum(unit.outcomes[0].has_figures for unit in planned_units(draft)) == 1


def test_the_database_refuses_another_use_once_it_is_launched() -> None:
    draft = research_draft(is_confirmed=True)
    Campaign.objects.filter(pk=draft.pk).update(gives_rows=False)
    Campaign.objects.filter(pk=draft.pk).update(gives_rows=True)  # as often as one likes
    confirm_counts(draft)
    launched = launch_campaign(campaign=draft, by=Who.WORKER)

    with pytest.raises(IntegrityError, match="settled use"), transaction.atomic():
        Campaign.objects.filter(pk=launched.pk).update(gives_rows=False)
    launched.gives_rows = False
    with pytest.raises(IntegrityError, match="settled use"), transaction.atomic():
        launched.save()
    entry = LedgerEntry.objects.get(action="launched")
    assert entry.detail["gives_rows"] is True


def test_an_administrator_confirms_numbers_but_no_single_answers() -> None:
    draft = research_draft()
    administrator = administrator_of(draft)
    digest = planned_counts(draft, timezone.localdate()).digest

    with pytest.raises(ConfirmationError, match="works council"):
        confirm_head_counts(campaign=draft, digest=digest, by=administrator)
    council = second_person_of(draft.organisation)
    confirm_head_counts(campaign=draft, digest=digest, by=council)

    assert points(draft)["heads"]


def test_a_word_given_for_figures_of_units_is_none_for_single_answers() -> None:
    organisation, _ = organisation_with_manager()
    draft = draft_campaign(organisation)
    shown = planned_counts(draft, timezone.localdate()).digest
    assert points(draft)["heads"]

    Campaign.objects.filter(pk=draft.pk).update(gives_rows=True)
    draft.refresh_from_db()

    assert not points(draft)["heads"]
    with pytest.raises(ConfirmationError, match="changed while you looked"):
        confirm_head_counts(campaign=draft, digest=shown, by=second_person_of(organisation))


def test_nobody_launches_research_alone() -> None:
    organisation, _ = organisation_with_manager()
    draft = draft_campaign(organisation, people=people_csv(north=30), is_confirmed=False)
    prepare_keys(campaign_id=draft.pk)
    assert points(draft)["heads"]  # with a floor of ten

    Campaign.objects.filter(pk=draft.pk).update(gives_rows=True)
    draft.refresh_from_db()

    (check,) = [one for one in launch_checklist(draft, now=timezone.now()) if one.code == "heads"]
    assert not check.passed
    assert "no account that could confirm" in check.detail
    with pytest.raises(ChecklistError):
        launch_campaign(campaign=draft, by=Who.WORKER)
    # An administrator does not stand in for the council.
    administrator_of(draft)
    assert not points(draft)["heads"]


@pytest.mark.parametrize("gives_rows", [False, True])
@pytest.mark.parametrize(
    ("state", "closed", "is_free"),
    [
        (CampaignState.OPEN, None, False),
        (CampaignState.CLOSED, timedelta(days=1), False),
        (CampaignState.RELEASED, USES_APART - timedelta(days=1), False),
        (CampaignState.RELEASED, USES_APART + timedelta(days=1), True),
        (CampaignState.CANCELLED, timedelta(days=1), True),
        (CampaignState.DRAFT, None, True),
    ],
)
def test_half_a_year_lies_between_the_two_uses(
    *, gives_rows: bool, state: CampaignState, closed: timedelta | None, is_free: bool
) -> None:
    """The same people answer alike twice: rows of one and figures of the other are put together."""
    draft = research_draft()
    Campaign.objects.filter(pk=draft.pk).update(gives_rows=gives_rows)
    draft.refresh_from_db()
    other = create_campaign(
        organisation=draft.organisation, name="The other", gives_rows=not gives_rows
    )
    now = timezone.now()
    Campaign.objects.filter(pk=other.pk).update(
        state=state, closed_at=now - closed if closed else None
    )

    assert points(draft)["use"] is is_free
    same = create_campaign(organisation=draft.organisation, name="Same", gives_rows=gives_rows)
    Campaign.objects.filter(pk=same.pk).update(state=CampaignState.OPEN)
    assert points(draft)["use"] is is_free


def test_a_rehearsal_has_no_use_and_hinders_none() -> None:
    draft = research_draft()
    other = create_campaign(
        organisation=draft.organisation, name="Rehearsal", is_rehearsal=True,
        closes_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    Campaign.objects.filter(pk=other.pk).update(state=CampaignState.OPEN)

    assert points(draft)["use"]


def test_respondents_are_promised_what_the_campaign_does() -> None:
    pages = {}
    for gives_rows in (False, True):
        small = open_small_campaign(invitations=1, gives_rows=gives_rows)
        analyst = User.objects.create_user(f"ann-{gives_rows}@example.com", name="Ann Analyst")
        Membership.objects.create(
            organisation=small.campaign.organisation, user=analyst, role=Role.ANALYST
        )
        client = Client()
        page = client.get(f"/s/{small.tokens[0]}", follow=True)
        pages[gives_rows] = " ".join(page.text.split())

    assert "Nobody sees a single answer at all, with or without a name" in pages[False]
    assert "Nothing is shown for fewer than 5 answers." in pages[False]
    assert "one by one" not in pages[False]
    assert "Nobody sees a single answer at all but Ann Analyst" in pages[True]
    assert "Nothing is told of your unit, nor of any other." in pages[True]
    assert "Nothing is shown for fewer than" not in pages[True]


def test_the_wizard_asks_what_the_answers_are_for_and_the_council_reads_it(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    draft = draft_campaign(organisation)
    assert HeadCountConfirmation.objects.exists()
    client.force_login(manager)
    address = reverse("survey:setup-privacy", args=[draft.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert str(sent["gives_rows"]) == "False"

    answer = client.post(address, {**sent, "gives_rows": "True"})

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.gives_rows
    client.force_login(second_person_of(organisation))
    confirming = client.get(reverse("survey:head-count-confirm", args=[draft.pk]))
    assert "gives analysts the answers of these people one by one" in confirming.text
    assert "agree that analysts read single answers" in confirming.text
    stored = client.get(reverse("survey:campaign-stored", args=[draft.pk]))
    assert "Research on single answers" in stored.text
    assert "Nothing is told of any unit" in stored.text
