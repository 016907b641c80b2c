"""Invitations and their first mail, written in the launch's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import uuid4

from django.db.models.functions import Now

from survey.batches import ROWS_AN_INSERT
from survey.import_files.units import code_key
from survey.models import (
    Campaign,
    CampaignUnit,
    Invitation,
    Leadership,
    Message,
    Recipient,
    Standing,
)
from survey.sealing.tokens import derive_token, token_hash


def invite_recipients(
    *,
    campaign: Campaign,
    units: Mapping[str, CampaignUnit],
    leaders: Collection[str],
    token_key: bytes,
    due_at: datetime | Now,
    standing: Standing = Standing.PLANNED,
) -> int:
    """Write an invitation and a waiting mail for every recipient; return how many.

    Units come by code_key() of their code, leaders by address.
    """
    recipients = Recipient.objects.filter(campaign=campaign).uninvited()
    invitations = [
        _invitation(recipient, units, leaders, token_key, standing)
        for recipient in recipients.order_by("id")
    ]
    Invitation.objects.bulk_create(invitations, batch_size=ROWS_AN_INSERT)
    Message.objects.bulk_create(
        [Message(invitation=invitation, due_at=due_at) for invitation in invitations],
        batch_size=ROWS_AN_INSERT,
    )
    # From here on the invitation says where somebody works; the address list need not.
    campaign.recipients.update(unit_code="", function="")
    return len(invitations)


def leader_addresses(campaign: Campaign) -> frozenset[str]:
    """Return the addresses of everyone who leads a unit of the campaign's organisation now."""
    return frozenset(
        Leadership.objects.filter(
            unit__organisation_id=campaign.organisation_id,
            kind=Leadership.Kind.LEADER,
            until__isnull=True,
        ).values_list("user__email", flat=True)
    )


def _invitation(
    recipient: Recipient,
    units: Mapping[str, CampaignUnit],
    leaders: Collection[str],
    token_key: bytes,
    standing: Standing,
) -> Invitation:
    identity = uuid4()
    return Invitation(
        id=identity,
        campaign_id=recipient.campaign_id,
        recipient=recipient,
        unit=units[code_key(recipient.unit_code)],
        function=recipient.function,
        leads=recipient.email in leaders,
        standing=standing,
        token_hash=token_hash(derive_token(token_key, identity)),
    )
