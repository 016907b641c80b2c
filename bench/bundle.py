"""Time the file of all reports of a company of 200 units, made twice; writes bench/bundle.md.

Run: make bench NAME=bundle
"""

import hashlib
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import django

from bench.timing import shown, write_table

if TYPE_CHECKING:
    from diagnostics.models import Assessment
    from diagnostics.scoring.results import AssessmentResult
    from survey.models import Campaign, CampaignUnit

UNITS: Final = int(os.environ.get("BENCH_UNITS", "200"))


@dataclass(frozen=True)
class Run:
    """What one making of the file took."""

    cpu: float  # seconds of this process and its renderers
    clock: float
    memory: float  # most of this process, MB
    digest: str


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DEBUG="1", VAR_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "diagnostics.settings"
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        assessment = _company()
        half = _run(assessment, Path(folder, "first.zip"))
        _forget_files(assessment)
        again = _run(assessment, Path(folder, "second.zip"))
        packed = _run(assessment, Path(folder, "third.zip"))
    rows = [
        (f"{UNITS} unit reports and two of the company, first run, CPU", shown(half.cpu)),
        ("the same by the clock", shown(half.clock)),
        ("a second run, everything rendered again, CPU", shown(again.cpu)),
        ("a third run, nothing but packing, CPU", shown(packed.cpu)),
        ("most memory of the worker after the first, second and third run",
         " / ".join(f"{run.memory:.0f} MB" for run in (half, again, packed))),
        ("the three files, byte by byte",
         "the same" if len({run.digest for run in (half, again, packed)}) == 1 else "DIFFERENT"),
        ("cores", str(len(os.sched_getaffinity(0)))),
    ]  # fmt: skip
    write_table(
        "bundle",
        "The file of all reports",
        ["What", "Measured"],
        rows,
        "Aim: 200 unit reports in 120 s on two free cores, that is at most 240 s of CPU; the same "
        "bytes on a second run; memory that does not grow with the number of reports.",
    )


def _run(assessment: "Assessment", path: Path) -> Run:
    from diagnostics.reports.rendering.processes import shared_pool
    from diagnostics.reports.services.bundles import write_bundle

    began, cpu = time.perf_counter(), _cpu()
    with path.open("wb") as target:
        write_bundle(assessment, target)
    clock = time.perf_counter() - began
    shared_pool().close()  # a process counts once it has ended
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Run(_cpu() - cpu, clock, memory, digest)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _forget_files(assessment: "Assessment") -> None:
    for report in assessment.reports.all():
        report.file.storage.delete(str(report.file))


def _company() -> "Assessment":
    """Store a company whose units all have the results of the demonstration's units, in turn."""
    from diagnostics.demonstration.assessing import assess_population
    from diagnostics.demonstration.design import DEFAULT_SEED
    from diagnostics.methods.services.definitions import load_defaults
    from diagnostics.models import Assessment, CalibrationRule, PatternSet
    from diagnostics.scoring.documents import to_document
    from survey.models import Campaign, Organisation, Release
    from survey.services.setup.instruments import load_default_instrument

    load_defaults()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    result = assess_population(DEFAULT_SEED)
    organisation = Organisation.objects.create(name="Northlight", is_demonstration=True)
    campaign = Campaign.objects.create(
        organisation=organisation, instrument=load_default_instrument(), name="Benchmark",
        state="released", languages=["en"], closed_at=now,
    )  # fmt: skip
    Release.objects.create(
        campaign=campaign, frozen_at=now, digest="0" * 64, software_version="0",
        counts={"answers": {}, "excluded": {}, "invited": {}},
    )  # fmt: skip
    units = _units(campaign)
    company = to_document(result.company) | {"root": str(units[0].pk)}
    assessment = Assessment.objects.create(
        campaign=campaign, number=1, pattern_set=PatternSet.objects.get(code="compensating"),
        calibration=CalibrationRule.objects.get(code=result.method.calibration.code),
        method=to_document(result.method), anchors=to_document(result.anchors),
        other_anchors=to_document(result.other_anchors), seed=1, draws=result.method.draws,
        software_version="0", release_digest="0" * 64, digest="0" * 64, created_at=now,
        company=company,
    )  # fmt: skip
    _store_results(assessment, units, result)
    return assessment


def _units(campaign: "Campaign") -> "list[CampaignUnit]":
    """Store a root and the units right below it."""
    from survey.models import CampaignUnit, Unit

    units: list[CampaignUnit] = []
    for place in range(UNITS + 1):
        root = units[0] if units else None
        unit = Unit.objects.create(
            organisation=campaign.organisation, code=f"U{place}", name=f"Unit {place}",
            parent=root.unit if root else None,
        )  # fmt: skip
        units.append(
            CampaignUnit.objects.create(
                campaign=campaign, unit=unit, parent=root, code=unit.code, name=unit.name,
                position=place,
            )
        )  # fmt: skip
    return units


def _store_results(
    assessment: "Assessment", units: "list[CampaignUnit]", result: "AssessmentResult"
) -> None:
    from diagnostics.models import UnitAssessment
    from diagnostics.scoring.documents import to_document

    own = [unit for unit in result.units[1:] if unit.own_diagnosis]
    for place, stored in enumerate(units):
        chosen = own[place % len(own)] if place else result.units[0]
        parent = str(units[0].pk) if place else None
        renamed = {"unit": str(stored.pk), "name": stored.name, "parent": parent}
        UnitAssessment.objects.create(
            assessment=assessment, unit=stored, is_own_profile=True, is_own_verdict=True,
            result=to_document(chosen) | renamed,
        )  # fmt: skip


if __name__ == "__main__":
    main()
