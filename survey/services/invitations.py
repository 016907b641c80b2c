"""Invitations and their first mail, written in the launch's transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from survey.models import Campaign, CampaignUnit, Invitation, Leadership, Message, Recipient
from survey.sealing.tokens import derive_token, token_hash

BATCH = 500  # rows an INSERT


def invite_recipients(
    *,
    campaign: Campaign,
    units: Mapping[UUID, CampaignUnit],
    token_key: bytes,
    due_at: datetime,
) -> int:
    """Write an invitation and a waiting mail for every recipient; return how many."""
    leaders = leader_addresses(campaign)
    invitations = [
        _invitation(recipient, units, leaders, token_key)
        for recipient in campaign.recipients.exclude(unit=None).order_by("id")
    ]
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    Message.objects.bulk_create(
        [Message(invitation=invitation, due_at=due_at) for invitation in invitations],
        batch_size=BATCH,
    )
    # From here on the invitation says where somebody works; the address list need not.
    campaign.recipients.update(unit=None, function="")
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
    units: Mapping[UUID, CampaignUnit],
    leaders: frozenset[str],
    token_key: bytes,
) -> Invitation:
    identity = uuid4()
    return Invitation(
        id=identity,
        campaign_id=recipient.campaign_id,
        recipient=recipient,
        unit=units[recipient.unit_id],  # type: ignore[index]  # recipients without one are left out
        function=recipient.function,
        leads=recipient.email in leaders,
        token_hash=token_hash(derive_token(token_key, identity)),
    )
