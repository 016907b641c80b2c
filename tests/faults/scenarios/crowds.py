"""More workers than there is work."""

import json

from tests.faults.ledger import Group, count
from tests.faults.points import EVENTS
from tests.faults.story import Story


def slow_scoring(story: Story) -> None:
    """Let many workers meet one scoring that takes longer than a tick."""
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()
    count_computations(story)


def count_computations(story: Story) -> None:
    """Count how often the scoring was begun beyond once."""
    events = [json.loads(line) for line in (story.folder / EVENTS).read_text("utf-8").splitlines()]
    begun = [event for event in events if event["ended"] is None]
    story.counts.append(
        count(
            Group.TWICE, "scorings of one release beyond the first", [e["pid"] for e in begun[1:]]
        )
    )
