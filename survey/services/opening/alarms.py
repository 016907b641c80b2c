"""Telling people that a campaign's ballots could not be opened: a note on its pages, and one mail.

The administrators get a mail the first time that a problem is met, and again only if another comes
or the opening has worked in between. Where there is no administrator the managers get it.
"""

from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from survey.access import CampaignRight, first_holders_of
from survey.mail.messages import staff_mail
from survey.models import Campaign, CampaignState, User
from survey.queue import later
from survey.services.keys.alarms import send_alarm
from survey.services.steps import after_commit

UNFINISHED: Final = frozenset({CampaignState.CLOSED, CampaignState.RELEASED})


@transaction.atomic
def note_failed_opening(*, campaign_id: UUID, problem: str) -> None:
    """Note why the ballots could not be opened and have the mails about it sent, once a problem.

    The problem must hold no value (survey.services.opening.faults).
    """
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if campaign is None or campaign.state not in UNFINISHED:
        return
    is_new = problem not in campaign.opening_alarms
    alarms = [*campaign.opening_alarms, problem] if is_new else campaign.opening_alarms
    Campaign.objects.filter(pk=campaign_id).update(opening_problem=problem, opening_alarms=alarms)
    if is_new:
        for user in _told(campaign):
            # A mail that cannot be queued must not hide the problem itself.
            after_commit(
                partial(later, "survey.tasks.tell_of_failed_opening", campaign_id, user.pk),
                step="tell of a failed opening",
                about=campaign_id,
            )


def deliver_opening_alarm(*, campaign_id: UUID, user_id: UUID, attempt: int = 1) -> None:
    """Send the mail if the problem is still there; if it is not taken, queue the next try."""
    campaign = Campaign.objects.filter(pk=campaign_id).exclude(opening_problem="").first()
    if campaign is None:
        return
    told = {user.pk: user for user in _told(campaign)}
    if user_id not in told:
        return
    again = send_alarm(partial(opening_alarm, campaign, told[user_id]), attempt=attempt)
    if again is not None:
        later("survey.tasks.tell_of_failed_opening", campaign_id, user_id, attempt + 1, at=again)


def _told(campaign: Campaign) -> list[User]:
    return first_holders_of(CampaignRight.GET_ALARMS, organisation_id=campaign.organisation_id)


def opening_alarm(campaign: Campaign, user: User) -> EmailMultiAlternatives:
    """Return the mail about a campaign's problem, in the language of the user's pages."""
    link = reverse("survey:campaign-stored", args=[campaign.pk])
    with translation.override(user.language):
        return staff_mail(
            user,
            template="opening_failed",
            subject=_("%(campaign)s: the ballots could not be opened")
            % {"campaign": campaign.name},
            context={
                "campaign": campaign.name,
                "organisation": campaign.organisation.name,
                "is_released": campaign.state == CampaignState.RELEASED,
                "problem": campaign.opening_problem,
                "link": f"{settings.SITE_URL}{link}",
            },
        )
