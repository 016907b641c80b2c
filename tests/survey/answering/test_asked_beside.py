"""Checks of attention and markers are asked where the campaign wants them, and nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import InputError
from survey.instrument.answers import Answers
from survey.instrument.content import ConstructRole
from survey.models import Action, Campaign, LedgerEntry, Organisation, User, Who
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.launch.asked_beside import beside_words
from survey.selectors.launch.checklist import launch_checklist
from survey.services.ballots import submit
from survey.services.campaigns import create_campaign, launch_campaign
from survey.services.setup.drafts import begin_draft
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
BOTH = (
    "a check of attention, by which answers are left out, "
    "statements that have nothing to do with work, for the study of the scales"
)
SWITCHES = ("asks_attention_check", "asks_markers")


@pytest.fixture
def organisation() -> Organisation:
    return organisation_with_manager()[0]


def unasked(campaign: Campaign) -> Campaign:
    """Turn both switches off."""
    Campaign.objects.filter(pk=campaign.pk).update(**dict.fromkeys(SWITCHES, False))
    campaign.refresh_from_db()
    return campaign


def test_a_new_campaign_asks_neither(organisation: Organisation) -> None:
    campaign = create_campaign(organisation=organisation, name="Spring")
    codes = [construct.code for construct in questionnaire_of(campaign).constructs]

    assert codes == ["TF", "AD", "AG", "RB", "CF", "DSO"]
    assert beside_words(campaign) == "nothing"


def test_a_new_wave_asks_what_the_last_one_did(organisation: Organisation) -> None:
    last = draft_campaign(organisation)
    launch_campaign(campaign=last, by=Who.WORKER)

    campaign = begin_draft(organisation=organisation, name="Autumn", purpose="To see changes.")

    assert [getattr(campaign, switch) for switch in SWITCHES] == [True, True]
    assert beside_words(campaign) == BOTH


def test_the_step_of_the_questionnaire_has_a_switch_for_each(
    client: Client, organisation: Organisation
) -> None:
    campaign = draft_campaign(organisation)
    client.force_login(User.objects.get(email="maria@example.com"))
    address = reverse("survey:setup-questionnaire", args=[campaign.pk])
    page = client.get(address)
    assert [page.context["form"][switch].value() for switch in SWITCHES] == [True, True]

    chosen = {"instrument": campaign.instrument_id, "languages": "en", "asks_markers": "on"}
    client.post(address, chosen)

    campaign.refresh_from_db()
    assert [getattr(campaign, switch) for switch in SWITCHES] == [False, True]


def test_what_is_not_asked_is_on_no_page_and_taken_from_nobody() -> None:
    small = open_small_campaign(invitations=1)
    unasked(small.campaign)
    browser = Client()
    browser.get(f"/s/{small.tokens[0]}")
    pages = [browser.get(f"/answer/{number}/").context["page"] for number in range(1, 7)]
    shown = {item.code for page in pages for item in page.items}

    asked = {item.code for item in questionnaire_of(small.campaign).asked_of("operations")}
    assert shown == asked
    assert not shown & {"CHECK1", "MV1", "MV2", "MV3"}
    for code in ("CHECK1", "MV1"):
        with pytest.raises(InputError, match="expected a code that rutin-core asks"):
            submit(token=small.tokens[0], answers=Answers({code: 3}))


def test_launch_settles_the_switches_and_says_so(organisation: Organisation) -> None:
    campaign = unasked(draft_campaign(organisation))
    details = [check.detail for check in launch_checklist(campaign, now=timezone.now())]
    assert any("Asked beside statements about the unit: nothing." in one for one in details)

    launch_campaign(campaign=campaign, by=Who.WORKER)

    campaign.refresh_from_db()
    # A rule about what nobody was asked would be told as one by which answers were left out.
    assert campaign.exclusion_rules["attention_check"] is False
    entry = LedgerEntry.objects.get(action=Action.LAUNCHED)
    assert [entry.detail[switch] for switch in SWITCHES] == [False, False]


def test_what_is_computed_from_a_campaign_knows_only_what_was_asked() -> None:
    campaign = unasked(open_small_campaign(invitations=0).campaign)

    roles = {construct.role for construct in questionnaire_of(campaign).constructs}

    assert roles == {ConstructRole.ELEMENT, ConstructRole.OUTCOME}
