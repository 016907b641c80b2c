"""A research campaign of sixty invented people, with its analyst and what they had made of it."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import Analysis, AnalysisCheck, AnalysisFile, Assessment, Download
from diagnostics.results.services.assessments import assess_campaign
from diagnostics.workbench.services.analyses import run_queued_analysis
from diagnostics.workbench.services.checks import request_check, run_check
from diagnostics.workbench.services.files import make_file, request_file
from survey.models import Campaign, Membership, Role, User
from survey.services.opening.opening import open_campaign
from tests.diagnostics.askers import somebody
from tests.survey.opening.opening_scenes import closed_campaign

GROUPS = (("N1", "operations", 30), ("N2", "sales", 30))
DRAWS = 20
# Low enough for a solution of answers given by chance.
CUTS = {"inclusion": "0.8", "pri": "0.55", "frequency": "1"}


@dataclass(frozen=True, slots=True)
class AnsweredCampaign:
    """The campaign, its assessment, its analyst, and one row of the file of answers."""

    campaign: Campaign
    assessment: Assessment
    analyst: User
    row: bytes

    def client(self) -> Client:
        """Return a client of the analyst."""
        client = Client()
        client.force_login(self.analyst)
        return client

    def download(self) -> Download:
        """Have the file of answers made, and return it."""
        asked = request_download(
            assessment=self.assessment, kind=Download.Kind.ANSWERS, by=somebody()
        )
        return make_download(download_id=asked.pk)

    def waiting_analysis(self) -> Analysis:
        """Send the form of an analysis as it is offered, and return what waits for the worker."""
        client = self.client()
        address = reverse("diagnostics:campaign-analyse", args=[self.campaign.pk])
        form = client.get(address).context["form"]
        filled = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in filled.items() if value not in (None, "", False)}
        answer = client.post(address, {**sent, **CUTS, "title": "Sixty"})
        assert answer.status_code == 302, answer.context["form"].errors
        return Analysis.objects.order_by("-number")[0]

    def analysis(self) -> Analysis:
        """Return an analysis that the worker has run."""
        analysis = self.waiting_analysis()
        run_queued_analysis(analysis_id=analysis.pk)
        analysis.refresh_from_db()
        assert analysis.state == Analysis.State.DONE, analysis.reason
        return analysis

    def check(self, analysis: Analysis) -> AnalysisCheck:
        """Return its check of robustness."""
        check = request_check(
            analysis=analysis, kind=AnalysisCheck.Kind.ROBUSTNESS, by=self.analyst
        )
        run_check(check_id=check.pk, run=check.run)
        check.refresh_from_db()
        return check

    def bundle(self, analysis: Analysis) -> AnalysisFile:
        """Return its file of everything."""
        file = request_file(
            analysis=analysis, kind=AnalysisFile.Kind.BUNDLE, language="en", by=self.analyst
        )
        make_file(file_id=file.pk, run=file.run)
        file.refresh_from_db()
        return file


def answered_campaign(*, seed: int) -> AnsweredCampaign:
    """Return the campaign; another seed has other answers."""
    load_defaults()
    closed = closed_campaign(seed=seed, groups=GROUPS, gives_rows=True)
    Campaign.objects.filter(pk=closed.campaign.pk).update(languages=["en"])
    campaign = open_campaign(campaign_id=closed.campaign.pk)
    assessment = assess_campaign(campaign=campaign, draws=DRAWS)
    analyst = User.objects.create_user("ann@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=campaign.organisation, user=analyst, role=Role.ANALYST)
    scene = AnsweredCampaign(campaign, assessment, analyst, b"")
    content = scene.download().file.read()
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        row = bundle.read("answers.csv").splitlines()[-1]
    return AnsweredCampaign(campaign, assessment, analyst, row)


def files_with(needle: bytes, folder: Path | None = None) -> list[str]:
    """Return every file of the folder of reports that holds some bytes, packed or not."""
    root = folder or Path(settings.REPORT_DIR)
    found = []
    for path in sorted(root.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:  # another test's, which shares the folder
            continue
        if any(needle in part for part in _unpacked(content)):
            found.append(str(path.relative_to(root)))
    return found


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            for name in bundle.namelist():
                yield from _unpacked(bundle.read(name))
