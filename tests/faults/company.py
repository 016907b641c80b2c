"""A small company of twelve units: its files, its accounts, a draft, and what people answer."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from survey.instrument.content import ConstructRole, Instrument
from survey.models import Campaign, Function, Membership, Organisation, Role, User, Who
from survey.selectors.head_counts.counts import planned_counts
from survey.services.campaigns import create_campaign
from survey.services.organisations.trees import import_people, import_units
from survey.services.setup.head_counts import confirm_head_counts
from survey.services.setup.imports import read_people, read_units
from survey.services.setup.trial_mails import confirm_trial_mail, request_trial_mail
from tests.faults.catalogue import MEMBERS

PASSWORD: Final = "correct horse battery staple"
HOST: Final = "pumps.example"
MANAGER, ADMINISTRATOR, ANALYST, EXECUTIVE, LEADER, NEW_LEADER = (
    f"{name}@{HOST}" for name in ("mona", "ada", "ann", "eva", "lena", "nils")
)
ACCOUNTS: Final = {
    MANAGER: (Role.MANAGER,),
    ADMINISTRATOR: (Role.ADMINISTRATOR,),
    ANALYST: (Role.ANALYST,),
    EXECUTIVE: (Role.EXECUTIVE,),
}
REGIONS: Final = {"N": ("N1", "N2", "N3"), "S": ("S1", "S2", "S3"), "E": ("E1", "E2")}
LED_UNIT: Final = "N1"


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation with its people, and the draft of a campaign."""

    organisation: Organisation
    campaign: Campaign
    people: Mapping[str, str]  # address -> unit


def units_file() -> str:
    """Return the file of units; two of them have a leader."""
    leaders = {LED_UNIT: f"{LEADER},Lena Lead", "S1": f"{NEW_LEADER},Nils New"}
    lines = ["code,name,parent,leader_email,leader_name", "C,Pump Works Service,,,"]
    for region, teams in REGIONS.items():
        lines.append(f"{region},Region {region},C,,")
        lines += [f"{team},Team {team},{region},{leaders.get(team, ',')}" for team in teams]
    return "\n".join(lines) + "\n"


def people_of(members: int) -> dict[str, str]:
    """Return addresses by the code of their unit, in an order that stays."""
    teams = [team for teams in REGIONS.values() for team in teams]
    return {f"{team.lower()}-{number}@{HOST}": team for team in teams for number in range(members)}


def people_file(people: Mapping[str, str]) -> str:
    """Return the file of people."""
    lines = ["email,name,unit,function"]
    for address, unit in people.items():
        lines.append(f"{address},Person {address.split('@')[0]},{unit},{function_of(address)}")
    return "\n".join(lines) + "\n"


def function_of(address: str) -> Function:
    """Return what a person works in."""
    number = int(address.split("@")[0].split("-")[1])
    return Function.SALES if number % 3 == 2 else Function.OPERATIONS


def found_company(*, members: int = MEMBERS) -> Company:
    """Make the organisation, its accounts and a draft that only waits for its keys and launch."""
    organisation = Organisation.objects.create(name="Pump Works")
    for address, roles in ACCOUNTS.items():
        user = User.objects.create_user(address, PASSWORD)
        for role in roles:
            Membership.objects.create(organisation=organisation, user=user, role=role)
    # Somebody who was there before any draft, and may be its second person.
    long_ago = timezone.now() - timedelta(days=400)
    User.objects.filter(email=ADMINISTRATOR).update(first_signed_in_at=long_ago)
    User.objects.create_user(LEADER, PASSWORD, name="Lena Lead")
    import_units(
        organisation=organisation, rows=read_units(units_file().encode()).rows, by=Who.WORKER
    )
    people = people_of(members)
    return Company(organisation, draft_of(organisation, people), people)


def draft_of(organisation: Organisation, people: Mapping[str, str]) -> Campaign:
    """Make a draft that passes the checklist once the worker has made its keys."""
    campaign = create_campaign(
        organisation=organisation,
        name="Spring survey",
        closes_at=timezone.now() + timedelta(days=14),
        time_zone="Europe/Helsinki",
        controller="Pump Works Oy, Turku",
        contact=f"privacy@{HOST}",
        purpose="To see where our routines help.",
        background_purpose="To see whether all kinds of people answer.",
        asks_attention_check=True,
        asks_markers=True,
    )
    import_people(campaign=campaign, rows=read_people(people_file(people).encode()).rows)
    confirm_again(campaign)
    return campaign


def confirm_again(campaign: Campaign) -> None:
    """Let the administrator confirm a draft's head counts as they are now."""
    counts = planned_counts(campaign, timezone.localdate())
    administrator = User.objects.get(email=ADMINISTRATOR)
    confirm_head_counts(campaign=campaign, digest=counts.digest, by=administrator)


def try_out(campaign: Campaign) -> None:
    """Confirm a test mail with the words as they are, at an address of its own each time."""
    address = f"test-{campaign.trial_mails.count()}@{HOST}"
    trial = request_trial_mail(campaign=campaign, email=address, language="en")
    confirm_trial_mail(trial=trial)


def sheet_of(address: str, unit: str, instrument: Instrument, seed: int) -> dict[str, int]:
    """Return what one attentive person answers; no two people answer alike."""
    own, team = random.Random(f"{seed} {address}"), random.Random(f"{seed} {unit}")
    tendency = {construct.code: team.randint(2, 6) for construct in instrument.constructs}
    asked = {item.code for item in instrument.asked_of(function_of(address))}
    sheet: dict[str, int] = {}
    for construct, item in instrument.items():
        if item.code not in asked:
            continue
        if construct.role is ConstructRole.CHECK and item.expected is not None:
            sheet[item.code] = item.expected
            continue
        point = min(7, max(1, tendency[construct.code] + own.choice((-2, -1, 0, 0, 1, 2))))
        sheet[item.code] = 8 - point if item.is_reversed else point
    return sheet
