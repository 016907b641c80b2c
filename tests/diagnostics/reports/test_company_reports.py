"""The comparison of functions and the research appendix: what they say, and who may read them."""

import math
import re
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from diagnostics.measurement.results import MeasurementResult
from diagnostics.models import Report
from diagnostics.reports.appendix import appendix_reading
from diagnostics.reports.documents import appendix_markup, functions_markup
from diagnostics.reports.services.files import note_reports
from diagnostics.results.wording.functions import (
    AreaRow,
    FunctionsReading,
    compares_functions,
    functions_reading,
)
from diagnostics.scoring.results import AssessmentResult
from survey.instrument.content import Instrument
from survey.release.tables import Plan, ReleasedTables
from tests.diagnostics.example_results import (
    ASSERTIVE,
    RESPONSIVE,
    SETTING,
    example_assessment,
    two_functions,
)
from tests.diagnostics.stored_example import store_example


def read(result: AssessmentResult, language: str = "en") -> FunctionsReading:
    return functions_reading(result, setting=SETTING, language=language)


def test_the_functions_stand_side_by_side_in_company_and_areas() -> None:
    reading = read(two_functions(ASSERTIVE, RESPONSIVE))
    assert reading.headline == "A different pattern is ahead in each function"
    assert reading.explanation == (
        "They differ most in technology foresight (operations higher by 0.3 points).",
        "Their memberships overlap by .80; 1 is the same in every element.",
    )
    assert [(one.title, one.headline, one.band) for one in reading.functions] == [
        ("Service operations", "Assertive: more in than out", "50 or more answers"),
        ("Service sales", "Responsive: more in than out", "50 or more answers"),
    ]
    assert reading.areas == (
        AreaRow(
            name="Region North",
            operations="Assertive: more in than out",
            sales="Responsive: more in than out",
            overlap=".80",
            farthest="technology foresight (operations higher by 0.3 points)",
        ),
    )
    same = read(two_functions(ASSERTIVE, ASSERTIVE))
    assert same.headline == "The same pattern is ahead in both functions"


def test_pictures_of_two_functions_have_names_of_their_own() -> None:
    markup = functions_markup(read(two_functions(ASSERTIVE, RESPONSIVE)))
    names = re.findall(r'\bid="([^"]+)"', markup)
    assert len(names) == len(set(names)) == 8


def test_without_two_functions_there_is_no_comparison() -> None:
    assert not compares_functions(example_assessment())
    assert compares_functions(two_functions(ASSERTIVE, RESPONSIVE))


def test_the_appendix_answers_a_reviewers_questions(
    demonstration: AssessmentResult, released_tables: ReleasedTables, instrument: Instrument
) -> None:
    reading = appendix_reading(
        demonstration, released_tables, instrument, setting=SETTING, language="en"
    )
    assert reading.items is not None
    assert reading.scales is not None
    whole = released_tables.unit_set(demonstration.company.root, Plan.SENSITIVE)
    assert whole is not None
    cells = released_tables.cells_of(whole.key)
    stated = {row[0].removesuffix(" (reversed)"): row for row in reading.items.rows}
    assert set(stated) == set(cells.index)
    counts = cells["distribution"].to_dict()["TF2"]
    answers = [point for point, count in enumerate(counts, start=1) for _ in range(count)]
    mean = sum(answers) / len(answers)
    deviation = math.sqrt(sum((a - mean) ** 2 for a in answers) / (len(answers) - 1))
    assert stated["TF2"][2:] == (f"{mean:.1f}", f"{deviation:.1f}")
    assert [row[0] for row in reading.scales.rows] == [row[0] for row in reading.calibration.rows]
    assert reading.calibration.rows[0][1:4] == ("2.00", "4.10", "6.00")
    assert "constant 2.944" in reading.calibration_words[1]
    assert [row[2] for row in reading.patterns.rows] == ["TF*AD*RB", "TF*AD*AG", "TF*AG*RB"]
    markup = appendix_markup(reading)
    for expected in (
        "Cronbach", "Fingerprint of the results", "R script", "seed 1", "Answers counted",
    ):  # fmt: skip
        assert expected in markup


def test_the_appendix_tells_the_scale_study_by_the_partials_of_its_page(
    released_tables: ReleasedTables, instrument: Instrument, scale_study: MeasurementResult
) -> None:
    result = example_assessment()

    def read_with(study: MeasurementResult | None) -> str:
        reading = appendix_reading(
            result, released_tables, instrument, setting=SETTING, language="en", study=study
        )
        return appendix_markup(reading)

    told = read_with(scale_study)
    for expected in (
        "Scales: all answers", "Scales: service operations", "Scales: service sales", "Loading",
        "AVE", "Distinctness of constructs (HTMT), all answers", "Confirmatory factor model",
        "Operations and sales: invariance", "equal intercepts", "rwg(j), median",
        "Marked with * where a figure misses the customary threshold.",
    ):  # fmt: skip
        assert expected in told
    everybody = scale_study.groups[0]
    for scale in everybody.scales:
        assert f"{scale.omega:.3f}" in told
        assert all(f"{item.loading:.3f}" in told for item in scale.items)
    missing = read_with(None)
    assert "have not been computed. An analyst starts that in the workbench" in missing
    assert "HTMT" not in missing


def test_answers_left_out_are_told_by_rule_only_where_none_are_few(
    released_tables: ReleasedTables, instrument: Instrument
) -> None:
    def exclusions(attention: int, uniform: int) -> tuple[tuple[str, ...], ...]:
        counts = {"attention_check": {"operations": attention, "sales": 3},
                  "uniform_share": {"operations": uniform, "sales": 40}}  # fmt: skip
        result = example_assessment()
        result = replace(result, company=replace(result.company, excluded=counts))
        reading = appendix_reading(
            result, released_tables, instrument, setting=SETTING, language="en"
        )
        return reading.exclusions.rows if reading.exclusions else ()

    assert exclusions(12, 20) == (
        ("Attention check not passed", "12"),
        ("The same answer nearly everywhere", "20"),
    )
    assert exclusions(12, 9) == ()


READERS = {
    "executive": ({"role": "executive"}, {"functions", "appendix"}),
    "analyst": ({"role": "analyst"}, {"appendix"}),
    "manager": ({"role": "manager"}, set()),
    "council": ({"role": "council"}, set()),
    "administrator": ({"role": "administrator"}, set()),
    "leader": ({"leads": "oulu"}, set()),
    "leader of the company": ({"leads": "company"}, set()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("reader", READERS)
def test_each_reader_gets_exactly_the_company_reports_that_are_theirs(reader: str) -> None:
    example = store_example()
    assert example.assessment is not None
    note_reports(assessment=example.assessment)
    root = example.units["company"]
    Report.objects.create(
        assessment=example.assessment, unit=root, kind=Report.Kind.FUNCTIONS, language="en"
    )
    for report in Report.objects.filter(unit=root):
        report.file.save(f"0000-company-{report.kind}-en.pdf", ContentFile(b"%PDF-1.7"), save=False)
        report.state = Report.State.DONE
        report.save()
    rights, allowed = READERS[reader]
    client = Client()
    client.force_login(example.person("reader@example.com", **rights))
    kinds = ("functions", "appendix", "company", "unit", "other")
    urls = {
        kind: reverse("diagnostics:further-report", args=[example.campaign.pk, kind])
        for kind in kinds
    }
    assert {kind for kind in kinds if client.get(urls[kind]).status_code == 200} == allowed
    page = client.get(reverse("diagnostics:company-detail", args=[example.campaign.pk])).text
    assert {kind for kind in kinds if urls[kind] in page} == allowed
