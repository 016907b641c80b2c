"""Whether the answers of a campaign are still there, and the sentence where they are not."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from survey.errors import AnswersDeletedError, SingleAnswersError
from survey.models import Action, Campaign, LedgerEntry, Release


def has_answers(campaign: Campaign) -> bool:
    """Tell whether anything may be made of a campaign's answers; read anew at every call."""
    return Release.objects.filter(campaign=campaign, answers_end_at=None).exists()


def are_answers_over(campaign: Campaign) -> bool:
    """Tell whether a released campaign's answers are deleted, or are being deleted."""
    return Release.objects.filter(campaign=campaign, answers_end_at__isnull=False).exists()


def answers_deleted_on(campaign: Campaign) -> str:
    """Return the day on which the answers were deleted, by the campaign's clock; else nothing."""
    entries = LedgerEntry.objects.filter(campaign=campaign, action=Action.ANSWERS_DELETED)
    moment = entries.order_by("at").values_list("at", flat=True).first()
    if moment is None:
        return ""
    return date_format(timezone.localdate(moment, ZoneInfo(campaign.time_zone)))


def deletion_words(campaign: Campaign) -> str:
    """Return what pages say once the answers are over; nothing as long as they are there."""
    if not are_answers_over(campaign):
        return ""
    found = {"campaign": campaign.name, "day": answers_deleted_on(campaign)}
    if not found["day"]:
        return (
            _(
                "%(campaign)s: the time of its answers is over, and they are being deleted. What "
                "was found of them stays; nothing new can be made of them."
            )
            % found
        )
    return (
        _(
            "%(campaign)s: its answers were deleted on %(day)s, as was promised to those who gave "
            "them. What was found of them stays; nothing new can be made of them."
        )
        % found
    )


def refuse_deleted_answers(campaign: Campaign) -> None:
    """Raise AnswersDeletedError, with the sentence, where the answers are over."""
    words = deletion_words(campaign)
    if words:
        raise AnswersDeletedError(words)


def refuse_single_answers(campaign: Campaign) -> None:
    """Raise SingleAnswersError where figures of units are told, and so no single answers given."""
    if not campaign.gives_rows:
        raise SingleAnswersError(
            f"{campaign.name}: expected a campaign that gives analysts single answers, found one "
            "that tells figures of units."
        )
