"""The people of an open campaign as their manager may see them: never who has answered.

Only the first mail's state is told. Reminders go to those who have not answered, so their states,
or that an address turned out dead by one, would tell who that is.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from survey.mail.addresses import address_key
from survey.models import (
    Campaign,
    CampaignUnit,
    Function,
    Invitation,
    Message,
    MessageState,
    Recipient,
    UnitReport,
)
from survey.selectors.deliveries import LOST

SHOWN: Final = 50  # people on the page


@dataclass(frozen=True, slots=True)
class Person:
    """One address of a campaign; no mail means that the invitation is still being written."""

    recipient: Recipient
    unit: str
    function: str
    mail: Message | None
    is_invited: bool
    is_revoked: bool
    report: UnitReport | None  # that the unit is wrong


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The people whose address or name holds the query."""

    query: str
    people: tuple[Person, ...]
    hidden: int


def people_page(campaign: Campaign, query: str) -> PeoplePage:
    """Return the first people that match, by address."""
    wanted = query.strip()
    matching = people_of(campaign).filter(
        Q(email__icontains=wanted) | Q(email=address_key(wanted)) | Q(name__icontains=wanted)
    )
    people = tuple(person_of(recipient) for recipient in matching[:SHOWN])
    return PeoplePage(wanted, people, max(0, matching.count() - len(people)))


def person_of(recipient: Recipient) -> Person:
    """Return what the manager sees of one recipient."""
    invitation: Invitation | None = getattr(recipient, "invitation", None)
    if invitation is None:
        unit, function = getattr(recipient, "place_name", None) or "", recipient.function
        mails: list[Message] = []
    else:
        unit, function = invitation.unit.name, invitation.function
        mails = invitation.first_mails  # type: ignore[attr-defined]  # prefetched below
    return Person(
        recipient=recipient,
        unit=unit,
        function=str(Function(function).label) if function else "",
        mail=mails[0] if mails else None,
        is_invited=invitation is not None,
        is_revoked=invitation is not None and invitation.revoked,
        report=getattr(invitation, "unit_report", None),
    )


def may_correct(recipient: Recipient) -> bool:
    """Tell whether an address may be exchanged: while its mail is lost, or none was ever sent.

    By first mails only, since reminders tell who has not answered.
    """
    mails = Message.objects.filter(invitation__recipient=recipient, round=0)
    mail = mails.select_related("invitation").first()
    if mail is None or mail.invitation is None:
        return not Invitation.objects.filter(recipient=recipient, reached=True).exists()
    if mail.state in LOST:
        return True
    is_on_its_way = mail.claimed_until is not None and mail.claimed_until > timezone.now()
    is_unsent = mail.state == MessageState.WAITING and not is_on_its_way
    return is_unsent and not mail.invitation.reached


def people_of(campaign: Campaign) -> QuerySet[Recipient]:
    """Return the campaign's recipients by address, with all that person_of() reads."""
    first_mail = Prefetch(
        "invitation__messages", queryset=Message.objects.filter(round=0), to_attr="first_mails"
    )
    place = CampaignUnit.objects.filter(campaign=OuterRef("campaign"), code=OuterRef("unit_code"))
    return (
        Recipient.objects.filter(campaign=campaign)
        .select_related("campaign", "invitation__unit", "invitation__unit_report")
        .annotate(place_name=Subquery(place.values("name")[:1]))  # until there is an invitation
        .prefetch_related(first_mail)
        .order_by("email")
    )
