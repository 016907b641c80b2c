"""People who are added while a campaign is open."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from survey.import_files.units import code_key
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent
from survey.mail.posting import due_from
from survey.models import Action, CampaignState, CampaignUnit, Function, Recipient, Standing
from survey.queue import later
from survey.sealing.keys import load_token_key
from survey.services.ledger import Doer, note
from survey.services.running.invitable_addresses import require_invitable
from survey.services.running.invitations import invite_recipients, leader_addresses
from survey.services.states import locked_campaign, locked_running


@transaction.atomic
def add_latecomer(
    *,
    unit: CampaignUnit,
    email: str,
    name: str,
    function: Function,
    language: str = "en",
    by: Doer,
) -> Recipient:
    """Save the person; the worker, which holds the keys, writes the invitation."""
    campaign = locked_running(unit.campaign)
    address = address_as_sent(email)
    require_invitable(campaign, address)
    recipient = Recipient.objects.create(
        campaign=campaign,
        email=address,
        name=line_of_text(name),
        language=language,
        unit_code=unit.code,
        function=function,
    )
    note(Action.PERSON_ADDED, by=by, campaign=campaign, unit=unit, function=function)
    later("survey.tasks.invite_latecomers", campaign.pk)
    return recipient


@transaction.atomic
def invite_latecomers(*, campaign_id: UUID) -> int:
    """Write an invitation and its mail for everyone who has none yet; return how many.

    The campaign is locked, so that nobody is added between the look and the writing.
    """
    campaign = locked_campaign(campaign_id)
    if campaign is None or campaign.state != CampaignState.OPEN:
        return 0
    invited = invite_recipients(
        campaign=campaign,
        units={code_key(unit.code): unit for unit in campaign.units.all()},
        leaders=leader_addresses(campaign),
        token_key=load_token_key(campaign.pk),
        standing=Standing.ADDED,
        due_at=due_from(campaign.opens_at, timezone.now()),
    )
    later("survey.tasks.send_messages")
    return invited
