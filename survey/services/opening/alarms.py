"""Telling people that a campaign's ballots could not be opened: a note on its pages, and one mail.

The administrators get a mail the first time that a problem is met, and again only if another comes
or the opening has worked in between. Where there is no administrator the managers get it.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from survey.access import CampaignRight, first_holders_of
from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import staff_mail
from survey.mail.posting import post
from survey.models import Campaign, CampaignState, Message, User
from survey.services.keys.alarms import note_unsent_alarm
from survey.services.states import locked_campaign
from survey.services.steps import standing_alone

KIND: Final = "opening_alarm"
UNFINISHED: Final = frozenset({CampaignState.CLOSED, CampaignState.RELEASED})


@transaction.atomic
def note_failed_opening(*, campaign_id: UUID, problem: str) -> None:
    """Note why the ballots could not be opened and have the mails about it sent, once a problem.

    The problem must hold no value (survey.services.opening.faults).
    """
    campaign = locked_campaign(campaign_id)
    if campaign is None or campaign.state not in UNFINISHED:
        return
    is_new = problem not in campaign.opening_alarms
    alarms = [*campaign.opening_alarms, problem] if is_new else campaign.opening_alarms
    Campaign.objects.filter(pk=campaign_id).update(opening_problem=problem, opening_alarms=alarms)
    if is_new:
        # With the note or not at all, so that a process that dies loses no mail. Mails that cannot
        # be written must not hide the problem itself.
        with standing_alone("tell of a failed opening", campaign_id), transaction.atomic():
            post_opening_alarms(users=_told(campaign), campaign=campaign, problem=len(alarms))


def post_opening_alarms(*, users: Iterable[User], campaign: Campaign, problem: int) -> None:
    """Put the mails about one problem into the outbox: the first of the campaign, the second..."""
    post([Message(kind=KIND, user=user, campaign=campaign, detail=str(problem)) for user in users])


def _compose(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return the mail if the problem is still there and its reader is still to be told."""
    campaign, user = message.campaign, message.user
    if campaign is None or not campaign.opening_problem:
        return None
    if user is None or user not in _told(campaign):
        return None
    return opening_alarm(campaign, user)


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


OPENING_ALARM: Final = MailKind(_compose, failed=note_unsent_alarm)
