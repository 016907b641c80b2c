"""A small released company that can be put back and released anew with other answers."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_bytes

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import Analysis, Assessment, Download
from diagnostics.results.services.assessments import assess_campaign
from diagnostics.workbench.services.analyses import run_queued_analysis
from survey.instrument.content import ConstructRole, Instrument
from survey.models import (
    Ballot,
    Campaign,
    CampaignKey,
    CampaignState,
    CampaignUnit,
    Invitation,
    Leadership,
    LedgerEntry,
    Membership,
    Release,
    Role,
    RowFile,
    Unit,
    User,
)
from survey.sealing import boxes, keys
from survey.services.opening.closing import open_closed_campaign
from tests.diagnostics.askers import somebody
from tests.ledger_rows import changeable_ledger
from tests.survey.opening.opening_scenes import RULES
from tests.survey.small_campaign import open_small_campaign

TREE = {"C": "", "N": "C", "N1": "N", "N2": "N", "N3": "N", "S": "C", "S1": "S", "S2": "S",
        "S3": "S", "A": "C"}  # fmt: skip
# (unit, function, people): N1 and N3 come together at North, S2 and S3 at South; what A and the
# leaders bring is left over. Whoever leads counts in the company only.
CELLS = (("N1", "operations", 3), ("N3", "sales", 2), ("N2", "operations", 16), ("N2", "sales", 11),
         ("S1", "sales", 7), ("S2", "operations", 4), ("S3", "operations", 4),
         ("A", "operations", 2))  # fmt: skip
LEADING = ("N2", "S1")
SHIFT = 3  # points; of two people it moves a mean of fifty by more than a tenth


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers: where, as what, and which points."""

    unit: str
    function: str
    leads: bool
    items: dict[str, int]
    background: dict[str, str]


@dataclass(frozen=True, slots=True)
class Company:
    """A campaign whose time is over, its invitations and everybody who answered."""

    campaign: Campaign
    instrument: Instrument
    units: dict[str, CampaignUnit]
    invitations: tuple[Invitation, ...]
    people: tuple[Person, ...]
    readers: dict[str, User]

    def known_ids(self) -> frozenset[bytes]:
        """Return the ids that stay when the campaign is released anew."""
        kept = [self.campaign, self.campaign.organisation, *self.readers.values()]
        ids = [one.pk for one in (*kept, *self.units.values())]
        lasting = [unit.unit_id for unit in self.units.values()]
        return frozenset(str(one).encode() for one in (*ids, *lasting))

    def main_addresses(self) -> tuple[str, ...]:
        """Return where most figures are: the file of all, the company's page, some units'."""
        company = reverse("diagnostics:company-detail", args=[self.campaign.pk])
        file = reverse("diagnostics:download-open", args=[self.campaign.pk, Download.Kind.FIGURES])
        units = [self.units[code].pk for code in ("N", "N1", "S", "S1")]
        pages = [
            reverse("diagnostics:unit-detail", args=[self.campaign.pk, unit]) for unit in units
        ]
        return (file, company, *pages)


def found_company(seed: int) -> Company:
    """Return the company, all of whose people have answered and whose ballots wait."""
    load_defaults()
    small = open_small_campaign(invitations=0)
    campaign = small.campaign
    campaign.exclusion_rules = RULES.as_mapping()
    campaign.languages = ["en"]
    campaign.save()
    units = _units(campaign, small.unit)
    random = np.random.default_rng(seed)
    members = [(unit, function, False) for unit, function, number in CELLS for _ in range(number)]
    members += [(unit, "operations", True) for unit in LEADING]
    people = tuple(_person(*member, small.instrument, random) for member in members)
    invitations = tuple(
        Invitation(campaign=campaign, unit=units[person.unit], function=person.function,
                   leads=person.leads, token_hash=token_bytes(32), done=True)
        for person in people
    )  # fmt: skip
    return Company(
        campaign, small.instrument, units, invitations, people, _readers(campaign, units)
    )


def release_anew(company: Company, people: Sequence[Person], *, draws: int) -> Assessment:
    """Forget what was released, fill the ballot box with these answers, and release."""
    _forget(company)
    campaign, now = company.campaign, timezone.now()
    key = keys.create_campaign_key(campaign)
    Invitation.objects.bulk_create(company.invitations[: len(people)])
    Ballot.objects.bulk_create(
        Ballot(campaign=campaign, box=boxes.seal(key.public_key, _payload(company, person)))
        for person in people
    )
    Campaign.objects.filter(pk=campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=now, accepts_until=now - timedelta(minutes=1)
    )
    open_closed_campaign(campaign_id=campaign.pk)
    campaign.refresh_from_db()
    return assess_campaign(campaign=Campaign.objects.get(pk=campaign.pk), draws=draws)


def make_files(assessment: Assessment, kinds: Sequence[str]) -> None:
    """Make the downloads of these kinds, and with the reports' one all reports."""
    for kind in kinds:
        make_download(
            download_id=request_download(assessment=assessment, kind=kind, by=somebody()).pk
        )


def analyse_answers(company: Company) -> None:
    """Have the analyst send the form of an analysis as it is offered, and run it."""
    client = Client()
    client.force_login(company.readers["analyst"])
    address = reverse("diagnostics:campaign-analyse", args=[company.campaign.pk])
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in filled.items() if value not in (None, "", False)}
    client.post(address, {**sent, "title": "As offered"})
    for analysis in Analysis.objects.filter(campaign=company.campaign):
        run_queued_analysis(analysis_id=analysis.pk)


def shifted(person: Person, instrument: Instrument, *, is_sensitive: bool) -> Person:
    """Return a person whose sensitive answers, or all others, mean more than before."""
    items = dict(person.items)
    for construct, item in instrument.items():
        if construct.role is not ConstructRole.CHECK and construct.is_sensitive is is_sensitive:
            items[item.code] += -SHIFT if item.is_reversed else SHIFT
    return replace(person, items=items)


def _units(campaign: Campaign, company: CampaignUnit) -> dict[str, CampaignUnit]:
    units = {"C": company}
    for position, (code, above) in enumerate(list(TREE.items())[1:], start=1):
        parent = units[above]
        unit = Unit.objects.create(
            organisation=campaign.organisation,
            code=f"U-{code}",
            name=f"Unit {code}",
            parent=parent.unit,
        )
        units[code] = CampaignUnit.objects.create(
            campaign=campaign, unit=unit, parent=parent, code=unit.code, name=unit.name,
            position=position,
        )  # fmt: skip
    return units


def _person(
    unit: str, function: str, leads: bool, instrument: Instrument, random: np.random.Generator
) -> Person:
    items = {}
    for construct, item in instrument.items():
        low = 4 if item.is_reversed else 1  # leaves room for the shift
        expected = item.expected if construct.role is ConstructRole.CHECK else None
        items[item.code] = expected or int(random.integers(low, low + 4))
    return Person(unit, function, leads, items, {"role": "service"})


def _payload(company: Company, person: Person) -> dict[str, object]:
    return {
        "unit": str(company.units[person.unit].pk),
        "function": person.function,
        "leads": person.leads,
        "answers": person.items,
        "background": person.background,
    }


def _readers(campaign: Campaign, units: dict[str, CampaignUnit]) -> dict[str, User]:
    readers = {}
    for role in Role.values:
        readers[role] = User.objects.create_user(f"{role}@proof.example", name=role)
        Membership.objects.create(organisation=campaign.organisation, user=readers[role], role=role)
    for code in TREE:
        for kind in (Leadership.Kind.LEADER, Leadership.Kind.DEPUTY):
            name = f"{kind} of {code}"
            readers[name] = User.objects.create_user(f"{kind}-{code}@proof.example", name=name)
            Leadership.objects.create(
                unit_id=str(units[code].unit_id),
                user=readers[name],
                kind=kind,
                since=date(2024, 1, 1),
            )
    readers["nobody"] = User.objects.create_user("nobody@proof.example", name="nobody")
    return readers


def _forget(company: Company) -> None:
    campaign = company.campaign
    Analysis.objects.filter(campaign=campaign).delete()
    Assessment.objects.filter(campaign=campaign).delete()
    RowFile.objects.filter(release__campaign=campaign).delete()
    Release.objects.filter(campaign=campaign).delete()
    with changeable_ledger():
        LedgerEntry.objects.filter(campaign=campaign).delete()
    for model in (CampaignKey, Invitation, Ballot):
        model._default_manager.filter(campaign=campaign).delete()
    shutil.rmtree(Path(settings.REPORT_DIR, str(campaign.pk)), ignore_errors=True)
