"""What nobody does alone in a running campaign: ending it unread, moving a delivered address."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from survey.errors import ConfirmationError, InputError, StateError
from survey.instrument.answers import Answers
from survey.models import (
    Action,
    AskedChange,
    Ballot,
    Campaign,
    CampaignState,
    Invitation,
    LedgerEntry,
    Membership,
    Message,
    MessageState,
    Organisation,
    PendingWipe,
    Recipient,
    Role,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.accounts.second_word_pages import second_word_pages
from survey.services.ballots import submit
from survey.services.campaigns import close_campaign, launch_campaign
from survey.services.running.asked_changes import (
    agree_to_change,
    cancel_or_ask,
    correct_or_ask,
    refuse_change,
    take_change_back,
)
from survey.services.running.cancelling import cancel_campaign
from tests.survey.second_words import (
    LONG_AGO,
    NEW,
    OLD,
    asked_to_cancel,
    asked_to_correct,
    delivered_campaign,
    person,
)
from tests.survey.staff_scenes import (
    PASSWORD,
    confirm_counts,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
    second_person_of,
)

pytestmark = pytest.mark.django_db
FOUND_ANOTHER = "found another account"


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    """Return a campaign that two launched, with its invitations delivered and one answer."""
    launched = delivered_campaign(manager)
    submit(token=token_of("n1-1@example.com"), answers=Answers({"TF1": 5}))
    return launched


@pytest.fixture
def council(campaign: Campaign) -> User:
    return second_person_of(campaign.organisation)


def token_of(address: str) -> str:
    invitation = Invitation.objects.get(recipient__email=address)
    return derive_token(load_token_key(invitation.campaign_id), invitation.id)


def account(organisation: Organisation, email: str, role: Role, *, was_there: bool = True) -> User:
    since = LONG_AGO if was_there else datetime.now(UTC)
    user = User.objects.create_user(email, PASSWORD, first_signed_in_at=since)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def noted(*actions: Action) -> list[tuple[str, object, str, str]]:
    """Return action, account, unit and second person of the entries of some actions, in order."""
    found = LedgerEntry.objects.filter(action__in=[action.value for action in actions])
    return [
        (one.action, one.account, one.unit_name, one.detail.get("agreed_by", ""))
        for one in found.order_by("pk")
    ]


def wanted(user: User) -> int:
    """Return how much waits for somebody's word."""
    return sum(page.for_reader for page in second_word_pages(user))


def state_of(campaign: Campaign) -> tuple[str, int, int]:
    """Return a campaign's state, and how many ballots and addresses there are."""
    campaign.refresh_from_db()
    return campaign.state, Ballot.objects.count(), Recipient.objects.count()


def test_a_campaign_that_two_launched_ends_unread_once_a_second_person_agrees(
    campaign: Campaign, manager: User, council: User
) -> None:
    asked = asked_to_cancel(campaign, manager)
    again = cancel_or_ask(campaign=campaign, by=manager)
    before = state_of(campaign)

    agree_to_change(asked=asked, by=council)

    assert again == asked
    assert before == (CampaignState.OPEN, 1, 9)
    assert state_of(campaign) == (CampaignState.CANCELLED, 0, 0)
    assert noted(Action.CANCELLATION_ASKED, Action.CANCELLED) == [
        ("cancellation asked", manager.pk, "", ""),
        ("cancelled", manager.pk, "", f"Cora Council ({council.email})"),
    ]
    assert not AskedChange.objects.exists()


def test_no_service_ends_it_for_an_account_alone(
    campaign: Campaign, manager: User, council: User
) -> None:
    newcomer = account(campaign.organisation, "new@example.com", Role.COUNCIL, was_there=False)
    for agreed_by in (None, manager, newcomer):
        with pytest.raises(ConfirmationError, match="expected a second person"):
            cancel_campaign(campaign=campaign, by=manager, agreed_by=agreed_by)

    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)


def test_who_asked_and_whoever_came_later_decide_nothing(
    campaign: Campaign, manager: User, council: User
) -> None:
    Membership.objects.create(
        organisation=campaign.organisation, user=manager, role=Role.ADMINISTRATOR
    )
    User.objects.filter(pk=manager.pk).update(first_signed_in_at=LONG_AGO)
    others = [
        manager,
        account(campaign.organisation, "late@example.com", Role.COUNCIL, was_there=False),
        account(campaign.organisation, "emma@example.com", Role.EXECUTIVE),
        account(Organisation.objects.create(name="Other"), "o@example.com", Role.COUNCIL),
    ]
    changes = [asked_to_cancel(campaign, manager), asked_to_correct(manager)]
    for asked in changes:
        for user in others:
            for decide in (agree_to_change, refuse_change):
                with pytest.raises(ConfirmationError, match=FOUND_ANOTHER):
                    decide(asked=asked, by=user)
            client = Client()
            client.force_login(user)
            for name in ("agree", "refuse"):
                client.post(reverse(f"survey:asked-change-{name}", args=[asked.pk]))

    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)
    assert (person().email, AskedChange.objects.count()) == (OLD, 2)
    assert [
        sum(page.for_reader for page in second_word_pages(user)) for user in (*others, council)
    ] == [0, 0, 0, 0, 2]


def test_for_single_answers_an_administrators_word_is_none(manager: User) -> None:
    organisation = manager.memberships.get().organisation
    administrator = account(organisation, "ada@example.com", Role.ADMINISTRATOR)
    draft = draft_campaign(organisation, is_confirmed=False)
    Campaign.objects.filter(pk=draft.pk).update(gives_rows=True)
    draft.refresh_from_db()
    confirm_counts(draft)
    research = launch_campaign(campaign=draft, by=Who.WORKER)
    asked = asked_to_cancel(research, manager)

    with pytest.raises(ConfirmationError, match="somebody of the works council, other than maria"):
        agree_to_change(asked=asked, by=administrator)
    agree_to_change(asked=asked, by=second_person_of(organisation))

    assert state_of(research)[0] == CampaignState.CANCELLED


def test_where_a_campaign_was_launched_alone_one_ends_it_alone(manager: User) -> None:
    organisation = manager.memberships.get().organisation
    draft = draft_campaign(organisation, people=people_csv(north=9), is_confirmed=False)
    alone = launch_campaign(campaign=draft, by=manager)
    second_person_of(organisation)  # who came afterwards

    asked = cancel_or_ask(campaign=alone, by=manager)

    assert (alone.launched_alone, asked) == (True, None)
    assert state_of(alone)[0] == CampaignState.CANCELLED


def test_a_rehearsal_is_ended_by_one(campaign: Campaign, manager: User) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(is_rehearsal=True)

    asked = cancel_or_ask(campaign=campaign, by=manager)

    assert (asked, state_of(campaign)[0]) == (None, CampaignState.CANCELLED)


def test_who_takes_the_councils_role_away_cannot_end_alone_what_two_launched(
    client: Client, campaign: Campaign, manager: User, council: User
) -> None:
    council.memberships.all().delete()
    with pytest.raises(StateError, match="found nobody"):
        cancel_or_ask(campaign=campaign, by=manager)
    client.force_login(manager)
    page = client.get(reverse("survey:campaign-cancel", args=[campaign.pk])).content.decode()

    assert "with the command cancel_campaign" in page
    assert "is_sure" not in page
    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)


def test_whoever_has_the_server_ends_it_by_command_and_the_ledger_says_so(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="expected --yes"):
        call_command("cancel_campaign", str(campaign.pk))
    before = state_of(campaign)
    call_command("cancel_campaign", str(campaign.pk), "--yes")
    with pytest.raises(CommandError, match="expected an open campaign to cancel"):
        call_command("cancel_campaign", str(campaign.pk), "--yes")

    assert before == (CampaignState.OPEN, 1, 9)
    assert state_of(campaign) == (CampaignState.CANCELLED, 0, 0)
    assert LedgerEntry.objects.get(action="cancelled").who == Who.COMMAND
    assert "cancelled; its answers are deleted." in capsys.readouterr().out


def test_a_delivered_address_changes_once_a_second_person_agrees(
    campaign: Campaign, manager: User, council: User
) -> None:
    unit = Invitation.objects.get(recipient__email=OLD).unit.name
    asked = asked_to_correct(manager)
    before = (person().email, Invitation.objects.get(recipient__email=OLD).revoked)

    agree_to_change(asked=asked, by=council)

    assert before == (OLD, False)
    assert (person(NEW).name, Recipient.objects.filter(email=OLD).exists()) == ("Nina New", False)
    assert Invitation.objects.get(recipient__email=NEW).revoked  # until the new link is made
    assert noted(Action.CORRECTION_ASKED, Action.ADDRESS_CORRECTED) == [
        ("correction asked", manager.pk, unit, ""),
        ("address corrected", manager.pk, unit, f"Cora Council ({council.email})"),
    ]
    assert not AskedChange.objects.exists()
    assert PendingWipe.objects.filter(table=AskedChange._meta.db_table).exists()


def test_an_address_that_no_mail_has_reached_is_corrected_by_one(
    campaign: Campaign, manager: User
) -> None:
    Message.objects.filter(invitation__recipient__email=OLD).update(state=MessageState.FAILED)

    asked = correct_or_ask(recipient=person(), email=NEW, name="", by=manager)

    assert (asked, Recipient.objects.filter(email=NEW).count()) == (None, 1)


def test_a_name_is_corrected_by_one_and_what_waits_for_the_address_goes_on_waiting(
    campaign: Campaign, manager: User, council: User
) -> None:
    asked_to_correct(manager)

    asked = correct_or_ask(recipient=person(), email=OLD, name="Nina Neu", by=manager)

    assert (asked, person().name, AskedChange.objects.get().email) == (None, "Nina Neu", NEW)


def test_where_nobody_could_agree_a_delivered_address_stays(
    campaign: Campaign, manager: User, council: User
) -> None:
    council.memberships.all().delete()

    with pytest.raises(StateError, match="revoke the link and add the person"):
        correct_or_ask(recipient=person(), email=NEW, name="", by=manager)

    assert (person().email, AskedChange.objects.count()) == (OLD, 0)


@pytest.mark.parametrize("address", ["n1-1@example.com", "N1-1+more@example.com"])
def test_an_address_of_somebody_else_cannot_even_be_asked_for(
    campaign: Campaign, manager: User, council: User, address: str
) -> None:
    with pytest.raises(InputError, match="is not invited yet"):
        correct_or_ask(recipient=person(), email=address, name="", by=manager)

    assert not AskedChange.objects.exists()


def test_whoever_agrees_to_an_address_agrees_to_the_one_that_they_saw(
    campaign: Campaign, manager: User, council: User
) -> None:
    seen = asked_to_correct(manager)
    other = asked_to_correct(manager, email="maria.private@example.com")
    client = Client()
    client.force_login(council)

    agree_to_change(asked=seen, by=council)
    late = client.post(reverse("survey:asked-change-agree", args=[seen.pk]))

    assert (late.status_code, person().email, AskedChange.objects.get()) == (404, OLD, other)
    agree_to_change(asked=other, by=council)
    assert Recipient.objects.filter(email="maria.private@example.com").count() == 1
    assert AskedChange.objects.count() == 0


def test_what_is_refused_or_taken_back_changes_nothing_and_is_noted(
    campaign: Campaign, manager: User, council: User
) -> None:
    for decide, by, action in (
        (refuse_change, council, Action.CHANGE_REFUSED),
        (take_change_back, manager, Action.CHANGE_TAKEN_BACK),
    ):
        for asked in (asked_to_cancel(campaign, manager), asked_to_correct(manager)):
            decide(asked=asked, by=by)
            decide(asked=asked, by=by)  # a second press
        assert [one[:2] for one in noted(action)] == [(action.value, by.pk)] * 2

    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)
    assert (person().email, AskedChange.objects.count()) == (OLD, 0)


def test_nobody_agrees_to_what_somebody_asked_who_runs_it_no_longer(
    campaign: Campaign, manager: User, council: User
) -> None:
    asked = asked_to_cancel(campaign, manager)
    manager.memberships.all().delete()

    with pytest.raises(ConfirmationError, match="does so no longer"):
        agree_to_change(asked=asked, by=council)

    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)


def test_with_the_close_an_address_waits_no_longer_and_ending_it_does(
    campaign: Campaign, manager: User, council: User
) -> None:
    asked_to_correct(manager)
    asked = asked_to_cancel(campaign, manager)

    close_campaign(campaign=campaign, by=Who.WORKER)

    assert list(AskedChange.objects.all()) == [asked]
    assert PendingWipe.objects.filter(table=AskedChange._meta.db_table).exists()


def test_the_database_takes_no_address_without_its_person_and_no_second_cancelling(
    campaign: Campaign, manager: User
) -> None:
    asked_to_cancel(campaign, manager)
    day = AskedChange.objects.get().day
    wrong = (
        {"kind": "address", "email": NEW},
        {"kind": "address", "recipient": person(), "email": ""},
        {"kind": "cancellation", "recipient": person(), "email": NEW},
        {"kind": "cancellation"},
    )
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            AskedChange.objects.create(campaign=campaign, asked_by=manager, day=day, **fields)

    assert AskedChange.objects.count() == 1


def test_both_walk_through_it_on_their_pages(
    client: Client, campaign: Campaign, manager: User, council: User
) -> None:
    theirs = Client()
    client.force_login(manager)
    theirs.force_login(council)
    page_of = reverse("survey:person-detail", args=[campaign.pk, person().pk])
    cancelling = reverse("survey:campaign-cancel", args=[campaign.pk])
    told = client.get(page_of).content.decode()

    moved = client.post(page_of, {"email": NEW, "name": "Nina"}, follow=True).content.decode()
    ended = client.post(cancelling, {"is_sure": "on"}, follow=True).content.decode()
    words = theirs.get(reverse("survey:second-word-list")).content.decode()

    assert "of Cora Council, who sees the name and both addresses." in told
    assert "Asked for. The address changes once somebody else agrees." in moved
    assert f"to write to {NEW} instead." in moved
    assert "It waits for the word of Cora Council." in moved
    assert "Asked for. It happens once somebody else agrees." in ended
    assert "to cancel this campaign." in ended
    assert "is_sure" not in client.get(cancelling).content.decode()
    assert "2 things wait for your word as a second person." in theirs.get("/").content.decode()
    assert f"Another address: {NEW} instead of {OLD}" in words
    assert f"Agree, and cancel {campaign.name} for good" in words

    correction = AskedChange.objects.get(kind="address")
    cancellation = AskedChange.objects.get(kind="cancellation")
    agreed = theirs.post(reverse("survey:asked-change-agree", args=[correction.pk]), follow=True)
    slip = theirs.post(reverse("survey:asked-change-agree", args=[cancellation.pk]), follow=True)
    back = client.post(
        reverse("survey:asked-change-take-back", args=[campaign.pk, cancellation.pk]), follow=True
    )

    assert "Agreed, and done. It is written into the ledger." in agreed.content.decode()
    assert "Tick that every answer is to be deleted, if it is." in slip.content.decode()
    assert "Taken back. Nothing was changed." in back.content.decode()
    assert "Nothing waits." in theirs.get(reverse("survey:second-word-list")).content.decode()
    assert state_of(campaign) == (CampaignState.OPEN, 1, 9)
    assert Recipient.objects.filter(email=NEW).count() == 1


def test_another_organisations_change_is_not_there(campaign: Campaign, manager: User) -> None:
    asked = asked_to_cancel(campaign, manager)
    organisation, other = organisation_with_manager("Other", "otto@example.com")
    own = open_campaign_of(organisation)
    client = Client()
    client.force_login(other)

    answers = [
        client.post(reverse("survey:asked-change-take-back", args=[place.pk, asked.pk])).status_code
        for place in (campaign, own)
    ]

    assert answers == [404, 404]
    assert AskedChange.objects.count() == 1
