"""What diagnostics does when survey says what has become of a campaign."""

from django.db.models import Model
from django.dispatch import receiver

from survey.models import Campaign
from survey.signals import (
    answers_deleted,
    answers_ending,
    answers_wiping,
    campaign_launching,
    campaign_released,
)


@receiver(campaign_launching)
def freeze_campaign_method(*, campaign: Campaign, **_: object) -> None:
    """Fix the pattern set and the calibration rule before the first answer."""
    from diagnostics.methods.services.definitions import freeze_method

    freeze_method(campaign=campaign)


@receiver(campaign_released)
def queue_assessment(*, campaign: Campaign, **_: object) -> None:
    """Have the worker score the release once it is saved."""
    from diagnostics.results.services.scorings import ask_for_scoring

    ask_for_scoring(campaign=campaign, by=None)


@receiver(answers_ending)
def note_unknown_files(*, campaign: Campaign, **_: object) -> None:
    """Have every file made of the answers in the register, before it is gone through."""
    from diagnostics.forgetting import note_unknown_files as note

    note(campaign)


@receiver(answers_deleted)
def forget_answers(*, campaign: Campaign, **_: object) -> None:
    """Delete what files and analyses keep of single answers; what was found of all stays."""
    from diagnostics.forgetting import forget_answers as forget

    forget(campaign)


@receiver(answers_wiping)
def add_emptied_tables(*, tables: list[type[Model]], **_: object) -> None:
    """Add the tables that held something of single answers."""
    from diagnostics.forgetting import EMPTIED

    tables.extend(EMPTIED)
