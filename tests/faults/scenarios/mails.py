"""A mail server in its bad moods."""

import time

from survey.models import Message, MessageState
from tests.faults.catalogue import PEOPLE
from tests.faults.ledger import Group, count
from tests.faults.mail_server import Manners
from tests.faults.story import Story

WHILE = 6.0  # seconds of a bad mood
RELAY_DENIED = "554 5.7.1 <%s>: Relay access denied"


def ends(story: Story) -> None:
    """End every connection after some mails, first politely, then without a word."""
    story.mail.manners = Manners(most_mails=7)
    story.found()
    story.start()
    story.launch()
    story.until("some mails have come", lambda: len(story.mail.delivered) > 15)
    story.mail.manners = Manners(most_mails=5, ends_silently=True)
    story.until("more mails have come", lambda: len(story.mail.delivered) > 30)
    story.mail.manners = Manners(greeting="421 4.3.2 too many connections")
    time.sleep(WHILE)
    story.mail.manners = Manners(most_mails=7)
    story.mails_arrive()
    _count_given_up(story, set())


def refuses(story: Story) -> None:
    """Refuse every recipient for a while, as a relay does; refuse three people for good."""
    unknown = story.random.sample(range(PEOPLE), 3)
    story.found()
    gone = {story.people[place] for place in unknown}
    story.ledger.not_deliverable = gone
    refusals = dict.fromkeys(gone, "550 5.1.1 User unknown")
    story.mail.manners = Manners(refusal="554 5.7.1 Relay access denied")
    story.start()
    story.launch()
    story.until("mails were refused", lambda: story.mail.offered > 0)
    time.sleep(WHILE)
    story.mail.manners = Manners(refusals=refusals)
    story.mails_arrive()
    _count_given_up(story, gone)


def stalls(story: Story) -> None:
    """Say nothing, first to the greeting of the product, then after the end of a mail."""
    story.ledger.repeats = 0
    story.found()
    story.mail.manners = Manners(stalls_at="EHLO")
    story.start()
    story.launch()
    time.sleep(WHILE)
    story.mail.manners = Manners(stalls_at=".")
    time.sleep(WHILE)
    story.mail.manners = Manners()
    story.mails_arrive()
    _count_given_up(story, set())


def resets(story: Story) -> None:
    """Reset connections in the midst of a mail, then refuse mails after they have come."""
    story.found()
    story.mail.manners = Manners(resets_in_data=True)
    story.start()
    story.launch()
    time.sleep(WHILE)
    story.mail.manners = Manners(answers_after_data="451 4.3.0 no space")
    time.sleep(WHILE)
    story.mail.manners = Manners()
    story.mails_arrive()
    _count_given_up(story, set())


def _count_given_up(story: Story, allowed: set[str]) -> None:
    """Count mails that were given up although the server would take them, or without a reason."""
    failed = Message.objects.filter(state=MessageState.FAILED, invitation__isnull=False)
    named = {
        mail.invitation.recipient.email: mail.last_error
        for mail in failed.select_related("invitation__recipient")
        if mail.invitation and mail.invitation.recipient
    }
    wrong = [f"{who}: {why}" for who, why in named.items() if who not in allowed]
    silent = [who for who, why in named.items() if not why]
    untold = allowed - set(named)
    story.counts += [
        count(Group.LOST, "mails given up that the server would have taken", wrong),
        count(Group.WAITING, "mails given up without a reason", silent),
        count(Group.WAITING, "refused addresses that nobody is told of", untold),
    ]
