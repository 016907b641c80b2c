"""Kinds of mails: each is named by its app, and what goes wrong in one stays there."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.utils import timezone

from survey.apps import SurveyConfig
from survey.mail.kinds import MailKind, TokenKeys, mail_kinds
from survey.mail.outbox import send_due_messages
from survey.mail.sending import MailFailure
from survey.models import (
    Campaign,
    CampaignKey,
    MailTrouble,
    Membership,
    Message,
    Recipient,
    Role,
    User,
)
from survey.services.keys.alarms import tell_of_lost_key
from survey.services.opening.alarms import post_opening_alarms
from survey.services.organisations.account_mail import post_set_password_mails
from survey.services.setup.trial_mails import request_trial_mail
from tests.survey.mail.mail_server import MailServer
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
SECRET = "what only its reader may see"


def broken_compose(_: Message, __: TokenKeys) -> EmailMultiAlternatives:
    raise LookupError(SECRET)


def broken_note(_: Message, __: MailFailure, ___: bool) -> None:
    raise LookupError("no row to note it with")


def needless_compose(_: Message, __: TokenKeys) -> None:
    return None


BROKEN = MailKind(broken_compose)
BADLY_NOTED = MailKind(broken_compose, failed=broken_note)
NEEDLESS = MailKind(needless_compose)


@pytest.fixture
def campaign(monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """Return an open campaign, with mails of odd kinds before its invitations."""
    monkeypatch.setattr(SurveyConfig, "mail_kinds", SurveyConfig.mail_kinds | {
        "broken": f"{__name__}.BROKEN", "badly_noted": f"{__name__}.BADLY_NOTED",
        "needless": f"{__name__}.NEEDLESS",
    })  # fmt: skip
    return open_campaign_of(organisation_with_manager()[0])


def states(kind: str) -> list[tuple[str, int, str]]:
    return list(Message.objects.filter(kind=kind).values_list("state", "attempts", "last_error"))


def test_every_kind_is_there_and_fits_the_table() -> None:
    longest = int(Message._meta.get_field("kind").max_length or 0)

    kinds = mail_kinds()

    assert {name: type(kind) for name, kind in kinds.items()} == dict.fromkeys(kinds, MailKind)
    assert set(Message.Kind.values) <= set(kinds)
    assert [name for name in kinds if len(name) > longest] == []


@pytest.mark.parametrize("kind", ["broken", "badly_noted"])
def test_a_mail_that_cannot_be_made_fails_alone_and_tells_the_kind_of_error_only(
    campaign: Campaign, server: MailServer, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    Message.objects.create(kind=kind, user=User.objects.all()[0])

    assert send_due_messages() == 9
    assert states(kind) == [("waiting", 1, "unexpected: LookupError")]
    assert SECRET not in caplog.text
    assert server.recipients() == sorted(Recipient.objects.values_list("email", flat=True))


def test_a_mail_that_nobody_needs_any_more_is_dropped(
    campaign: Campaign, server: MailServer
) -> None:
    Message.objects.create(kind="needless", user=User.objects.all()[0])

    assert send_due_messages() == 9
    assert states("needless") == []


def test_mails_of_every_kind_of_survey_go_over_one_connection(
    campaign: Campaign, server: MailServer
) -> None:
    ada = User.objects.create_user("ada@example.com")
    Membership.objects.create(organisation=campaign.organisation, user=ada, role=Role.ADMINISTRATOR)
    draft = draft_campaign(campaign.organisation, name="Next")
    CampaignKey.objects.filter(campaign=campaign).update(failing_since=timezone.now())
    Message.objects.filter(invitation__recipient__email="n1-0@example.com").update(
        kind="reminder", round=1
    )

    post_set_password_mails(user_ids=[ada.pk])
    request_trial_mail(campaign=draft, email="test@example.com", language="en")
    tell_of_lost_key(campaign=campaign, now=timezone.now())
    Campaign.objects.filter(pk=campaign.pk).update(opening_problem="a problem")
    post_opening_alarms(users=[ada], campaign=campaign, problem=1)
    trouble = MailTrouble.objects.create(cause="550 5.7.1 blocked")
    Message.objects.create(kind="mail_alarm", user=ada, detail=str(trouble.pk))
    written = set(Message.objects.values_list("kind", flat=True))
    sent = send_due_messages()

    assert written == set(SurveyConfig.mail_kinds) - {"broken", "badly_noted", "needless"}
    assert (sent, server.connections) == (14, 1)
    assert server.recipients() == sorted(
        [*Recipient.objects.filter(campaign=campaign).values_list("email", flat=True),
         *["ada@example.com"] * 4, "test@example.com"]
    )  # fmt: skip
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_kind_that_nobody_knows_waits_until_somebody_does_and_the_log_says_so(
    campaign: Campaign, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    Message.objects.create(kind="later", user=User.objects.all()[0])

    assert send_due_messages() == 9
    assert "1 mails wait for a version that knows their kinds: ['later']" in caplog.text
    assert states("later") == [("waiting", 0, "")]


def test_mails_to_single_people_do_not_wait_behind_those_of_a_campaign(
    campaign: Campaign, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Message.objects.create(kind="broken", user=User.objects.all()[0])
    monkeypatch.setattr("survey.mail.outbox.BATCH", 1)
    monkeypatch.setattr("survey.mail.outbox.BATCHES", 1)

    assert send_due_messages() == 0
    assert states("broken") == [("waiting", 1, "unexpected: LookupError")]
    assert {state for state, _, _ in states("invitation")} == {"waiting"}


def test_a_mail_to_a_respondent_names_its_invitation_and_nothing_else(
    campaign: Campaign,
) -> None:
    message = Message.objects.all()[0]
    for field, value in (
        ("user", User.objects.all()[0]), ("campaign", campaign), ("detail", "x"), ("kind", "alarm"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**{field: value})
