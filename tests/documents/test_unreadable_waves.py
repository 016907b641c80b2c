"""Of several waves or reports, what one says of another that nobody can read."""

import html
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diagnostics.models import Action, Report
from diagnostics.reports.services.files import queue_reports, render_reports
from diagnostics.results.selectors.assessments import assessment_result
from diagnostics.results.selectors.trends import unit_trend_reading
from survey.models import Role
from tests.diagnostics.stored_example import store_example
from tests.documents.damage import Damage, of_a_newer_version, spoil
from tests.documents.sentences import every_damage, newer, sentence

pytestmark = pytest.mark.django_db


@every_damage
def test_a_trend_says_that_the_wave_before_cannot_be_read(damage: Damage) -> None:
    first, second = store_example(), store_example(wave=2)
    assert first.assessment is not None
    assert second.assessment is not None
    spoil(first.assessment, "company", damage)
    reader = Client()
    reader.force_login(second.person("hr@example.com", role=Role.EXECUTIVE))
    address = reverse("diagnostics:unit-detail", args=[second.campaign.pk, second.units["oulu"].pk])

    answer = reader.get(address)

    said = f"{first.campaign.name}: {sentence('Results of the company', damage)}"
    assert (answer.status_code, said in html.unescape(answer.text)) == (200, True)


def test_a_trend_reaches_back_to_the_wave_that_cannot_be_read() -> None:
    first, second, third = (store_example(wave=wave) for wave in (1, 2, 3))
    assert first.assessment is not None
    assert third.assessment is not None
    whole = third.units["oulu"]
    result = assessment_result(third.assessment, units=[whole.pk])
    before = unit_trend_reading(third.assessment, result, whole, language="en")
    spoil(first.assessment, "method", of_a_newer_version)

    after = unit_trend_reading(third.assessment, result, whole, language="en")

    said = f"{first.campaign.name}: Method of the results: {newer('Method of the results')}"
    assert (after.since, after.rows) == (before.since, before.rows)
    assert after.sentences == (*before.sentences, said)
    assert second.campaign.name in after.since


def test_actions_of_a_wave_that_cannot_be_read_stay_with_the_reason() -> None:
    first, second = store_example(), store_example(wave=2)
    unit = first.units["oulu"]
    user = second.person("leader@example.com", leads="oulu")
    Action.objects.create(
        unit=unit, element="TF", text="A shared list", owner="Aino", due_on=date(2026, 12, 1),
        created_by=user, created_at=timezone.now(),
    )  # fmt: skip
    assert first.assessment is not None
    spoil(first.assessment.units.get(unit=unit), "result", of_a_newer_version)
    reader = Client()
    reader.force_login(user)

    answer = reader.get(
        reverse("diagnostics:unit-detail", args=[second.campaign.pk, second.units["oulu"].pk])
    )

    text = html.unescape(answer.text)
    assert (answer.status_code, "A shared list" in text) == (200, True)
    assert f"Results of a unit: {newer('Results of a unit')}" in text


@every_damage
def test_a_report_that_cannot_be_read_fails_with_its_reason_and_no_other_does(
    damage: Damage,
) -> None:
    example = store_example()
    assert example.assessment is not None
    unit = example.units["oulu"]
    queue_reports(assessment_id=example.assessment.pk)
    Report.objects.exclude(unit__in=[unit, example.units["kemi"]]).delete()
    spoil(example.assessment.units.get(unit=unit), "result", damage)

    render_reports(assessment_id=example.assessment.pk)

    failed = Report.objects.get(unit=unit)
    other = Report.objects.get(unit=example.units["kemi"])
    assert (failed.state, other.state) == (Report.State.FAILED, Report.State.DONE)
    version = 3 if damage is of_a_newer_version else 1
    assert failed.reason.startswith(
        f"unit result: version {version}, where versions 1 to 1 are known; at "
    )


def test_reports_of_a_company_that_cannot_be_read_are_noted_and_fail() -> None:
    example = store_example()
    assert example.assessment is not None
    spoil(example.assessment, "company", of_a_newer_version)

    queue_reports(assessment_id=example.assessment.pk)
    render_reports(assessment_id=example.assessment.pk)

    assert set(Report.objects.values_list("state", flat=True)) == {Report.State.FAILED}
