"""One company with all that its pages may be about, and people of every role."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.models import Analysis, AnalysisFile, Assessment, Download, PatternSet, Report
from diagnostics.reports.services.files import note_reports, queue_reports
from diagnostics.results.services.actions import note_action
from survey.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Invitation,
    LaterReader,
    Leadership,
    Organisation,
    Origin,
    Recipient,
    Release,
    Role,
    Unit,
    UnitReport,
    Upload,
    User,
)
from survey.previews import COOKIE
from survey.services.campaigns import create_campaign
from survey.services.setup.instruments import copy_instrument
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.workbench.test_analysis_pages import CHOICES

PROBLEM: Final = "OSError at the opening"
LEADERS: Final = {
    "leader": ("north", "leader"),
    "deputy": ("north", "deputy"),
    "leader above": ("company", "leader"),
    "leader below": ("oulu", "leader"),
    "leader elsewhere": ("umea", "leader"),
}
# Nothing is theirs, whatever the row.
ELSEWHERE: Final = "everything elsewhere"
OUTSIDERS: Final = ("nobody", "former leader", "coming leader", ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Scene:
    """The company, its people, and an argument for whatever an address takes."""

    example: StoredExample
    running: Campaign
    draft: Campaign
    research: StoredExample
    people: Mapping[str, User]
    clients: Mapping[str, Client]
    arguments: dict[str, Any]

    @property
    def organisation(self) -> Organisation:
        """The company."""
        found: Organisation = self.example.campaign.organisation
        return found


def build_scene() -> Scene:
    """Return the company, with everything in it that a page could be about."""
    example = store_example(with_functions=True)
    organisation = example.campaign.organisation
    running = store_example(state=CampaignState.OPEN, is_scored=False, wave=2).campaign
    Campaign.objects.filter(pk=running.pk).update(
        opens_at=timezone.now(), closes_at=timezone.now() + timedelta(days=9), closed_at=None
    )
    draft = create_campaign(
        organisation=organisation, name="Next", closes_at=timezone.now() + timedelta(days=9)
    )
    people = _people(example)
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    research = store_example(wave=0, gives_rows=True)
    scene = Scene(example, running, draft, research, people, clients, {})
    complete = replace(scene, arguments=_arguments(scene))
    _store_files(complete)  # last: an action that is noted has reports written anew
    return complete


def _people(example: StoredExample) -> dict[str, User]:
    """Return one person for each role and way of leading, and some who have neither here."""
    found = {str(role): example.person(f"{role}@example.com", role=role) for role in Role.values}
    for place, (name, (unit, kind)) in enumerate(LEADERS.items()):
        found[name] = example.person(f"leads-{place}@example.com", leads=unit, kind=kind)
    for name in OUTSIDERS:
        leads = "north" if name in {"former leader", "coming leader"} else ""
        found[name] = example.person(f"{name.replace(' ', '-')}@example.com", leads=leads)
    today = timezone.localdate()
    Leadership.objects.filter(user=found["former leader"]).update(until=today - timedelta(days=1))
    Leadership.objects.filter(user=found["coming leader"]).update(since=today + timedelta(days=1))
    other = Organisation.objects.create(name="Somebody else")
    third = Organisation.objects.create(name="Somebody else again")
    stranger = found[ELSEWHERE]
    for role in Role.values:
        organisation = third if role == Role.ANALYST else other  # never in the place of the others
        stranger.memberships.create(organisation=organisation, role=role)
    Leadership.objects.create(
        unit=Unit.objects.create(organisation=other, code="E", name="Else"),
        user=stranger, since=date(2024, 1, 1),
    )  # fmt: skip
    return found


def _arguments(scene: Scene) -> dict[str, Any]:
    example, client = scene.example, scene.clients["manager"]
    north = example.units["north"]
    client.get(reverse("survey:preview-start", args=[scene.draft.pk, "operations"]))
    for other in scene.clients.values():  # a preview is signed, yet opens nothing by itself
        other.cookies[COOKIE] = client.cookies[COOKIE].value
    return {
        "organisation_id": scene.organisation.pk,
        "instrument_id": copy_instrument(
            version=scene.draft.instrument,
            organisation=scene.organisation,
            by=scene.people["manager"],
        ).pk,
        "unit_id": north.pk,
        "user_id": scene.people["leader"].pk,
        "recipient_id": _recipient(scene).pk,
        "upload_id": Upload.objects.create(
            user=scene.people["manager"], campaign=scene.draft, people_name="people.csv",
            people_file=b"email,unit,function\n", uploaded_at=timezone.now(),
        ).pk,
        "section": "TF", "language": "en", "code": "absent", "number": 1, "function": "operations",
        "action_id": note_action(
            unit=north, by=scene.people["leader"], element="TF", text="Ask", owner="Ann",
            due_on=date(2027, 1, 1),
        ).pk,
        "reader_id": _later_reader(scene).pk,
        "change_id": scene.running.asked_changes.create(
            kind="cancellation", asked_by=scene.people["manager"], day=date(2026, 1, 1)
        ).pk,
        "report_id": _report_of(scene, north).pk,
        "rule_id": example.assessment.calibration_id if example.assessment else None,
        **_workbench(scene),
    }  # fmt: skip


def _later_reader(scene: Scene) -> LaterReader:
    """Return a deputy who was appointed after the launch, and reads nothing yet."""
    deputy = scene.example.person("waits@example.com", leads="oulu", kind="deputy")
    return LaterReader.objects.create(
        campaign=scene.example.campaign, leadership=deputy.leaderships.get(),
        given_by=scene.people["manager"],
    )  # fmt: skip


def _report_of(scene: Scene, unit: CampaignUnit) -> Report:
    """Return the report of a unit, which is not written yet."""
    assert scene.example.assessment is not None
    note_reports(assessment=scene.example.assessment)
    return Report.objects.get(unit=unit, kind=Report.Kind.UNIT)


def _recipient(scene: Scene) -> Recipient:
    """Return somebody who was invited and says that the unit is wrong."""
    found = Recipient.objects.create(campaign=scene.running, email="rita@example.com")
    invitation = Invitation.objects.create(
        campaign=scene.running, recipient=found, unit=scene.running.units.all()[1],
        function="operations", token_hash=b"t" * 32,
    )  # fmt: skip
    UnitReport.objects.create(invitation=invitation, text="Not mine", function="sales")
    return found


def _store_files(scene: Scene) -> None:
    """Put a small file in the place of every report and download."""
    assessment, research = scene.example.assessment, scene.research.assessment
    assert isinstance(assessment, Assessment)
    queue_reports(assessment_id=assessment.pk)
    for report in Report.objects.filter(assessment=assessment):
        report.file.save(f"{report.pk}.pdf", ContentFile(b"%PDF-1.7"), save=False)
        report.state = Report.State.DONE
        report.save()
    for kind in Download.Kind.values:
        found = research if kind in Download.ROW_KINDS else assessment
        download = Download(assessment=found, kind=kind, state=Download.State.DONE)
        download.file.save(f"{download.pk}.zip", ContentFile(b"PK"))


def _workbench(scene: Scene) -> dict[str, Any]:
    """Have the analyst make an analysis, with a file, and a pattern set derived from it."""
    Release.objects.filter(campaign=scene.example.campaign).update(
        counts={"answers": {"operations": 60, "sales": 60}, "excluded": {}, "invited": {}}
    )
    client = scene.clients["analyst"]
    recipe = client.post(reverse("diagnostics:example-take")).headers["Location"]
    client.post(recipe, CHOICES)
    analysis = Analysis.objects.get()
    file = AnalysisFile(
        analysis=analysis, kind=AnalysisFile.Kind.BUNDLE, language="en",
        state=AnalysisFile.State.DONE, requested_at=timezone.now(),
    )  # fmt: skip
    file.file.save(f"{file.pk}.zip", ContentFile(b"PK"))
    derived = PatternSet.objects.create(
        organisation=scene.organisation, code="own", version=1, title="Own",
        origin=Origin.DERIVED, author="Ann", created_on=date(2026, 1, 1), analysis=analysis,
    )  # fmt: skip
    pattern = derived.patterns.create(code="one", name={}, summary={}, position=0)
    pattern.conditions.create(element="TF", is_present=True, is_core=True)
    return {"analysis_id": analysis.pk, "matrix_id": analysis.matrix_id, "set_id": derived.pk}
