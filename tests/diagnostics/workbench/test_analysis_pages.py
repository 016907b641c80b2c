"""The workbench's pages: who may open them, and what they keep."""

import json
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from diagnostics.analyses.matrices import read_matrix
from diagnostics.analyses.recipes import RowExclusion
from diagnostics.models import Analysis, UploadedMatrix
from diagnostics.workbench.selectors.analysis_pages import recipe_of, result_of
from diagnostics.workbench.services.analyses import is_reproduced
from survey.documents.plain_values import to_document
from survey.models import Membership, Organisation, Role, User
from tests.qca.lipset import lipset

pytestmark = pytest.mark.django_db
ANCHORS = {"out": 2, "half": 4.1, "full": 6}
CHOICES = {
    "title": "Why democracy survived",
    "outcome": "SURVIVED",
    "inclusion": "0.8",
    "pri": "0.65",
    "frequency": "1",
    "constant": "r",
    **{f"use-{place}": "on" for place in range(1, 6)},
    **{f"expect-{place}": "1" for place in range(1, 6)},
}


def member(role: str, organisation: Organisation, email: str = "ann@example.com") -> Client:
    """Return a signed-in client of a new user with one role."""
    user = User.objects.create_user(email, "a-long-enough-password")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def organisation() -> Organisation:
    """Return a company."""
    return Organisation.objects.create(name="Nordlift Service")


@pytest.fixture
def analyst(organisation: Organisation) -> Client:
    """Return the company's analyst."""
    return member(Role.ANALYST, organisation)


def upload(client: Client, text: str, organisation: Organisation) -> UploadedMatrix | None:
    """Upload a file and return what was kept."""
    file = SimpleUploadedFile("democracies.csv", text.encode())
    client.post(
        reverse("diagnostics:matrix-upload"), {"organisation": organisation.pk, "file": file}
    )
    return UploadedMatrix.objects.first()


@pytest.fixture
def analysis(analyst: Client, organisation: Organisation) -> Analysis:
    """Return the published analysis, run through the pages."""
    matrix = upload(analyst, lipset().to_csv(), organisation)
    assert matrix is not None
    analyst.post(reverse("diagnostics:analysis-create", args=[matrix.pk]), CHOICES)
    return Analysis.objects.get()


def addresses(analysis: Analysis) -> list[str]:
    pages = ["analysis-detail", "analysis-copy", "analysis-cuts", "analysis-download"]
    compare = reverse("diagnostics:analysis-compare")
    return [
        *(reverse(f"diagnostics:{page}", args=[analysis.pk]) for page in pages),
        reverse("diagnostics:analysis-create", args=[analysis.matrix_id]),
        f"{compare}?first={analysis.pk}&second={analysis.pk}",
    ]


def test_the_analyst_opens_every_page(analyst: Client, analysis: Analysis) -> None:
    pages = [*addresses(analysis), reverse("diagnostics:analysis-list")]

    assert [analyst.get(page).status_code for page in pages] == [200] * len(pages)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ANALYST])
def test_for_every_other_role_the_workbench_does_not_exist(
    role: str, analysis: Analysis, organisation: Organisation
) -> None:
    client = member(role, organisation, "other@example.com")
    pages = [
        *addresses(analysis),
        reverse("diagnostics:analysis-list"),
        reverse("diagnostics:matrix-upload"),
    ]

    assert {client.get(page).status_code for page in pages} == {404}
    assert b"Workbench" not in client.get(reverse("diagnostics:home")).content


def test_an_analyst_of_another_company_sees_nothing_of_this_one(analysis: Analysis) -> None:
    other = Organisation.objects.create(name="Other")
    client = member(Role.ANALYST, other, "other@example.com")

    assert {client.get(page).status_code for page in addresses(analysis)} == {404}
    assert b"democracies" not in client.get(reverse("diagnostics:analysis-list")).content


def test_an_analyst_cannot_upload_into_another_company(analyst: Client) -> None:
    other = Organisation.objects.create(name="Other")

    assert upload(analyst, lipset().to_csv(), other) is None


def test_a_faulty_file_is_refused_by_line_and_column_and_not_kept(
    analyst: Client, organisation: Organisation
) -> None:
    file = SimpleUploadedFile("m.csv", b"case,A,Y\np,1,high\n")

    answer = analyst.post(
        reverse("diagnostics:matrix-upload"), {"organisation": organisation.pk, "file": file}
    )

    assert answer.status_code == 422
    (problem,) = answer.context["problems"]
    assert (problem.line, problem.column, problem.heading) == (2, 3, "Y")
    assert not UploadedMatrix.objects.exists()


def test_memberships_out_of_range_are_told_in_the_form(
    analyst: Client, organisation: Organisation
) -> None:
    matrix = upload(analyst, "case,A,Y\np,5,0.2\nq,2,0.9\n", organisation)
    assert matrix is not None

    answer = analyst.post(
        reverse("diagnostics:analysis-create", args=[matrix.pk]),
        {**CHOICES, "outcome": "Y", "use-0": "on"},
    )

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "It cannot be run: memberships lie between 0 and 1, and A is 5 in case p."
    ]
    assert not Analysis.objects.exists()


def test_an_analysis_runs_again_to_the_same_bytes(analysis: Analysis) -> None:
    assert is_reproduced(analysis=analysis)


def test_a_changed_copy_is_a_new_analysis_and_leaves_the_first_as_it_was(
    analyst: Client, analysis: Analysis
) -> None:
    analyst.post(
        reverse("diagnostics:analysis-copy", args=[analysis.pk]), {**CHOICES, "inclusion": "0.9"}
    )

    first, second = Analysis.objects.order_by("number")
    assert (first.digest, first.recipe) == (analysis.digest, analysis.recipe)
    assert (second.number, second.copied_from) == (2, first)
    assert recipe_of(second) == replace(recipe_of(first), inclusion_cuts=(0.9,))


def test_the_download_holds_recipe_and_result_with_every_digit(
    analyst: Client, analysis: Analysis
) -> None:
    answer = analyst.get(reverse("diagnostics:analysis-download", args=[analysis.pk]))

    assert analysis.matrix is not None
    assert json.loads(answer.content) == {
        "recipe": to_document(recipe_of(analysis)),
        "result": to_document(result_of(analysis)),
        "digest": analysis.digest,
        "matrix_digest": analysis.matrix.digest,
        "software_version": analysis.software_version,
    }


def test_the_truth_table_sorts_by_each_heading(analyst: Client, analysis: Analysis) -> None:
    address = reverse("diagnostics:analysis-detail", args=[analysis.pk])
    first = {
        order: analyst.get(address, {"order": order}).context["page"].rows[0].number
        for order in ("number", "output", "n", "consistency", "pri", "nonsense")
    }

    assert first == {
        "number": 1, "output": 32, "n": 32, "consistency": 32, "pri": 32, "nonsense": 32,
    }  # fmt: skip


def test_a_plot_shows_the_set_asked_for(analyst: Client, analysis: Analysis) -> None:
    address = reverse("diagnostics:analysis-detail", args=[analysis.pk])

    figure = analyst.get(address, {"plotted": "~URBAN"}).context["page"].scatter

    assert figure.chosen == "~URBAN"
    assert sum(count for _, _, count in figure.counts) == 18
    assert analyst.get(address, {"plotted": "__import__"}).context["page"].scatter.chosen != (
        "__import__"
    )


def test_comparing_needs_two_analyses_that_exist(analyst: Client, analysis: Analysis) -> None:
    address = reverse("diagnostics:analysis-compare")

    for second in ("", "no-uuid", str(uuid4())):
        answer = analyst.get(address, {"first": str(analysis.pk), "second": second})
        assert answer.status_code == 404


def test_the_example_gives_the_published_solutions_and_is_kept_once(
    analyst: Client, organisation: Organisation
) -> None:
    for _ in range(2):
        answer = analyst.post(reverse("diagnostics:example-take"))

    matrix = UploadedMatrix.objects.get()
    create = reverse("diagnostics:analysis-create", args=[matrix.pk])
    assert answer.headers["Location"] == create
    pd.testing.assert_frame_equal(
        read_matrix(bytes(matrix.content), file="m").frame, lipset(), check_names=False
    )
    analyst.post(create, CHOICES)
    analysis = Analysis.objects.get()
    assert analysis.result is not None
    solutions = analysis.result["content"]["solutions"]
    assert [one["models"][0]["expression"] for one in solutions[1:]] == [
        "DEVELOPED*~INDUSTRIAL + URBAN*STABLE",
        "DEVELOPED*URBAN*LITERATE*STABLE + DEVELOPED*LITERATE*~INDUSTRIAL*STABLE",
    ]


def test_the_list_costs_the_same_with_more_analyses(
    analyst: Client, analysis: Analysis, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("diagnostics:analysis-list")
    for _ in range(3):
        analyst.post(reverse("diagnostics:analysis-copy", args=[analysis.pk]), CHOICES)

    with django_assert_num_queries(10):
        analyst.get(address)


def test_other_cuts_show_what_they_change_and_save_nothing(
    analyst: Client, analysis: Analysis
) -> None:
    address = reverse("diagnostics:analysis-cuts", args=[analysis.pk])

    page = analyst.get(address, {"inclusion": "0.9", "pri": "0.65", "frequency": "2"}).context[
        "page"
    ]

    changed = {tried.row.number: (tried.before, tried.row.output) for tried in page.rows}
    assert {number: codes for number, codes in changed.items() if codes[0] != codes[1]} == {
        6: ("0", "?"), 22: ("1", "0"), 23: ("0", "?"), 31: ("0", "?"),
    }  # fmt: skip
    assert (page.positive, page.changed, page.kept) == (1, 4, 15 / 18)
    assert [solution.models[0].expression for _, solution in page.solutions][1] == "URBAN"
    assert Analysis.objects.count() == 1


def test_cuts_and_an_excluded_row_are_saved_as_a_new_analysis(
    analyst: Client, analysis: Analysis
) -> None:
    address = reverse("diagnostics:analysis-cuts", args=[analysis.pk])
    cuts = {"inclusion": "0.85", "pri": "0.7", "frequency": "1", "reason-24": "hardly urban"}

    answer = analyst.post(address, cuts)

    saved = Analysis.objects.get(number=2)
    assert answer.headers["Location"] == reverse("diagnostics:analysis-detail", args=[saved.pk])
    assert saved.copied_from == analysis
    assert recipe_of(saved) == replace(
        recipe_of(analysis),
        inclusion_cuts=(0.85,),
        pri_cut=0.7,
        frequency_cut=1,
        excluded=(RowExclusion(24, "hardly urban"),),
    )


def test_cuts_that_leave_no_row_say_so_and_are_not_saved(
    analyst: Client, analysis: Analysis
) -> None:
    address = reverse("diagnostics:analysis-cuts", args=[analysis.pk])

    strict = analyst.get(address, {"inclusion": "1", "pri": "1", "frequency": "1"})
    outside = analyst.post(address, {"inclusion": "7", "pri": "0.5", "frequency": "1"})

    assert strict.context["page"].problem.startswith("expected a row coded 1 to explain")
    assert outside.status_code == 422
    assert Analysis.objects.count() == 1


def test_the_sliders_answer_for_five_thousand_cases(
    analyst: Client, organisation: Organisation
) -> None:
    generator = np.random.default_rng(8)
    scores = pd.DataFrame(generator.integers(4, 29, (5000, 7)) / 4, columns=list("ABCDEFY"))
    matrix = upload(analyst, scores.to_csv(index_label="case"), organisation)
    assert matrix is not None
    anchors = {f"{key}-{n}": str(a) for n in range(7) for key, a in ANCHORS.items()}
    analyst.post(
        reverse("diagnostics:analysis-create", args=[matrix.pk]),
        {**CHOICES, **anchors, "outcome": "Y", "use-0": "on", "frequency": "8"},
    )
    address = reverse("diagnostics:analysis-cuts", args=[Analysis.objects.get().pk])

    cuts = [{"inclusion": cut, "pri": "0.4", "frequency": "5"} for cut in ("0.7", "0.8", "0.9")]

    assert [analyst.get(address, cut).status_code for cut in cuts] == [200, 200, 200]
