"""What a manager learns of a team by inventing people for it, acted out up to the release."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from survey.instrument.answers import Answers
from survey.instrument.content import parse_instrument
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, CampaignUnit, Function, Invitation, Release, Standing, User, Who
from survey.release.digest import release_digest
from survey.release.tables import ReleasedTables
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.releases import released_cells, released_rows
from survey.services.ballots import submit
from survey.services.campaigns import close_campaign
from survey.services.opening.opening import open_campaign
from survey.services.running.code_sheets import make_code_sheet
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv
from tests.survey.two_worlds import LAUNCH, Manager, Scene

pytestmark = pytest.mark.django_db(transaction=True)
NINE = range(9)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    """Return an open campaign of a team of twelve and a workshop of one, who all have answered."""
    organisation = manager.memberships.get().organisation
    with time_machine.travel(LAUNCH, tick=False):
        campaign = open_campaign_of(organisation, people=people_csv(north=12, workshop=1))
        send_due_messages()
        for place, invitation in enumerate(Invitation.objects.order_by("recipient__email")):
            answer(
                invitation, {code: 2 + (place + n) % 5 for n, code in enumerate(codes(campaign))}
            )
    return campaign


def codes(campaign: Campaign) -> list[str]:
    return [item.code for _, item in parse_instrument(campaign.instrument.content).items()]


def answer(invitation: Invitation, items: dict[str, int]) -> None:
    token = derive_token(load_token_key(invitation.campaign_id), invitation.pk)
    submit(token=token, answers=Answers(asked(invitation.campaign, invitation.function, items)))


def asked(campaign: Campaign, function: str, items: dict[str, int]) -> dict[str, int]:
    """Return the answers to what somebody of a function is asked, checks answered as they ask."""
    found = parse_instrument(campaign.instrument.content).items()
    return {
        item.code: item.expected or items[item.code]
        for _, item in found
        if item.is_asked_of(function)
    }


def results(campaign: Campaign) -> ReleasedTables:
    """Close the campaign and return what is released of it."""
    with time_machine.travel(LAUNCH + timedelta(days=3), tick=False):
        close_campaign(campaign=campaign, by=Who.WORKER, without_grace=True)
        open_campaign(campaign_id=campaign.pk)
    return released_cells(Campaign.objects.get(pk=campaign.pk))


def workshop(campaign: Campaign) -> CampaignUnit:
    return campaign.units.get(code="N2")


def told_of(tables: ReleasedTables, campaign: Campaign) -> list[tuple[str, str, int]]:
    names = dict(zip(tables.tree.keys, tables.tree.names, strict=True))
    return [(info.plan, names[info.unit], info.n) for info in tables.sets if not info.function]


ALONE = [("general", "Field team Ålesund", 12), ("sensitive", "Field team Ålesund", 12)]


def test_nine_people_whom_he_adds_do_not_open_the_answers_of_one(
    campaign: Campaign, manager: User
) -> None:
    he = Manager(Scene(campaign, manager, ""), LAUNCH + timedelta(hours=1), client=Client())
    he.client.force_login(manager)
    with time_machine.travel(he.now, tick=False):
        for number in NINE:
            person = {"email": f"maria@private{number}.example", "name": "", "function": "sales"}
            he.do("person-add", person | {"unit": str(workshop(campaign).pk)})
        invented = Invitation.objects.filter(standing=Standing.ADDED)
        assert invented.count() == len(NINE)
        for number, invitation in enumerate(invented):
            answer(
                invitation, {code: 1 + (number + n) % 7 for n, code in enumerate(codes(campaign))}
            )

    tables = results(campaign)

    assert told_of(tables, campaign) == ALONE
    assert set(released_rows(campaign)["pool"]) == {tables.pools[0].key}


def test_nine_codes_of_his_own_do_not_open_the_answers_of_one(campaign: Campaign) -> None:
    with time_machine.travel(LAUNCH + timedelta(hours=1), tick=False):
        sheet = make_code_sheet(
            unit=workshop(campaign), function=Function.SALES, count=9, by=Who.COMMAND
        )
        for number, code in enumerate(sheet.codes):
            items = {code: 1 + (number + n) % 7 for n, code in enumerate(codes(campaign))}
            submit(token=code.token, answers=Answers(asked(campaign, "sales", items)))

    assert told_of(results(campaign), campaign) == ALONE


def test_people_whom_he_adds_to_a_large_team_join_its_means_only(campaign: Campaign) -> None:
    team = campaign.units.get(code="N1")
    with time_machine.travel(LAUNCH + timedelta(hours=1), tick=False):
        sheet = make_code_sheet(unit=team, function=Function.OPERATIONS, count=8, by=Who.COMMAND)
        for code in sheet.codes:
            items = {code: 1 + n % 7 for n, code in enumerate(codes(campaign))} | {"TF1": 7}
            submit(token=code.token, answers=Answers(asked(campaign, "operations", items)))

    tables = results(campaign)

    assert told_of(tables, campaign) == ALONE
    cell = tables.cells_of(f"general/unit/{team.pk}").loc["TF1"]
    planned = [2 + place % 5 for place in range(12)]
    assert (cell["n"], cell["mean"]) == (12, pytest.approx((sum(planned) + 8 * 7) / 20))
    assert Release.objects.get(campaign=campaign).digest == release_digest(tables)
