"""What tests of second words share: one person of a campaign under way, and what is asked for."""

from datetime import UTC, datetime

from survey.mail.outbox import send_due_messages
from survey.models import AskedChange, Campaign, Recipient, User
from survey.services.running.asked_changes import cancel_or_ask, correct_or_ask
from tests.survey.staff_scenes import open_campaign_of

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OLD, NEW = "n1-0@example.com", "nina.new@example.com"


def delivered_campaign(manager: User) -> Campaign:
    """Return a campaign that two launched, with its invitations delivered."""
    launched = open_campaign_of(manager.memberships.get().organisation)
    send_due_messages()
    return launched


def person(address: str = OLD) -> Recipient:
    """Return somebody who is invited."""
    return Recipient.objects.select_related("campaign").get(email=address)


def asked_to_cancel(campaign: Campaign, by: User) -> AskedChange:
    """Ask to cancel a campaign, and return what waits."""
    asked = cancel_or_ask(campaign=campaign, by=by)
    assert asked is not None
    return asked


def asked_to_correct(by: User, *, email: str = NEW, name: str = "Nina New") -> AskedChange:
    """Ask for another address, and return what waits."""
    asked = correct_or_ask(recipient=person(), email=email, name=name, by=by)
    assert asked is not None
    return asked
