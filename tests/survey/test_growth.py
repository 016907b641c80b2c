"""Nothing is kept for ever that nobody needs: what expires is cleared by the worker's tick."""

from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from survey.models import Campaign, PendingWipe, Recipient, TrialMail, Upload, Who
from survey.sealing import key_files
from survey.services.campaigns import discard_campaign
from survey.services.running.cancelling import finish_cancellation
from survey.services.running.launching import prepare_keys
from survey.services.schedule import run_due_work
from survey.services.setup.imports import NamedFile
from survey.services.setup.uploads import checked_upload, keep_upload
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
# Every table, and what keeps it from growing without end. A new one needs a line here, and the
# clock a step that clears it unless people alone make it grow.
ENDS = {
    "survey.schedule clears it": {
        "axes.AccessAttempt", "django_tasks_database.DBTaskResult", "sessions.Session",
        "survey.Draft", "survey.Invitation", "survey.Message", "survey.PendingWipe",
        "survey.Recipient", "survey.TrialMail", "survey.Upload", "survey.Response",
        "survey.FormUse", "survey.MailTrouble", "survey.MailboxDay",
        "diagnostics.TaskLease",
    },
    "goes with the ballots, or with the launch": {
        "survey.AskedChange", "survey.Ballot", "survey.UnitPlan", "survey.UnitReport",
        "survey.WipeDelay", "survey.DraftAuthor", "survey.DraftHeadCount", "survey.RefusedChange",
    },
    "one or a few of each campaign, and kept with it": {
        "survey.Campaign", "survey.CampaignKey", "survey.CampaignLogo", "survey.CampaignUnit",
        "survey.Participation", "survey.Pool", "survey.Release",
        "survey.ReleaseCell", "survey.ReleasedSet", "survey.RowFile", "survey.BackgroundCount",
        "survey.HeadCount", "survey.HeadCountConfirmation",
        "diagnostics.Assessment", "diagnostics.CampaignMethod", "diagnostics.Download",
        "diagnostics.Report", "diagnostics.ScaleStudy", "diagnostics.Scoring",
        "diagnostics.UnitAssessment",
    },
    "made by people, one by one": {
        "survey.InstrumentVersion", "survey.Leadership", "survey.LedgerEntry", "survey.Membership",
        "survey.LaterReader",
        "survey.Organisation", "survey.Unit", "survey.User", "diagnostics.Action",
        "diagnostics.Analysis", "diagnostics.AnalysisCases", "diagnostics.AnalysisCheck",
        "diagnostics.AnalysisFile", "diagnostics.CalibrationRule", "diagnostics.Pattern",
        "diagnostics.PatternCondition", "diagnostics.PatternSet", "diagnostics.UploadedMatrix",
    },
    "a library's, and not written to": {
        "auth.Group", "auth.Permission", "contenttypes.ContentType",
        "axes.AccessFailureLog", "axes.AccessLog",
    },
}  # fmt: skip


def test_of_every_table_it_is_written_down_what_ends_its_rows() -> None:
    tables = {f"{model._meta.app_label}.{model.__name__}" for model in apps.get_models()}

    named = set().union(*ENDS.values())
    assert tables - named - {"axes.AccessAttemptExpiration"} == set()
    assert named - tables == set()


def test_libraries_write_no_log_of_sign_ins(settings: Settings) -> None:
    assert settings.AXES_DISABLE_ACCESS_LOG
    assert not getattr(settings, "AXES_ENABLE_ACCESS_FAILURE_LOG", False)


def test_what_expires_is_cleared_by_the_tick_and_nothing_else_is(client: Client) -> None:
    _, manager = organisation_with_manager()
    campaign = draft_campaign(manager.memberships.get().organisation)
    now = timezone.now()
    client.force_login(manager)
    upload = checked_upload(
        user=manager, campaign=campaign, units=None,
        people=NamedFile("people.csv", people_csv().encode()), now=now - timedelta(hours=3),
    )  # fmt: skip
    keep_upload(upload=upload)
    Session.objects.create(session_key="over", session_data="", expire_date=now)
    Session.objects.create(
        session_key="kept", session_data="", expire_date=now + timedelta(minutes=1)
    )
    for hours in (0, 1):
        attempt = AccessAttempt.objects.create(username="a", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=now - timedelta(hours=hours)
        )
    run_due_work(now)

    assert Upload.objects.count() == 0
    assert not Session.objects.filter(session_key="over").exists()
    assert Session.objects.filter(session_key="kept").exists()
    assert client.get("/").status_code == 200
    assert AccessAttempt.objects.count() == 1
    assert set(PendingWipe.objects.values_list("table", flat=True)) == {
        "django_session", "survey_upload",
    }  # fmt: skip


def test_every_session_that_is_over_goes_however_many_there_are() -> None:
    now = timezone.now()
    Session.objects.bulk_create(
        Session(session_key=f"{number}", session_data="", expire_date=now - timedelta(days=number))
        for number in range(3000)
    )
    run_due_work(now)

    assert Session.objects.count() == 0


@pytest.fixture
def folders(settings: Settings, tmp_path: Path) -> tuple[Path, Path]:
    settings.KEY_DIR, settings.KEY_COPY_DIR = tmp_path / "keys", tmp_path / "copies"
    return tmp_path / "keys", tmp_path / "copies"


def test_a_discarded_draft_leaves_no_key_file_in_either_folder(
    folders: tuple[Path, Path],
) -> None:
    organisation = organisation_with_manager()[0]
    gone, kept = draft_campaign(organisation), draft_campaign(organisation, name="Other")
    for campaign in (gone, kept):
        prepare_keys(campaign_id=campaign.pk)
    half = folders[0] / f"{gone.pk}.0a1b2c3d"  # of a worker that was killed while it wrote
    half.write_bytes(b"k" * 64)
    number = gone.pk

    discard_campaign(campaign=gone, by=Who.WORKER)
    task = DBTaskResult.objects.get(task_path="survey.tasks.finish_cancellation")
    assert task.args_kwargs["args"] == [str(number)]
    finish_cancellation(campaign_id=number)
    finish_cancellation(campaign_id=number)  # a second worker

    for folder in folders:
        assert [path.name for path in folder.iterdir()] == [f"{kept.pk}.key"]
    assert (Recipient.objects.filter(campaign=number).count(), TrialMail.objects.count()) == (0, 1)


def test_the_key_of_a_draft_that_is_there_is_never_destroyed_by_that_task(
    folders: tuple[Path, Path],
) -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    prepare_keys(campaign_id=campaign.pk)

    finish_cancellation(campaign_id=campaign.pk)

    assert key_files.find(campaign.pk) is not None
    assert Campaign.objects.count() == 1
    assert all((folder / f"{campaign.pk}.key").exists() for folder in folders)
