"""Campaigns whose every answer is unlike all others, so that a link can be checked."""

from dataclasses import dataclass

import numpy as np
from django.db import transaction

from survey.instrument.answers import Answers
from survey.instrument.content import ConstructRole, Instrument
from survey.models import Campaign, CampaignUnit, Unit
from survey.release.exclusions import ExclusionRules
from survey.services.ballots import submit
from tests.survey.opening.opening_scenes import invite
from tests.survey.small_campaign import open_small_campaign

KEEP_ALL = ExclusionRules(item_total=-1.0)
TEAM = 10  # people a team if nothing else is said, each team a pool of its own


@dataclass(frozen=True, slots=True)
class Person:
    """Who answered, in which team, and what: the truth that a thief would like to know."""

    token: str
    team: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AnsweredCampaign:
    """An open campaign and its people in the order in which they submitted."""

    campaign: Campaign
    people: tuple[Person, ...]


def answered_campaign(teams: int, seed: int, people_each: int = TEAM) -> AnsweredCampaign:
    """Return a campaign of equal teams in which everybody has submitted, in an order of chance."""
    random = np.random.default_rng(seed)
    small = open_small_campaign(invitations=0)
    campaign = small.campaign
    campaign.exclusion_rules = KEEP_ALL.as_mapping()
    campaign.save()
    with transaction.atomic():
        invited = [
            (invite(campaign, unit, "operations", leads=False), str(unit.id))
            for unit in _teams(campaign, small.unit, teams)
            for _ in range(people_each)
        ]
    people = []
    for place in random.permutation(len(invited)).tolist():
        token, team = invited[place]
        items = _items(small.instrument, random)
        submit(token=token, answers=Answers(items, {"role": "service"}))
        people.append(Person(token, team, as_stored(items, small.instrument)))
    return AnsweredCampaign(campaign, tuple(people))


def as_stored(items: dict[str, int | None], instrument: Instrument) -> tuple[tuple[str, int], ...]:
    """Return answers as a row holds them: without checks and without what is missing."""
    checks = {item.code for _, item in instrument.items(ConstructRole.CHECK)}
    return tuple(sorted((c, v) for c, v in items.items() if v is not None and c not in checks))


def _teams(campaign: Campaign, company: CampaignUnit, number: int) -> list[CampaignUnit]:
    units = [
        Unit(organisation=campaign.organisation, code=f"T{place}", name=f"Team {place}")
        for place in range(1, number + 1)
    ]
    Unit.objects.bulk_create(units)
    return CampaignUnit.objects.bulk_create(
        CampaignUnit(
            campaign=campaign, unit=unit, parent=company, code=unit.code, name=unit.name,
            position=position,
        )
        for position, unit in enumerate(units, start=1)
    )  # fmt: skip


def _items(instrument: Instrument, random: np.random.Generator) -> dict[str, int | None]:
    return {
        item.code: item.expected
        if construct.role is ConstructRole.CHECK
        else int(random.integers(2, 7))
        for construct, item in instrument.items()
    }
