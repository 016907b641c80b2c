"""An open campaign with a few invitations, for tests of what respondents do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from survey.documents.canonical_json import content_digest
from survey.documents.kinds import RELEASE_COUNTS
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Function,
    InstrumentVersion,
    Invitation,
    Organisation,
    Release,
    Unit,
)
from survey.sealing import keys
from survey.sealing.tokens import derive_token, token_hash


@dataclass(frozen=True, slots=True)
class SmallCampaign:
    """A campaign and the tokens of its invitations, in order."""

    campaign: Campaign
    unit: CampaignUnit
    tokens: list[str]
    instrument: Instrument


def open_small_campaign(
    *,
    invitations: int = 1,
    function: str = Function.OPERATIONS,
    is_demonstration: bool = False,
    content: Mapping[str, Any] | None = None,
    gives_rows: bool = False,
) -> SmallCampaign:
    """Return a campaign that is open for answers, with keys and invitations."""
    organisation = Organisation.objects.create(name="Pump Works", is_demonstration=is_demonstration)
    content = content or read_instrument_file(SHIPPED_INSTRUMENTS[0])
    instrument, _ = InstrumentVersion.objects.get_or_create(
        code="rutin-core",
        version=content["version"],
        defaults={"title": "Core", "content": content, "digest": content_digest(content)},
    )
    now = timezone.now()
    campaign = Campaign.objects.create(
        organisation=organisation,
        instrument=instrument,
        name="Spring wave",
        state=CampaignState.OPEN,
        gives_rows=gives_rows,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
        contact="survey@pumps.example",
        purpose="To see where our service units stand.",
        background_purpose="To see whether all kinds of people answer.",
        asks_attention_check=True,
        asks_markers=True,
    )
    unit = CampaignUnit.objects.create(
        campaign=campaign,
        unit=Unit.objects.create(organisation=organisation, code="N", name="Service North"),
        code="N",
        name="Service North",
        position=0,
    )
    keys.create_campaign_key(campaign)
    keys.open_canary(campaign)
    tokens = [_invite(campaign, unit, function) for _ in range(invitations)]
    return SmallCampaign(campaign, unit, tokens, parse_instrument(content))


def opened_ballots(campaign: Campaign) -> int:
    """Return how many ballots a release was made of; the ledger itself says a band only."""
    counts = RELEASE_COUNTS.read(Release.objects.get(campaign=campaign).counts)
    excluded = sum(sum(of_rule.values()) for of_rule in counts.excluded.values())
    return sum(counts.answers.values()) + excluded


def _invite(campaign: Campaign, unit: CampaignUnit, function: str) -> str:
    invitation = Invitation(campaign=campaign, unit=unit, function=function)
    token = derive_token(keys.load_token_key(campaign.id), invitation.id)
    invitation.token_hash = token_hash(token)
    invitation.save()
    return token
