"""A rehearsal goes the whole way but for its end: no answer is ever read."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from survey.instrument.answers import Answers
from survey.mail.messages import survey_mail
from survey.models import Ballot, Campaign, CampaignState, Invitation, Message, User, Who
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.launch.checklist import launch_checklist
from survey.services.ballots import submit
from survey.services.campaigns import create_campaign
from survey.services.opening.closing import close_campaign
from survey.services.running.launching import launch_campaign
from survey.services.schedule import run_due_work
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def rehearsal() -> Campaign:
    people = people_csv(north=2, workshop=0)
    draft = draft_campaign(organisation_with_manager()[0], people=people)
    Campaign.objects.update(is_rehearsal=True)
    draft.refresh_from_db()
    return draft


def token_of_first(campaign: Campaign) -> str:
    invitation = Invitation.objects.filter(campaign=campaign).earliest("id")
    return derive_token(load_token_key(campaign.id), invitation.id)


def test_a_rehearsal_needs_one_person_where_a_campaign_needs_five(rehearsal: Campaign) -> None:
    def people_check(campaign: Campaign) -> bool:
        return launch_checklist(campaign, now=timezone.now())[0].passed

    real = draft_campaign(rehearsal.organisation, people=people_csv(north=4, workshop=0))

    assert (people_check(rehearsal), people_check(real)) == (True, False)


@pytest.mark.parametrize("by_clock", [False, True])
def test_a_rehearsal_ends_without_results(rehearsal: Campaign, by_clock: bool) -> None:
    launch_campaign(campaign=rehearsal, by=Who.WORKER)
    submit(token=token_of_first(rehearsal), answers=Answers())
    assert rehearsal.closes_at is not None

    if by_clock:
        run_due_work(rehearsal.closes_at)
    else:
        close_campaign(campaign=rehearsal, by=Who.WORKER)

    rehearsal.refresh_from_db()
    assert (rehearsal.state, Ballot.objects.count()) == (CampaignState.CANCELLED, 0)


@pytest.mark.parametrize("state", [CampaignState.CLOSED, CampaignState.RELEASED])
def test_the_database_refuses_a_rehearsal_with_results(
    rehearsal: Campaign, state: CampaignState
) -> None:
    with pytest.raises(IntegrityError):
        Campaign.objects.update(state=state)


def test_a_rehearsal_is_no_wave(rehearsal: Campaign) -> None:
    real = create_campaign(
        organisation=rehearsal.organisation, name="Real", closes_at=rehearsal.closes_at
    )

    assert real.wave == 1


def test_mails_and_pages_say_that_it_is_a_rehearsal(rehearsal: Campaign, client: Client) -> None:
    said = "at its end every answer is deleted unread, and there are no results"
    launch_campaign(campaign=rehearsal, by=Who.WORKER)

    mail = survey_mail(Message.objects.earliest("id"), "https://example.com/s/x")
    welcome = client.get(f"/s/{token_of_first(rehearsal)}", follow=True).content.decode()
    client.force_login(User.objects.get(email="maria@example.com"))
    page = client.get(f"/campaigns/{rehearsal.id}/").content.decode()
    close = client.get(f"/campaigns/{rehearsal.id}/close/").content.decode()

    assert mail.subject == "Rehearsal of Spring survey: Acme asks for your view"
    html = str(mail.alternatives[0][0])
    assert [said in text for text in (str(mail.body), html, welcome)] == [True] * 3
    assert '<span class="state">Rehearsal</span>' in page
    assert "every answer is deleted unread" in close
