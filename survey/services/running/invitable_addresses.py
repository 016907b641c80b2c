"""Whether a running campaign may write to an address: its domain is allowed, its mailbox new."""

from django.utils.translation import gettext

from survey.errors import InputError
from survey.mail.domains import expected_address, is_allowed
from survey.mail.folded_addresses import folded_address
from survey.mail.shown_addresses import shown_address
from survey.models import Campaign, Recipient


def require_invitable(
    campaign: Campaign, address: str, *, instead_of: Recipient | None = None
) -> None:
    """Refuse a domain that is not allowed, and a mailbox that somebody else of the campaign has.

    The campaign is locked by whoever asks, so that of two at once the second sees the first.
    """
    domains = campaign.organisation.mail_domains
    if not is_allowed(address, domains):
        raise InputError(
            gettext("Address: expected %(expected)s, found %(found)s.")
            % {"expected": expected_address(domains), "found": shown_address(address)}
        )
    others = campaign.recipients.all()
    if instead_of is not None:
        others = others.exclude(pk=instead_of.pk)
    if others.filter(email=address).exists():
        raise InputError(
            gettext("Address: expected one that is not invited yet, found %(address)s.")
            % {"address": shown_address(address)}
        )
    mailbox = folded_address(address)
    # Doubles from before they were refused have no mailbox in their row.
    older = (one for one in others.filter(mailbox="") if folded_address(one.email) == mailbox)
    held = others.filter(mailbox=mailbox).first() or next(older, None)
    if held is not None:
        raise InputError(
            gettext(
                "Address: expected a mailbox that is not invited yet, found %(address)s, which "
                "reaches the same mailbox as %(other)s."
            )
            % {"address": shown_address(address), "other": shown_address(held.email)}
        )
