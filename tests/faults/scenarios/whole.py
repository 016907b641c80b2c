"""The whole path without any fault: what it counts must be zero before a fault means anything."""

from tests.faults.story import Story


def undisturbed(story: Story) -> None:
    """Walk from the draft to files of an analysis."""
    story.found()
    story.start()
    story.word_mails("We ask how our routines help.")
    story.launch()
    story.mails_arrive()
    story.submit_by_browser(story.people)
    story.close()
    story.released()
    story.assessed()
    story.reports_made()
    story.note_action("Meet every Monday")
    story.download()
    analysis = story.analyse()
    story.settle()
    story.ask_for_analysis_files(analysis)
