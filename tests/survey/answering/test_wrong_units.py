"""A wrong unit: what its holder may say, what the manager sees, and that moving tells nothing.

Row 20 of the feature table, "report a wrong unit"; the other changes after a launch are shown in
test_changes, test_links and test_change_pages.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from survey.errors import InputError
from survey.instrument.answers import Answers
from survey.models import (
    Ballot,
    Campaign,
    Draft,
    Function,
    Invitation,
    Message,
    Participation,
    Recipient,
    UnitReport,
    User,
    Who,
)
from survey.sealing.boxes import open_box
from survey.sealing.keys import load_private_key, load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.participation import participation_of
from survey.selectors.respondents import find_respondent
from survey.services.ballots import save_draft, submit
from survey.services.running.code_sheets import make_code_sheet
from survey.services.running.links import move_person, replace_link, request_move
from survey.services.running.participation import refresh_participation
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
ADDRESS = "n1-0@example.com"
WORDS = {"text": "The workshop in Turku", "function": "sales"}


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    people = people_csv(north=12, workshop=12)
    return open_campaign_of(manager.memberships.get().organisation, people=people)


def invitation() -> Invitation:
    return Invitation.objects.select_related("recipient__campaign").get(recipient__email=ADDRESS)


def token_of(invitation: Invitation) -> str:
    return derive_token(load_token_key(invitation.campaign_id), invitation.id)


def respondent(invitation: Invitation) -> Client:
    client = Client()
    client.get(f"/s/{token_of(invitation)}")
    return client


def bands(campaign: Campaign) -> list[tuple[str, str, int, str]]:
    refresh_participation(campaign=campaign, day=timezone.localdate())
    found = Participation.objects.order_by("campaign_unit__code", "function")
    return list(found.values_list("campaign_unit__code", "function", "invited", "answered_band"))


def test_a_respondent_says_so_before_answering_and_no_answer_is_touched(
    campaign: Campaign,
) -> None:
    person = invitation()
    save_draft(token=token_of(person), answers=Answers({"TF1": 4}))
    draft = Draft.objects.values().get()
    client = respondent(person)

    empty = client.post("/answer/unit/", {"text": " ", "function": "sales"})
    pages = [client.get("/answer/unit/"), *(client.post("/answer/unit/", WORDS) for _ in "12")]

    assert "/answer/unit/" in client.get("/answer/").content.decode()
    assert [page.status_code for page in (empty, *pages)] == [422, 200, 200, 200]
    assert list(UnitReport.objects.values_list("invitation", "text", "function")) == [
        (person.id, "The workshop in Turku", "sales")
    ]
    assert Draft.objects.values().get() == draft
    assert invitation() == person
    assert {field.name for field in UnitReport._meta.fields} == {
        "id", "invitation", "text", "function",
    }  # fmt: skip


def test_whoever_has_answered_or_holds_a_code_says_nothing(campaign: Campaign) -> None:
    submit(token=token_of(invitation()), answers=Answers())
    sheet = make_code_sheet(
        unit=campaign.units.get(code="N1"), function=Function.SALES, count=1, by=Who.WORKER
    )
    holder = Client()
    holder.get(f"/s/{sheet.codes[0].token}")

    late = respondent(invitation()).post("/answer/unit/", WORDS)
    coded = holder.post("/answer/unit/", WORDS)

    assert (late.status_code, late.headers.get("Location")) == (302, "/answer/thanks/")
    assert coded.status_code == 404
    assert "/answer/unit/" not in holder.get("/answer/").content.decode()
    assert UnitReport.objects.count() == 0


def test_the_manager_reads_it_and_moves_the_person_to_a_new_link(
    client: Client,
    manager: User,
    campaign: Campaign,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = invitation()
    respondent(old).post("/answer/unit/", WORDS)
    client.force_login(manager)
    detail = reverse("survey:campaign-detail", args=[campaign.id])
    person = reverse("survey:person-detail", args=[campaign.id, old.recipient_id])
    unit = campaign.units.get(code="N2")

    seen = [client.get(page).content.decode().count(WORDS["text"]) for page in (detail, person)]
    told = client.post(f"{person}move/", {"unit": str(unit.id), "function": "sales"}, follow=True)
    for _ in range(2):  # what the worker does, twice over
        move_person(invitation_id=old.id, unit_id=unit.id, function=Function.SALES, by=Who.WORKER)

    new = invitation()
    assert seen == [1, 1]
    assert "a mail with a new link goes out" in told.content.decode()
    assert (new.unit, new.function, new.done) == (unit, "sales", False)
    assert find_respondent(token_of(old)) is None
    assert find_respondent(token_of(new)) is not None
    assert UnitReport.objects.count() == 0
    assert Message.objects.filter(invitation=new, state="waiting", round=0).count() == 1
    assert Invitation.objects.count() == 25


def test_a_word_can_be_settled_without_moving(
    client: Client, manager: User, campaign: Campaign
) -> None:
    respondent(invitation()).post("/answer/unit/", WORDS)
    client.force_login(manager)
    before = invitation()
    address = reverse("survey:unit-report-settle", args=[campaign.id, before.recipient_id])

    answers = [client.post(address).status_code for _ in range(2)]

    assert (answers, UnitReport.objects.count(), invitation()) == ([302, 404], 0, before)


@pytest.mark.parametrize("has_answered", [False, True])
def test_moving_tells_nothing_in_the_table_of_participation(
    campaign: Campaign, has_answered: bool
) -> None:
    addresses = [f"n1-{number}@example.com" for number in (1, 3, 4, 6)]  # 5 with the one moved
    Invitation.objects.filter(recipient__email__in=addresses).update(done=True)
    Invitation.objects.filter(recipient__email=ADDRESS).update(done=has_answered)
    before, unit = bands(campaign), campaign.units.get(code="N2")

    move_person(
        invitation_id=invitation().id, unit_id=unit.id, function=Function.OPERATIONS, by=Who.WORKER
    )

    # In a group as small as this nothing is told any more, answer or not.
    assert bands(campaign) == [
        (code, function, invited, "" if (code, function) == ("N1", "operations") else band)
        for code, function, invited, band in before
    ]
    assert participation_of(campaign).added == 1


def test_an_answer_stays_with_the_unit_it_was_given_for_and_is_the_only_one(
    campaign: Campaign,
) -> None:
    person, unit = invitation(), campaign.units.get(code="N2")
    submit(token=token_of(person), answers=Answers())

    move_person(invitation_id=person.id, unit_id=unit.id, function=Function.SALES, by=Who.WORKER)
    submit(token=token_of(invitation()), answers=Answers())
    move_person(
        invitation_id=invitation().id,
        unit_id=person.unit_id,
        function=Function.SALES,
        by=Who.WORKER,
    )
    replace_link(invitation_id=invitation().id, by=Who.WORKER)
    refresh_participation(campaign=campaign, day=timezone.localdate())

    ballot = open_box(load_private_key(campaign.id), Ballot.objects.get().box)
    counted = Invitation.objects.filter(done=True, standing="planned")
    assert (ballot["unit"], ballot["function"]) == (str(person.unit_id), person.function)
    assert [(one.unit_id, one.revoked) for one in counted] == [(person.unit_id, True)]
    assert (invitation().done, invitation().standing) == (True, "added")
    assert participation_of(campaign).added == 1


def test_a_unit_of_another_campaign_is_refused(campaign: Campaign) -> None:
    person = invitation()
    other = open_campaign_of(organisation_with_manager("Theirs", "their@example.com")[0])
    unit = other.units.get(code="N2")

    with pytest.raises(InputError, match="expected one of Spring survey, found Workshop"):
        request_move(
            recipient=Recipient.objects.get(campaign=campaign, email=ADDRESS),
            unit=unit,
            function=Function.SALES,
            by=Who.WORKER,
        )
    move_person(invitation_id=person.id, unit_id=unit.id, function=Function.SALES, by=Who.WORKER)

    assert Invitation.objects.filter(campaign=campaign, recipient__email=ADDRESS).get() == person
