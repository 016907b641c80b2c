"""The clock of the product's machine steps forward and back."""

import time

from tests.faults.story import Story

WHILE = 5.0


def steps(story: Story) -> None:
    """Two days forward while mails leave, a worker dies then; one hour back, another dies."""
    story.ledger.repeats = 2
    story.found()
    story.start()
    story.launch()
    set_clock(story, "+2d")
    story.note(story.installation.kill("worker-1"))
    story.mails_arrive()
    story.submit_by_browser(story.people[:20])
    set_clock(story, "+47h")
    story.note(story.installation.kill("worker-2"))
    story.submit_by_browser(story.people[20:])
    story.close()
    set_clock(story, "+46h")
    story.released()
    story.assessed()
    story.note(story.installation.kill("worker-1"))
    story.note(story.installation.kill("worker-2"))
    set_clock(story, "+45h")
    story.reports_made()


def set_clock(story: Story, offset: str) -> None:
    """Let the product's processes see another time from now on."""
    (story.folder / "clock").write_text(f"{offset}\n", encoding="ascii")
    story.note(f"the clock shows {offset}")
    time.sleep(WHILE)
