"""Reports whose content has changed: written again, and the file of all of them if wanted."""

from functools import partial

from django.db import transaction
from django.db.models import F

from diagnostics.jobs import long_work
from diagnostics.models import Assessment, Download, Report
from survey.models import Campaign, CampaignUnit
from survey.queue import later


@transaction.atomic
def renew_reports(*, campaign: Campaign, kind: str, unit: CampaignUnit | None = None) -> None:
    """Have the latest assessment's reports of a kind written again, of one unit or of all."""
    assessment = Assessment.objects.filter(campaign=campaign).first()
    if assessment is None:
        return
    concerned = Report.objects.filter(assessment=assessment, kind=kind)
    if unit is not None:
        concerned = concerned.filter(unit=unit)
    if long_work.renew(concerned, revision=F("revision") + 1):
        later("diagnostics.tasks.render_reports", assessment.pk)
    bundles = Download.objects.filter(assessment=assessment, kind=Download.Kind.REPORTS)
    for bundle in bundles.select_for_update():
        transaction.on_commit(partial(bundle.file.storage.delete, str(bundle.file)))
        bundle.delete()
