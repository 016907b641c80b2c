"""Answers that are deleted are gone from files and results, and nothing is made of them anew."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from diagnostics.documents import RECIPE, ROBUSTNESS
from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.jobs.schedule import run_due_work
from diagnostics.measurement.services import request_study, run_study
from diagnostics.models import (
    Analysis,
    AnalysisCases,
    AnalysisCheck,
    AnalysisFile,
    Assessment,
    Download,
    ScaleStudy,
    UnitAssessment,
)
from diagnostics.results.services import assessments
from diagnostics.workbench.selectors.analysis_pages import exported, result_of
from diagnostics.workbench.selectors.cases import cases_of
from diagnostics.workbench.services import analyses
from diagnostics.workbench.services.checks import is_check_reproduced, request_check
from diagnostics.workbench.services.files import make_file, request_file
from survey.errors import AnswersDeletedError
from survey.models import Action, Campaign, Membership, Response, Role, RowFile, User
from survey.selectors.releases import released_cells, released_rows
from survey.services.retention.deletion import delete_old_answers, kept_until
from tests.diagnostics.answered_campaign import (
    AnsweredCampaign,
    answered_campaign,
    files_with,
)
from tests.diagnostics.askers import somebody

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "its answers were deleted on"


@pytest.fixture
def scene(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> AnsweredCampaign:
    settings.KEY_DIR = tmp_path / "keys"
    # Other answers in each test: the tests of a parallel run share the folder of reports.
    return answered_campaign(seed=sum(request.node.name.encode()))


def address(name: str, *arguments: object) -> str:
    return reverse(f"diagnostics:{name}", args=arguments)


def retention_passes(scene: AnsweredCampaign) -> None:
    scene.campaign.refresh_from_db()
    end = kept_until(scene.campaign)
    Session.objects.update(expire_date=end + timedelta(days=1))  # of people who sign in that day
    run_due_work(end)


def test_answers_that_were_deleted_are_downloaded_no_more(scene: AnsweredCampaign) -> None:
    analyst = scene.client()
    kept = address("download-open", scene.campaign.pk, "answers")
    assert b"".join(analyst.get(kept).streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert files_with(scene.row) == [f"{scene.campaign.pk}/1/answers.zip"]

    retention_passes(scene)

    assert files_with(scene.row) == []
    assert not Response.objects.exists()
    assert not RowFile.objects.exists()
    told = scene.campaign.ledger.values_list("action", flat=True)
    assert list(told)[-2:] == [Action.ANSWERS_DELETED, Action.ANSWERS_WIPED]
    refused = analyst.get(kept)
    assert (refused.status_code, SENTENCE in refused.text) == (410, True)
    asked = analyst.post(address("download-request", scene.campaign.pk, "answers"))
    assert (asked.status_code, SENTENCE in asked.text) == (410, True)
    page = analyst.get(address("download-list", scene.campaign.pk)).text
    assert SENTENCE in page
    assert "Make the file" not in page
    assert kept not in page
    download = Download.objects.get(kind=Download.Kind.ANSWERS)
    with pytest.raises(AnswersDeletedError, match=SENTENCE):
        make_download(download_id=download.pk)  # as a task that was queued before
    with pytest.raises(AnswersDeletedError, match=SENTENCE):
        request_download(assessment=scene.assessment, kind=Download.Kind.ANSWERS, by=somebody())
    assert files_with(scene.row) == []
    download.refresh_from_db()
    assert (download.state, str(download.file), download.digest) == ("failed", "", "")


def test_what_was_found_of_all_answers_together_stays_and_what_is_about_cases_goes(
    scene: AnsweredCampaign,
) -> None:
    analysis = scene.analysis()
    check = scene.check(analysis)
    study = request_study(campaign=scene.campaign, by=scene.analyst)
    run_study(study_id=study.pk, run=study.run)
    bundle = scene.bundle(analysis)
    path = Path(bundle.file.path)
    before, digest = result_of(analysis), analysis.digest
    units = list(UnitAssessment.objects.order_by("pk").values_list("pk", "result"))
    companies = list(Assessment.objects.values_list("pk", "digest", "company"))
    assert path.exists()
    assert any(row.cases for row in before.rows)
    assert any(0 < (row.n or 0) < 5 for row in before.rows)

    retention_passes(scene)

    assert not path.exists()
    assert not AnalysisCases.objects.exists()
    file = AnalysisFile.objects.get()
    assert (file.state, str(file.file), file.digest) == ("failed", "", "")
    analysis.refresh_from_db()
    after = result_of(analysis)
    assert {(row.cases, row.deviant) for row in after.rows} == {((), ())}
    assert not any(0 < row.n < 5 for row in after.rows if row.n is not None)
    hidden = before.cases - sum(row.n or 0 for row in after.rows)
    assert hidden == 0 or hidden >= 5  # what is not told comes to five people or more together
    assert (after.left_out, after.undecided) == (None, None)
    assert {(one.counts, one.lowest, one.highest) for one in after.sets} == {((), None, None)}
    found = ("outcome", "conditions", "cases", "necessity", "solutions", "chart", "problem")
    assert {name: getattr(after, name) for name in found} == {
        name: getattr(before, name) for name in found
    }
    assert [(row.bits, row.output, row.consistency, row.pri) for row in after.rows] == [
        (row.bits, row.output, row.consistency, row.pri) for row in before.rows
    ]
    assert analysis.digest == digest
    check.refresh_from_db()
    kinds = ROBUSTNESS.read(check.result).kinds
    assert not any(0 < one.cases < 5 for one in kinds if one.cases is not None)
    study.refresh_from_db()
    assert study.is_ready
    assert list(UnitAssessment.objects.order_by("pk").values_list("pk", "result")) == units
    assert list(Assessment.objects.values_list("pk", "digest", "company")) == companies
    assert len(released_cells(Campaign.objects.get()).cells)


def test_a_result_that_nobody_can_read_any_more_goes_whole_and_stops_no_deletion(
    scene: AnsweredCampaign,
) -> None:
    analysis = scene.analysis()
    check = scene.check(analysis)
    Analysis.objects.update(result={"rows": [{"cases": ["1"]}]})
    AnalysisCheck.objects.update(result={"kinds": 1}, state=AnalysisCheck.State.DONE)

    retention_passes(scene)

    assert not Response.objects.exists()
    analysis.refresh_from_db()
    check.refresh_from_db()
    assert (analysis.state, analysis.result, check.state, check.result) == (
        "failed", None, "failed", None,
    )  # fmt: skip
    page = scene.client().get(address("analysis-detail", analysis.pk))
    assert "the answers of the campaign are deleted" in page.text


def test_nothing_is_made_anew_of_deleted_answers(scene: AnsweredCampaign) -> None:
    analysis = scene.analysis()
    check = scene.check(analysis)
    file = scene.bundle(analysis)
    waiting = scene.waiting_analysis()
    campaign, by = scene.campaign, scene.analyst
    retention_passes(scene)
    analysis = Analysis.objects.select_related("campaign").get(pk=analysis.pk)
    check.refresh_from_db()

    for make in (
        lambda: released_rows(campaign),
        lambda: cases_of(analysis),
        lambda: request_study(campaign=campaign, by=by),
        lambda: request_check(analysis=analysis, kind="bootstrap", by=by),
        lambda: request_file(analysis=analysis, kind="appendix", language="en", by=by),
        lambda: analyses.is_reproduced(analysis=analysis),
        lambda: assessments.is_reproduced(assessment=scene.assessment),
        lambda: assessments.assess_campaign(campaign=campaign),
        lambda: is_check_reproduced(check=check),
        lambda: analyses.queue_analysis(
            campaign=campaign, function="", by=by, title="T",
            recipe=RECIPE.read(analysis.recipe),
        ),
    ):  # fmt: skip
        with pytest.raises(AnswersDeletedError, match="deleted"):
            make()
    analyses.run_queued_analysis(analysis_id=waiting.pk)
    make_file(file_id=file.pk, run=file.run)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.result) == ("failed", None)
    assert not AnalysisCases.objects.exists()
    assert not RowFile.objects.exists()
    assert not AnalysisFile.objects.exclude(file="").exists()
    assert not ScaleStudy.objects.exists()
    ids = [str(one.pk) for one in (analysis, check, file, waiting)]
    arguments = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    assert not [one for one in arguments if set(one["args"]) & set(ids)]


def test_pages_say_that_the_answers_are_deleted_and_offer_nothing_of_them(
    scene: AnsweredCampaign,
) -> None:
    analysis = scene.analysis()
    scene.check(analysis)
    waiting = scene.waiting_analysis()
    analyst = scene.client()
    offered = _offers(scene, analysis)
    pages = (
        address("analysis-list"),
        address("analysis-detail", analysis.pk),
        address("analysis-detail", waiting.pk),
        address("analysis-files", analysis.pk),
        address("check-list", analysis.pk),
        address("pattern-derive", analysis.pk),
        address("scale-study", scene.campaign.pk),
        address("download-list", scene.campaign.pk),
    )
    linked = "".join(analyst.get(page).text for page in pages)
    assert [one for one in offered if one in linked] != []

    retention_passes(scene)

    for page in pages:
        answer = analyst.get(page)
        assert answer.status_code == 200, page
        assert re.search("deleted", answer.text), page
        assert [one for one in offered if re.search(f'"{one}["?]', answer.text)] == [], page
    for one in offered:
        answer = analyst.get(one)
        if answer.status_code == 405:
            answer = analyst.post(one)
        assert (answer.status_code, SENTENCE in answer.text) == (410, True), one
    exported_now = exported(Analysis.objects.get(pk=analysis.pk))["result"]
    assert exported_now["left_out"] == exported_now["undecided"] == "deleted with the answers"
    assert analyst.get(address("analysis-download", analysis.pk)).status_code == 200


def _offers(scene: AnsweredCampaign, analysis: Analysis) -> tuple[str, ...]:
    """Return the addresses at which something is made, or was made, of answers."""
    campaign = scene.campaign.pk
    return (
        address("download-open", campaign, "answers"),
        address("download-request", campaign, "answers"),
        address("campaign-analyse", campaign),
        address("scale-study-start", campaign),
        address("analysis-copy", analysis.pk),
        address("analysis-cuts", analysis.pk),
        address("check-start", analysis.pk, "bootstrap"),
        address("check-start", analysis.pk, "matching"),
        address("analysis-file-request", analysis.pk, "appendix"),
        address("analysis-file-open", analysis.pk, "appendix"),
    )


def test_what_is_stored_lists_files_and_results_with_their_life_before_and_after(
    scene: AnsweredCampaign,
) -> None:
    scene.bundle(scene.analysis())
    council = User.objects.create_user("council@example.com")
    Membership.objects.create(
        organisation=scene.campaign.organisation, user=council, role=Role.COUNCIL
    )
    client = Client()
    client.force_login(council)
    page = reverse("survey:campaign-stored", args=[scene.campaign.pk])
    names = ("Answers", "Scores behind an analysis", "Files made of answers",
             "Results of analyses")  # fmt: skip
    before = _lives(client.get(page).text)
    assert {name: before[name] for name in names} == {
        "Answers": "Until 12 months after close.",
        "Scores behind an analysis": "Until 12 months after close.",
        "Files made of answers": "Until 12 months after close. 2 files now.",
        "Results of analyses": ("Kept; what is about single cases: Until 12 months after close."),
    }

    retention_passes(scene)

    day = date_format(kept_until(scene.campaign))
    after = _lives(client.get(page).text)
    assert {name: after[name] for name in names} == {
        "Answers": f"Deleted on {day}.",
        "Scores behind an analysis": f"Deleted on {day}.",
        "Files made of answers": f"Deleted on {day}. 0 files now.",
        "Results of analyses": f"Kept; what is about single cases: Deleted on {day}.",
    }
    assert [name for name in before if before[name] == after[name]] == [
        name for name in before if name not in names
    ]


def _lives(page: str) -> dict[str, str]:
    """Return how long each kind of record is kept, by its name."""
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td>[^<]*</td>\s*<td>[^<]*</td>\s*<td>([^<]*)</td>', page
    )
    return dict(rows)


def test_somebody_else_is_not_told_that_there_were_answers(scene: AnsweredCampaign) -> None:
    analysis = scene.analysis()
    offered = _offers(scene, analysis)
    retention_passes(scene)
    scene.analyst.memberships.all().delete()
    stranger = Client()
    stranger.force_login(scene.analyst)

    answers = [
        answer if (answer := stranger.get(one)).status_code != 405 else stranger.post(one)
        for one in offered
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_deleted_scores_and_lists_of_cases_are_gone_from_the_files_of_the_database(
    scene: AnsweredCampaign,
) -> None:
    analysis = scene.analysis()
    scores = bytes(AnalysisCases.objects.get(analysis=analysis).scores)[:64]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF").close()  # then only the wiping is left
    assert _database_has(scores)

    retention_passes(scene)

    assert not _database_has(scores)


def _database_has(scores: bytes) -> bool:
    """Look into the files of SQLite; on PostgreSQL, whether the emptied table has pages."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return any(scores in path.read_bytes() for path in name.parent.glob(f"{name.name}*"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('diagnostics_analysiscases')")
        return bool(cursor.fetchone() != (0,))


def test_answers_that_are_still_kept_are_left_alone(scene: AnsweredCampaign) -> None:
    end = kept_until(scene.campaign)

    delete_old_answers(end - timedelta(seconds=1))

    assert files_with(scene.row) == [f"{scene.campaign.pk}/1/answers.zip"]
    assert len(released_rows(scene.campaign)) == 60
    assert isinstance(scene.assessment.pk, UUID)
    assert AnalysisCheck.objects.count() == 0
