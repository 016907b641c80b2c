"""What the clock asks for; safe to run at any time, any number of times."""

from datetime import datetime

from diagnostics.jobs.failed_tasks import queue_failed_tasks
from diagnostics.results.services.scorings import ask_by_clock
from survey.models import Campaign, CampaignState
from survey.services import schedule as survey_schedule
from survey.services.steps import standing_alone


def run_due_work(now: datetime) -> None:
    """Do survey's scheduled work, then score every release with answers that has no assessment.

    What failed and would be asked for by nobody is queued again.
    """
    survey_schedule.run_due_work(now)
    with standing_alone("queue failed tasks"):
        queue_failed_tasks(now)
    unscored = Campaign.objects.filter(
        state=CampaignState.RELEASED, assessments=None, release__answers_end_at=None
    )
    with standing_alone("queue assessments"):
        for campaign_id in unscored.values_list("id", flat=True):
            with standing_alone("queue an assessment", campaign_id):
                ask_by_clock(campaign_id=campaign_id, now=now)
