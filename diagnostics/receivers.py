"""What diagnostics does when survey says that a campaign is launched or was released."""

from django.db import transaction
from django.dispatch import receiver

from diagnostics import tasks
from survey.models import Campaign
from survey.signals import answers_deleted, campaign_launching, campaign_released


@receiver(campaign_launching)
def freeze_campaign_method(*, campaign: Campaign, **_: object) -> None:
    """Fix the pattern set and the calibration rule before the first answer."""
    from diagnostics.services.patterns import freeze_method

    freeze_method(campaign=campaign)


@receiver(campaign_released)
def queue_assessment(*, campaign: Campaign, **_: object) -> None:
    """Have the worker score the release once it is saved."""
    transaction.on_commit(lambda: tasks.assess_campaign.enqueue(str(campaign.pk)))


@receiver(answers_deleted)
def forget_cases(*, campaign: Campaign, **_: object) -> None:
    """Delete the scores that analyses keep of the answers; what was found stays."""
    from diagnostics.services.analyses import forget_cases as forget

    forget(campaign=campaign)
