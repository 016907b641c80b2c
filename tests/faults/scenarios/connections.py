"""The database cut, locked, gone or silent while the product runs."""

import threading
from collections.abc import Callable

from tests.faults.scenarios.crowds import count_computations
from tests.faults.story import Story


def cut_on_the_path(story: Story) -> None:
    """Cut every connection of the product again and again, from the launch to the files."""
    story.ledger.repeats = 6  # one for each cut that can hit the moment between yes and note
    _walk(story, lambda: story.database.cut(), pause=(1.5, 4.0))


def away_on_the_path(story: Story) -> None:
    """Take the database away for some seconds, aloud and silently in turn."""
    story.ledger.repeats = 6
    turns = iter(range(1000))

    def act() -> str:
        return story.database.take_away(4.0, silently=next(turns) % 2 == 1)

    _walk(story, act, pause=(3.0, 6.0))


def _walk(story: Story, act: Callable[[], str], pause: tuple[float, float]) -> None:
    story.found()
    story.start()

    def disturb(over: threading.Event) -> None:
        while not over.wait(story.random.uniform(*pause)):
            story.note(act())

    with story.meanwhile(disturb):
        story.launch()
        story.mails_arrive()
        story.submit_by_browser(story.people)
        story.close()
        story.released()
        story.assessed()
        story.reports_made()
        story.note_action("Meet every Monday")
        story.download()
    story.settle()


def cut_a_long_task(story: Story) -> None:
    """Cut all connections while a scoring computes, which takes longer than a lease."""
    story.found()
    story.start()
    story.to_the_release()

    def cut(over: threading.Event) -> None:
        for _ in range(3):
            if over.wait(2.0):
                return
            story.note(story.database.cut())

    with story.meanwhile(cut):
        story.assessed()
    count_computations(story)
