"""The small invented company of `example_results`, stored as a released campaign."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from diagnostics import documents
from diagnostics.documents import ANCHORS, COMPANY_RESULT, UNIT_RESULT
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import Assessment, CalibrationRule, PatternSet, UnitAssessment
from diagnostics.scoring.results import UnitResult
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    InstrumentVersion,
    Leadership,
    Membership,
    Organisation,
    Release,
    ReleasedSet,
    Unit,
    User,
)
from tests.diagnostics.example_results import (
    ASSERTIVE,
    METHOD,
    RESPONSIVE,
    example_assessment,
    two_functions,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "a-long-enough-password"


@dataclass(frozen=True)
class StoredExample:
    """A campaign, its units by their short names, and its assessment (None before the scoring)."""

    campaign: Campaign
    units: dict[str, CampaignUnit]
    assessment: Assessment | None

    def person(self, email: str, *, role: str = "", leads: str = "", kind: str = "leader") -> User:
        """Return a new user with a role in the organisation, or who leads one of its units."""
        user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0])
        if role:
            Membership.objects.create(organisation=self.campaign.organisation, user=user, role=role)
        if leads:
            Leadership.objects.create(
                unit_id=str(self.units[leads].unit_id), user=user, kind=kind, since=date(2024, 1, 1)
            )
        return user


def store_example(
    *,
    state: CampaignState = CampaignState.RELEASED,
    is_scored: bool = True,
    wave: int = 1,
    with_functions: bool = False,
    gives_rows: bool = False,
) -> StoredExample:
    """Store the company as a campaign in a state; scored with the example's results.

    A further wave of the same company comes 150 days after the one before. with_functions: both
    are told apart in the company and in Region North. gives_rows: the campaign is for research.
    """
    load_defaults()
    result = two_functions(ASSERTIVE, RESPONSIVE) if with_functions else example_assessment()
    organisation, _ = Organisation.objects.get_or_create(
        name="Nordlift Service", is_demonstration=True
    )
    content = read_instrument_file(SHIPPED_INSTRUMENTS[0])
    instrument, _ = InstrumentVersion.objects.get_or_create(
        code="rutin-core",
        version=content["version"],
        defaults={
            "title": "Routines of digital service",
            "content": content,
            "digest": "0",
        },
    )
    campaign = Campaign.objects.create(
        organisation=organisation,
        instrument=instrument,
        name="Autumn 2026" if wave == 1 else f"Wave {wave}",
        wave=wave,
        state=state,
        languages=["en"],
        gives_rows=gives_rows,
        closed_at=NOW + timedelta(days=150) * (wave - 1),
    )
    units = _store_units(campaign, result.units)
    if state == CampaignState.RELEASED:
        release = Release.objects.create(
            campaign=campaign,
            frozen_at=NOW,
            digest="a" * 64,
            software_version="0.1.0",
            counts={"answers": {}, "excluded": {}, "invited": {}},
        )
        ReleasedSet.objects.create(
            release=release,
            key="company",
            kind="unit",
            plan="general",
            owner=units["company"],
            n=60,
        )
    if not is_scored:
        return StoredExample(campaign, units, None)
    assessment = Assessment.objects.create(
        campaign=campaign,
        number=1,
        pattern_set=PatternSet.objects.get(code=METHOD.pattern_set.code),
        calibration=CalibrationRule.objects.get(code=METHOD.calibration.code),
        method=documents.METHOD.stored(result.method),
        anchors=ANCHORS.stored(result.anchors),
        other_anchors=ANCHORS.stored({}),
        seed=METHOD.seed,
        draws=METHOD.draws,
        software_version="0.1.0",
        release_digest="a" * 64,
        digest="b" * 64,
        created_at=NOW,
        company=COMPANY_RESULT.stored(replace(result.company, root=str(units["company"].pk))),
    )
    for entry in result.units:
        _store_result(assessment, entry, units)
    return StoredExample(campaign, units, assessment)


def _store_units(campaign: Campaign, results: tuple[UnitResult, ...]) -> dict[str, CampaignUnit]:
    stored: dict[str, CampaignUnit] = {}
    for position, entry in enumerate(results):
        parent = stored[entry.parent] if entry.parent else None
        unit, _ = Unit.objects.get_or_create(
            organisation=campaign.organisation,
            code=entry.unit,
            defaults={"name": entry.name, "parent": parent.unit if parent else None},
        )
        stored[entry.unit] = CampaignUnit.objects.create(
            campaign=campaign,
            unit=unit,
            parent=parent,
            code=entry.unit,
            name=entry.name,
            position=position,
        )
    return stored


def _store_result(
    assessment: Assessment, entry: UnitResult, units: dict[str, CampaignUnit]
) -> None:
    stored = replace(
        entry,
        unit=str(units[entry.unit].pk),
        parent=str(units[entry.parent].pk) if entry.parent else None,
    )
    own_verdict = entry.diagnosis is not None and entry.diagnosis.source.is_own
    own_profile = entry.profile is not None and entry.profile.source.is_own
    UnitAssessment.objects.create(
        assessment=assessment,
        unit=units[entry.unit],
        is_own_profile=own_profile or own_verdict,
        is_own_verdict=own_verdict,
        result=UNIT_RESULT.stored(stored),
    )
