"""Whose mail domains somebody looks after, and who of a campaign is at none that is allowed."""

from django.db.models import Q, QuerySet

from survey.access import CampaignRight, organisations_where
from survey.mail.domains import domain_of
from survey.models import Campaign, Organisation, Recipient, User


def looked_after_organisations(user: User) -> QuerySet[Organisation]:
    """Return the organisations whose mail domains the user may choose, by name."""
    return organisations_where(user, CampaignRight.LOOK_AFTER_DOMAINS)


def refused_domains(campaign: Campaign) -> list[str]:
    """Return the domains of people whom the organisation's list refuses by now, each once."""
    allowed = campaign.organisation.mail_domains
    if not allowed:
        return []
    at_allowed = Q()
    for domain in allowed:
        at_allowed |= Q(email__endswith=f"@{domain}")
    others = campaign.recipients.exclude(at_allowed).values_list("email", flat=True)
    return sorted({domain_of(email) for email in others})


def doubled_addresses(campaign: Campaign) -> list[str]:
    """Return addresses from before mailboxes were compared that reach one invited otherwise."""
    doubles = Recipient.objects.filter(campaign=campaign, mailbox="")
    return list(doubles.order_by("email").values_list("email", flat=True))
