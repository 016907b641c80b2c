"""Work for the background worker; every task may run twice with one effect.

Services queue tasks by their names (`survey.queue`); a name that was queued must stay.
"""

from uuid import UUID

from django_tasks import task

from diagnostics.downloads.services import downloads
from diagnostics.measurement import services as measurement
from diagnostics.reports.services import files as reports
from diagnostics.results.services import assessments
from diagnostics.workbench.services import analyses, checks, files
from survey.mail.outbox import send_due_messages


@task()
def assess_campaign(campaign_id: str) -> None:
    """Score a released campaign, once, and queue its reports."""
    assessments.assess_released_campaign(campaign_id=UUID(campaign_id))


@task()
def queue_reports(assessment_id: str) -> None:
    """Queue every report of an assessment that is not rendered yet."""
    reports.queue_reports(assessment_id=UUID(assessment_id))


@task()
def render_reports(assessment_id: str) -> None:
    """Render the reports of an assessment that are not there yet."""
    reports.render_reports(assessment_id=UUID(assessment_id))


@task()
def make_download(download_id: str, run: str | None = None) -> None:
    """Make one file that somebody asked for."""
    downloads.make_download(download_id=UUID(download_id), run=UUID(run) if run else None)


@task()
def run_analysis(analysis_id: str, run: str | None = None) -> None:
    """Run a waiting analysis of the workbench on a campaign's answers."""
    analyses.run_queued_analysis(analysis_id=UUID(analysis_id), run=UUID(run) if run else None)


@task()
def run_check(check_id: str, run: str) -> None:
    """Make one check of an analysis' solution that somebody asked for."""
    checks.run_check(check_id=UUID(check_id), run=UUID(run))


@task()
def send_result_notices(campaign_id: str) -> int:
    """Look into the outbox, where leaders' mails wait; only tasks queued by 0.1 ask for it here."""
    return send_due_messages()


@task()
def run_study(study_id: str, run: str) -> None:
    """Compute data quality and scale properties of a campaign that somebody asked for."""
    measurement.run_study(study_id=UUID(study_id), run=UUID(run))


@task()
def make_analysis_file(file_id: str, run: str) -> None:
    """Make the appendix or the ZIP of an analysis that somebody asked for."""
    files.make_file(file_id=UUID(file_id), run=UUID(run))
