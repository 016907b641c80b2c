"""Telling leaders that results are there: one mail a leader and release, with a link only."""

from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from diagnostics.access import leaders_of, led_units
from diagnostics.results.selectors.assessments import current_assessment
from diagnostics.results.selectors.notices import NOTICE, notices_of
from diagnostics.results.selectors.pages import unit_address
from survey.errors import StateError
from survey.mail.kinds import MailKind, TokenKeys
from survey.mail.messages import staff_mail
from survey.mail.posting import post
from survey.models import Campaign, Message, User


@transaction.atomic
def tell_leaders(*, campaign: Campaign) -> int:
    """Write a mail to every leader and deputy who got none yet; return how many are new."""
    if current_assessment(campaign) is None:
        raise StateError(f"{campaign.name}: expected results, found none yet.")
    known = set(notices_of(campaign).values_list("user_id", flat=True))
    new = [
        Message(kind=NOTICE, campaign=campaign, user=user)
        for user in leaders_of(campaign)
        if user.pk not in known
    ]
    if new:
        post(new)
    return len(new)


def compose_notice(message: Message, _keys: TokenKeys) -> EmailMultiAlternatives | None:
    """Return a leader's mail with the links, None for somebody who leads no unit any more."""
    campaign, user = message.campaign, message.user
    if campaign is None or user is None or not (links := _links(user, campaign)):
        return None
    with translation.override(user.language):
        names = {"campaign": campaign.name, "organisation": campaign.organisation.name}
        return staff_mail(
            user,
            template="result_notice",
            subject=_("%(campaign)s: results of your unit at %(organisation)s") % names,
            context={**names, "links": links},
        )


def _links(user: User, campaign: Campaign) -> list[tuple[str, str]]:
    """Return name and address of each unit that the leader leads in the campaign now."""
    units = led_units(user, campaign).order_by("position")
    return [
        (unit.name, f"{settings.SITE_URL}{unit_address(campaign.pk, unit.pk)}") for unit in units
    ]


# Kept, since the page tells who was told.
RESULT_NOTICE: Final = MailKind(compose_notice, needless=Q(user__is_active=False), is_kept=True)
