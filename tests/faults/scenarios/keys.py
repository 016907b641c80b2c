"""The folder of keys is gone, and is given back."""

import time

from survey.models import Campaign
from tests.faults.ledger import Group, count
from tests.faults.story import Story

WHILE = 6.0


def gone(story: Story) -> None:
    """Take the folder before the mails leave, and again before the ballots are opened."""
    folder, hidden = story.folder / "keys", story.folder / "keys-elsewhere"
    story.found()
    story.start()
    story.until("the draft's keys are proven", story.has_keys)
    story.mail.manners.greeting = "421 4.3.2 later"
    story.launch()
    folder.rename(hidden)
    story.note("the folder of keys is gone")
    story.mail.manners.greeting = "220 faults"
    time.sleep(WHILE)
    _give_back(story)
    story.mails_arrive()
    story.submit_the_rest()
    folder.rename(hidden)
    story.note("the folder of keys is gone")
    story.close()
    story.until("the page tells why", lambda: _problem(story), 40)
    time.sleep(WHILE / 2)
    told = [] if _problem(story) else ["no problem noted"]
    story.counts.append(count(Group.WAITING, "openings that fail without a word", told))
    _give_back(story)
    story.released()


def _give_back(story: Story) -> None:
    """Put the folder where it was; a worker may have made an empty one meanwhile."""
    folder, hidden = story.folder / "keys", story.folder / "keys-elsewhere"
    for made in folder.glob("*") if folder.exists() else ():
        story.note(f"the product made {made.name} meanwhile")
    folder.mkdir(exist_ok=True)
    for file in hidden.iterdir():
        file.rename(folder / file.name)
    hidden.rmdir()
    story.note("the folder of keys is back")


def _problem(story: Story) -> str:
    return str(Campaign.objects.get(pk=story.campaign_id).opening_problem)
