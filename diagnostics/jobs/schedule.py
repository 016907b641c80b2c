"""What the clock asks for; safe to run at any time, any number of times."""

from datetime import datetime

from diagnostics.tasks import assess_campaign
from survey.models import Campaign, CampaignState
from survey.services import schedule as survey_schedule
from survey.services.steps import standing_alone


def run_due_work(now: datetime) -> None:
    """Do survey's scheduled work, then score every release with answers that has no assessment."""
    survey_schedule.run_due_work(now)
    unscored = Campaign.objects.filter(
        state=CampaignState.RELEASED, assessments=None, release__answers_end_at=None
    )
    with standing_alone("queue assessments"):
        for campaign_id in unscored.values_list("id", flat=True):
            with standing_alone("queue an assessment", campaign_id):
                assess_campaign.enqueue(str(campaign_id))
