"""Processes killed at chosen points, and at seeded moments."""

import threading
import time

from diagnostics.models import Analysis, AnalysisFile, LongWork
from diagnostics.results.services.actions import MOST_ACTIONS
from tests.faults.company import ANALYST
from tests.faults.installation import WEB
from tests.faults.story import Story
from tests.faults.visitors import Page

WORKERS = ("worker-1", "worker-2")
KILLS, TEXTS = 4, 8


def launch(story: Story) -> None:
    """Kill the worker that launches."""
    story.found()
    story.start()
    story.launch()
    story.mails_arrive()


def mail(story: Story) -> None:
    """Kill workers that send; one of them after the server's yes, whose mail comes again."""
    story.ledger.repeats = 1
    story.found()
    story.start()
    story.launch()
    story.mails_arrive()


def submit(story: Story) -> None:
    """Kill web processes in submits, one by one, the first alone, and all at once."""
    story.found()
    story.start()
    story.launch()
    story.mails_arrive()

    def kill(over: threading.Event) -> None:
        for act in (
            lambda: story.installation.kill_child(WEB, 0),
            lambda: story.installation.kill(WEB, whole_group=False),
            lambda: story.installation.kill(WEB),
        ):
            if over.wait(story.random.uniform(0.5, 3.0)):
                return
            story.note(act())
            story.installation.wait_until_answering()

    with story.meanwhile(kill):
        story.submit_by_browser(story.people[:45])
    story.submit_by_browser(story.people[45:])
    story.close()
    story.released()


def opening(story: Story) -> None:
    """Kill the worker that opens."""
    story.found()
    story.start()
    story.to_the_release()


def scoring(story: Story) -> None:
    """Kill the worker that scores."""
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()


def rendering(story: Story) -> None:
    """Kill the worker that renders, a renderer, and at a seeded moment all workers."""
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()

    def kill(over: threading.Event) -> None:
        for name in WORKERS:
            if over.wait(story.random.uniform(2.0, 6.0)):
                return
            story.note(story.installation.kill(name))

    with story.meanwhile(kill):
        story.reports_made()
    story.download(["reports"])


def files(story: Story) -> None:
    """Kill workers that put archives together, analyse, and write files of analyses."""
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()
    story.download()
    analysis = story.analyse()
    story.settle()
    story.ask_for_analysis_files(analysis)


def thrice(story: Story) -> None:
    """Let an analysis and its file lose three workers each; both are told and asked for again."""
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()
    analysis = story.analyse()
    _given_up(story, Analysis, f"/workbench/{analysis}/")
    story.staff(ANALYST).insist(f"/workbench/{analysis}/start/")
    story.settle()
    story.staff(ANALYST).insist(f"/workbench/{analysis}/files/appendix/make/")
    _given_up(story, AnalysisFile, f"/workbench/{analysis}/files/")


def _given_up(story: Story, model: type[LongWork], address: str) -> None:
    """Wait until work is given up, and see that its page says so and not that it waits."""
    works = model._default_manager
    given_up = LongWork.State.GIVEN_UP
    story.until("the work is given up", lambda: works.filter(state=given_up).exists(), 90)
    page: Page = story.staff(ANALYST).get(address)
    assert "http-equiv" not in page.text.lower()
    story.note(f"{model.__name__} was given up, its page answers {page.status}")


def texts(story: Story) -> None:
    """Save words and actions while the web server is killed again and again."""
    story.found()
    story.start()

    def kill(over: threading.Event) -> None:
        act = story.installation
        for number in range(KILLS):
            # Somebody has to get something saved in between.
            if over.wait(story.random.uniform(0.5, 2.5)):
                return
            story.note(act.kill(WEB) if number % 2 else act.kill_child(WEB, number))
            act.wait_until_answering()

    with story.meanwhile(kill):
        for number in range(TEXTS):
            story.word_mails(f"We ask how our routines help, version {number}.")
            time.sleep(story.random.uniform(0.05, 0.4))
    story.to_the_release()
    story.assessed()
    story.reports_made()
    with story.meanwhile(kill):
        for number in range(MOST_ACTIONS):
            story.note_action(f"Do this, number {number}")
            time.sleep(story.random.uniform(0.05, 0.6))
