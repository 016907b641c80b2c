"""What is made of a campaign's answers, and by what it is scored, stands in the ledger."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from diagnostics.measurement.services import request_study
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import CalibrationRule, PatternSet
from survey.models import User
from survey.selectors.ledger.entries import campaign_ledger
from tests.diagnostics.answered_campaign import AnsweredCampaign, answered_campaign
from tests.survey.ledger.ledger_scenes import MANAGER, last_entry, newest_entries
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

ANALYST = ("account", "ann@example.com", "")
WORKER = ("worker", "", "")


def whats(after: int) -> list[tuple[Any, ...]]:
    """Return action, account, function and detail of what was noted since, without digests."""
    return [
        (action, who, function, {key: value for key, value in detail.items() if key != "digest"})
        for action, who, _place, function, detail, _campaign, _has_time in newest_entries(after)
    ]


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> AnsweredCampaign:
    settings.KEY_DIR, settings.REPORT_DIR = tmp_path / "keys", tmp_path / "reports"
    return answered_campaign(seed=3)


@pytest.mark.django_db(transaction=True)
def test_whoever_has_something_made_of_the_answers_stands_beside_it(
    scene: AnsweredCampaign,
) -> None:
    actions = [entry.action for entry in scene.campaign.ledger.all()]
    assert actions == ["closed", "ballots opened", "key destroyed", "assessed", "file made"]
    before = last_entry()

    analysis = scene.analysis()
    scene.check(analysis)
    scene.bundle(analysis)
    request_study(campaign=scene.campaign, by=scene.analyst)

    number = {"analysis": analysis.number}
    assert whats(before) == [
        ("analysis started", ANALYST, analysis.function, number),
        ("check started", ANALYST, analysis.function, {**number, "check": "robustness"}),
        ("file made", ANALYST, analysis.function, {**number, "file": "bundle"}),
        ("study started", ANALYST, "", {}),
    ]
    scene.bundle(analysis)
    assert len(whats(before)) == 4  # what is there is not made again
    assert [row.detail for row in campaign_ledger(scene.campaign).rows[:3]] == [
        "",
        f"file: Files of the analysis; analysis: {analysis.number}",
        f"analysis: {analysis.number}; check: Robustness",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_asked_for_on_its_page_is_its_readers(scene: AnsweredCampaign) -> None:
    scene.campaign.assessments.get().downloads.all().delete()
    before = last_entry()
    address = reverse("diagnostics:download-request", args=[scene.campaign.pk, "answers"])

    scene.client().post(address)
    scene.download()

    assert whats(before) == [("file made", ANALYST, "", {"file": "answers"})]


@pytest.mark.django_db
def test_what_a_draft_will_be_scored_with_stands_with_its_chooser(client: Client) -> None:
    draft = draft_campaign(organisation_with_manager()[0])
    load_defaults()
    patterns = PatternSet.objects.order_by("code").first()
    calibration = CalibrationRule.objects.order_by("code").first()
    assert patterns is not None
    assert calibration is not None
    client.force_login(User.objects.get(email="maria@example.com"))
    before = last_entry()

    answer = client.post(
        reverse("diagnostics:method-choose", args=[draft.pk]),
        {"pattern_set": patterns.pk, "calibration": calibration.pk},
    )

    assert answer.status_code == 302
    assert whats(before) == [
        ("method chosen", MANAGER, "", {
            "pattern_set": f"{patterns.title} ({patterns.code} {patterns.version})",
            "calibration": f"{calibration.title} ({calibration.code} {calibration.version})",
        }),
    ]  # fmt: skip
