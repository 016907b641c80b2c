"""A closed campaign with sealed ballots, and what its respondents answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.db import transaction

from survey.instrument.answers import Answers
from survey.instrument.content import ConstructRole
from survey.models import Ballot, Campaign, CampaignUnit, Invitation, Recipient, Standing, Unit, Who
from survey.release.exclusions import ExclusionRules
from survey.sealing import keys
from survey.sealing.tokens import derive_token, token_hash
from survey.services.ballots import save_draft, submit
from survey.services.opening.closing import close_campaign
from tests.survey.small_campaign import SmallCampaign, open_small_campaign

# (unit, function, answers): N is the company; N1 is too small, N2 mixed, N3 below ten.
GROUPS = (
    ("N", "operations", 1),
    ("N1", "operations", 3),
    ("N2", "operations", 9),
    ("N2", "sales", 6),
    ("N3", "sales", 7),
    ("N4", "operations", 2),
)
NOT_ANSWERED = 3
RULES = ExclusionRules(item_total=-1.0)
TELLING = 17  # of all people, what they work as


@dataclass(frozen=True, slots=True)
class ClosedCampaign:
    """A campaign whose grace is over, and the answers of its respondents by unit snapshot."""

    campaign: Campaign
    answers: pd.DataFrame
    small: SmallCampaign


@transaction.atomic  # one commit for all answers, not one an answer
def closed_campaign(
    seed: int = 1,
    groups: tuple[tuple[str, str, int], ...] = GROUPS,
    content: Mapping[str, Any] | None = None,
    added: int = 0,
    *,
    gives_rows: bool = False,
) -> ClosedCampaign:
    """Return a closed campaign of the company and four teams; three people did not answer.

    added: people added to the third team after the launch, who say that they work in sales.
    """
    small = open_small_campaign(invitations=0, content=content, gives_rows=gives_rows)
    campaign = small.campaign
    campaign.exclusion_rules = RULES.as_mapping()
    campaign.save()
    units = _units(campaign, small.unit)
    random = np.random.default_rng(seed)
    given = [
        _answer(small, units[code], function, leads=code == "N", random=random)
        for code, function, number in groups
        for _ in range(number)
    ]
    for number in range(NOT_ANSWERED):
        token = invite(campaign, units["N2"], "sales", leads=False)
        if number == 0:
            save_draft(token=token, answers=Answers({"TF1": 2}))
    for _ in range(added):
        token = invite(campaign, units["N3"], "sales", leads=False)
        Invitation.objects.filter(token_hash=token_hash(token)).update(standing=Standing.ADDED)
        submit(token=token, answers=Answers({"TF1": 4}, {"role": "selling"}))
    close_campaign(campaign=campaign, without_grace=True, by=Who.WORKER)
    codes = [item.code for _, item in small.instrument.items()]
    answers = pd.DataFrame(given, columns=["unit", "function", "leads", *codes])
    return ClosedCampaign(campaign, answers, small)


def _units(campaign: Campaign, company: CampaignUnit) -> dict[str, CampaignUnit]:
    units = {"N": company}
    for position, code in enumerate(("N1", "N2", "N3", "N4"), start=1):
        unit = Unit.objects.create(
            organisation=campaign.organisation, code=code, name=f"Team {code}"
        )
        units[code] = CampaignUnit.objects.create(
            campaign=campaign,
            unit=unit,
            parent=company,
            code=code,
            name=unit.name,
            position=position,
        )
    return units


def invite(campaign: Campaign, unit: CampaignUnit, function: str, *, leads: bool) -> str:
    """Return the token of a new invitation."""
    invitation = Invitation(campaign=campaign, unit=unit, function=function, leads=leads)
    invitation.recipient = Recipient.objects.create(
        campaign=campaign, email=f"{invitation.id}@pumps.example"
    )
    token = derive_token(keys.load_token_key(campaign.id), invitation.id)
    invitation.token_hash = token_hash(token)
    invitation.save()
    return token


def _answer(
    small: SmallCampaign,
    unit: CampaignUnit,
    function: str,
    *,
    leads: bool,
    random: np.random.Generator,
) -> dict[str, object]:
    token = invite(small.campaign, unit, function, leads=leads)
    items: dict[str, int | None] = {}
    for construct, item in small.instrument.items():
        answer = int(random.integers(2, 7))
        missing = random.random() < 0.04 or not item.is_asked_of(function)
        items[item.code] = None if missing else answer
        if construct.role is ConstructRole.CHECK:
            items[item.code] = item.expected
    asked = {item.code: items[item.code] for item in small.instrument.asked_of(function)}
    tells = Ballot.objects.filter(campaign=small.campaign).count() < TELLING
    role = "service" if tells else None
    submit(token=token, answers=Answers(asked, {"role": role, "digital_use": None}))
    return {"unit": str(unit.id), "function": function, "leads": leads, **items}
