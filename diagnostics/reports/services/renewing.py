"""Reports whose content has changed: written again, and the file of all of them if wanted."""

from functools import partial
from typing import cast

from django.db import transaction
from django.db.models import F

from diagnostics.jobs import long_work
from diagnostics.jobs.storage import WholeFileStorage
from diagnostics.models import Assessment, Download, Report
from survey.models import Campaign, CampaignUnit
from survey.queue import later
from survey.services.steps import after_commit


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
        _renew_bundle(bundle)


def _renew_bundle(bundle: Download) -> None:
    """Have a file of all reports made anew that is being made, and take away one that is there.

    What is under way has no file yet. Whoever waits for it gets the new reports.
    """
    if bundle.is_going:
        long_work.renew(Download.objects.filter(pk=bundle.pk))
        bundle.refresh_from_db()
        later("diagnostics.tasks.make_download", bundle.pk, bundle.run)
        return
    name = str(bundle.file)
    bundle.delete()
    if name:
        storage = cast(WholeFileStorage, bundle.file.storage)
        # A file that cannot be deleted is no reason to say that nothing was saved: no row leads
        # to it any more, and the next one is written over it.
        after_commit(
            partial(storage.delete_placed, name), step="delete a file of reports", about=name
        )
