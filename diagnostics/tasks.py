"""Work for the background worker; every task may run twice with one effect.

Tasks import their services when they run: numpy and WeasyPrint stay out of the web process.
"""

from uuid import UUID

from django.utils import timezone
from django_tasks import task


@task()
def assess_campaign(campaign_id: str) -> None:
    """Score a released campaign, once, and queue its reports."""
    from diagnostics.results.services.assessments import assess_released_campaign

    assess_released_campaign(campaign_id=UUID(campaign_id))


@task()
def queue_reports(assessment_id: str) -> None:
    """Queue every report of an assessment that is not rendered yet."""
    from diagnostics.reports.services.files import queue_reports as queue

    queue(assessment_id=UUID(assessment_id))


@task()
def render_reports(assessment_id: str) -> None:
    """Render the reports of an assessment that are not there yet."""
    from diagnostics.reports.services.files import render_reports as render

    render(assessment_id=UUID(assessment_id))


@task()
def make_download(download_id: str) -> None:
    """Make one file that somebody asked for."""
    from diagnostics.downloads.services.downloads import make_download as make

    make(download_id=UUID(download_id))


@task()
def run_analysis(analysis_id: str) -> None:
    """Run a waiting analysis of the workbench on a campaign's answers."""
    from diagnostics.workbench.services.analyses import run_queued_analysis

    run_queued_analysis(analysis_id=UUID(analysis_id))


@task()
def run_check(check_id: str, run: str) -> None:
    """Make one check of an analysis' solution that somebody asked for."""
    from diagnostics.workbench.services.checks import run_check as make

    make(check_id=UUID(check_id), run=UUID(run))


@task()
def send_result_notices(campaign_id: str) -> int:
    """Send the mails that tell leaders of results; return how many the server accepted."""
    from diagnostics.results.services.notices import send_result_notices as send

    return send(campaign_id=UUID(campaign_id), now=timezone.now())


@task()
def run_study(study_id: str, run: str) -> None:
    """Compute data quality and scale properties of a campaign that somebody asked for."""
    from diagnostics.measurement.services import run_study as make

    make(study_id=UUID(study_id), run=UUID(run))


@task()
def make_analysis_file(file_id: str, run: str) -> None:
    """Make the appendix or the ZIP of an analysis that somebody asked for."""
    from diagnostics.workbench.services.files import make_file

    make_file(file_id=UUID(file_id), run=UUID(run))
