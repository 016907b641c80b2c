"""Mending invitations of an open campaign, alike for those who have answered and those who not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from survey.errors import InputError, StateError
from survey.instrument.answers import Answers
from survey.mail.outbox import send_due_messages
from survey.models import (
    Ballot,
    Campaign,
    Function,
    Invitation,
    Message,
    Participation,
    Recipient,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.deliveries import deliveries_of
from survey.selectors.people import may_correct
from survey.selectors.respondents import find_respondent
from survey.services.ballots import submit
from survey.services.opening.closing import close_campaign
from survey.services.running.latecomers import add_latecomer, invite_latecomers
from survey.services.running.links import (
    correct_address,
    replace_link,
    request_new_link,
    resend_invitation,
    revoke_link,
)
from survey.services.running.participation import refresh_participation
from survey.services.schedule import run_due_work
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
ADDRESS = "n1-0@example.com"


@pytest.fixture
def campaign() -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


def person(address: str = ADDRESS) -> Recipient:
    return Recipient.objects.select_related("campaign").get(email=address)


def token_of(invitation: Invitation) -> str:
    return derive_token(load_token_key(invitation.campaign_id), invitation.id)


@pytest.mark.parametrize("has_answered", [False, True])
def test_a_mail_is_sent_again_whether_or_not_its_reader_has_answered(
    campaign: Campaign, has_answered: bool
) -> None:
    send_due_messages()
    first = Message.objects.get(invitation__recipient__email=ADDRESS).id
    Invitation.objects.filter(recipient__email=ADDRESS).update(done=has_answered)

    resend_invitation(recipient=person(), by=Who.WORKER)

    assert (deliveries_of(campaign).waiting, deliveries_of(campaign).sent) == (1, 8)
    assert send_due_messages() == 1
    assert (deliveries_of(campaign).waiting, deliveries_of(campaign).sent) == (0, 9)
    # Another identity, since mailboxes hide a message that they have had before.
    assert Message.objects.get(invitation__recipient__email=ADDRESS).id != first


@pytest.mark.parametrize("has_answered", [False, True])
def test_a_new_link_replaces_the_old_one_and_nobody_answers_twice(
    campaign: Campaign, has_answered: bool
) -> None:
    send_due_messages()
    old = person().invitation
    if has_answered:
        submit(token=token_of(old), answers=Answers())

    replace_link(invitation_id=old.id, by=Who.WORKER)
    replace_link(invitation_id=old.id, by=Who.WORKER)

    new = person().invitation
    assert find_respondent(token_of(old)) is None
    assert find_respondent(token_of(new)) is not None
    assert (new.unit_id, new.function, new.leads) == (old.unit_id, old.function, old.leads)
    assert (new.done, new.used, new.reissued) == (has_answered, False, True)
    assert (new.revoked, Invitation.objects.count()) == (False, 10)
    assert (deliveries_of(campaign).waiting, deliveries_of(campaign).sent) == (1, 8)
    submit(token=token_of(new), answers=Answers())
    assert Ballot.objects.count() == 1


def test_a_new_link_begins_without_the_reminders_of_the_old_one(campaign: Campaign) -> None:
    old = person().invitation
    for number, state in ((1, "sent"), (2, "waiting")):
        Message.objects.create(
            invitation=old, kind="reminder", round=number, due_at=timezone.now(), state=state
        )

    replace_link(invitation_id=old.id, by=Who.WORKER)

    assert list(person().invitation.messages.values_list("round", "state")) == [(0, "waiting")]
    assert list(old.messages.values_list("round", "state")) == [(1, "sent")]


@pytest.mark.parametrize("has_answered", [False, True])
def test_revoking_changes_participation_alike_for_everyone(
    campaign: Campaign, has_answered: bool
) -> None:
    Invitation.objects.filter(unit__code="N1", recipient__email__in=[ADDRESS]).update(
        done=has_answered
    )
    before = _band(campaign)

    revoke_link(recipient=person(), by=Who.WORKER)

    assert find_respondent(token_of(person().invitation)) is None
    assert _band(campaign) == before
    assert not Message.objects.filter(invitation__recipient__email=ADDRESS).exists()
    with pytest.raises(StateError, match="expected a link that works, found a revoked one"):
        resend_invitation(recipient=person(), by=Who.WORKER)


def _band(campaign: Campaign) -> str:
    today = timezone.localdate()
    refresh_participation(campaign=campaign, day=today)
    return Participation.objects.get(
        campaign_unit__code="N1", function="operations", day=today
    ).answered_band


def test_a_corrected_address_gets_a_new_link(campaign: Campaign) -> None:
    old = person().invitation

    correct_address(recipient=person(), email=" New@Example.com ", name="Nina New", by=Who.WORKER)
    replace_link(invitation_id=old.id, by=Who.WORKER)

    corrected = person("new@example.com")
    assert corrected.name == "Nina New"
    assert find_respondent(token_of(old)) is None
    assert Message.objects.get(invitation=corrected.invitation).state == "waiting"


def test_a_name_alone_is_corrected_without_a_new_link(campaign: Campaign) -> None:
    old = person().invitation

    correct_address(recipient=person(), email=ADDRESS, name="Nina New", by=Who.WORKER)

    assert (person().name, person().invitation.id) == ("Nina New", old.id)


def test_an_address_is_corrected_only_while_no_mail_has_reached_it(campaign: Campaign) -> None:
    mails = Message.objects.filter(invitation__recipient__email=ADDRESS)
    found = {}
    for state in ("waiting", "failed", "bounced", "sent"):
        mails.update(state=state)
        found[state] = may_correct(person())
    refusal = "expected an address whose mail failed, came back or was never sent"
    told = [_correction()]
    resend_invitation(recipient=person(), by=Who.WORKER)  # waits, as if none had ever been sent
    told.append(_correction())
    replace_link(invitation_id=person().invitation.id, by=Who.WORKER)
    told.append(_correction())
    revoke_link(recipient=person(), by=Who.WORKER)
    told.append(_correction())

    assert found == {"waiting": True, "failed": True, "bounced": True, "sent": False}
    assert [refusal in words for words in told] == [True] * 4
    assert "revoke the link and add the person with the other address" in told[0]
    correct_address(recipient=person(), email=ADDRESS, name="Nina New", by=Who.WORKER)
    assert person().name == "Nina New"


def test_a_corrected_address_may_be_corrected_again_until_its_mail_went_out(
    campaign: Campaign,
) -> None:
    send_due_messages()
    Message.objects.filter(invitation__recipient__email=ADDRESS).update(state="failed")
    for address in ("wrong@example.com", "right@example.com"):
        recipient = Recipient.objects.get(invitation__unit__code="N1", name="Person 0")
        correct_address(recipient=recipient, email=address, name="Person 0", by=Who.WORKER)
        replace_link(invitation_id=recipient.invitation.id, by=Who.WORKER)
    before = may_correct(person("right@example.com"))
    send_due_messages()

    assert (before, may_correct(person("right@example.com"))) == (True, False)


def _correction() -> str:
    with pytest.raises(StateError) as refused:
        correct_address(recipient=person(), email="other@example.com", name="", by=Who.WORKER)
    return str(refused.value)


def test_an_address_that_is_invited_already_is_refused(campaign: Campaign) -> None:
    unit = campaign.units.get(code="N2")

    with pytest.raises(InputError, match=r"not invited yet, found n1-1@example\.com"):
        correct_address(recipient=person(), email="N1-1@example.com", name="", by=Who.WORKER)
    with pytest.raises(InputError, match=r"not invited yet, found n1-1@example\.com"):
        add_latecomer(
            unit=unit, email="N1-1@example.com", name="", function=Function.SALES, by=Who.WORKER
        )


def test_a_latecomer_is_invited_once_by_the_worker(campaign: Campaign) -> None:
    unit = campaign.units.get(code="N2")
    send_due_messages()

    add_latecomer(
        unit=unit, email="Late@Example.com", name="Lea Late", function=Function.SALES, by=Who.WORKER
    )
    counts = [invite_latecomers(campaign_id=campaign.id) for _ in range(2)]

    invitation = person("late@example.com").invitation
    assert counts == [1, 0]
    assert (invitation.unit, invitation.function, invitation.leads) == (unit, "sales", False)
    assert (invitation.standing, invitation.reissued) == ("added", False)
    assert find_respondent(token_of(invitation)) is not None
    assert send_due_messages() == 1
    late = person("late@example.com")
    assert (late.unit_code, late.function) == ("", "")  # from here on the invitation says so


def test_the_tick_invites_latecomers_whose_task_was_lost(campaign: Campaign) -> None:
    unit = campaign.units.get(code="N2")
    add_latecomer(
        unit=unit, email="late@example.com", name="", function=Function.SALES, by=Who.WORKER
    )
    DBTaskResult.objects.filter(task_path="survey.tasks.invite_latecomers").delete()

    run_due_work(timezone.now())

    queued = DBTaskResult.objects.filter(task_path="survey.tasks.invite_latecomers")
    assert [task.args_kwargs["args"] for task in queued] == [[str(campaign.id)]]


def test_nothing_is_mended_once_the_campaign_has_closed(campaign: Campaign) -> None:
    old = person().invitation
    recipient, unit = person(), campaign.units.get(code="N2")
    close_campaign(campaign=campaign, by=Who.WORKER)
    recipient.refresh_from_db()

    for mend in (resend_invitation, request_new_link, revoke_link):
        with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
            mend(recipient=recipient, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        correct_address(recipient=recipient, email="new@example.com", name="", by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        add_latecomer(
            unit=unit, email="late@example.com", name="", function=Function.SALES, by=Who.WORKER
        )
    replace_link(invitation_id=old.id, by=Who.WORKER)
    assert invite_latecomers(campaign_id=campaign.id) == 0
    old.refresh_from_db()
    assert (old.revoked, Invitation.objects.count()) == (False, 9)


def test_a_mended_mail_waits_for_the_opening_of_a_scheduled_campaign() -> None:
    campaign = open_campaign_of(organisation_with_manager()[0], people=people_csv())
    opens = timezone.now() + timedelta(days=2)
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=opens)

    resend_invitation(recipient=person(), by=Who.WORKER)

    assert Message.objects.get(invitation__recipient__email=ADDRESS).due_at == opens
