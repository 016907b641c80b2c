"""Checks of a solution: done by the worker, cancelled without a trace, the same at every run."""

from typing import Any
from uuid import uuid4

import pandas as pd
import pytest
from django.test import Client
from django.urls import reverse

from bench.inputs import survey
from diagnostics.analyses.checking import DRAWS, Report, rule_of
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.matching import match_configurations
from diagnostics.analyses.recipes import Recipe, RowExclusion, SetRule
from diagnostics.analyses.robustness import find_robustness
from diagnostics.jobs import long_work
from diagnostics.models import Analysis, AnalysisCheck
from diagnostics.workbench.selectors.checks import bootstrap_of, halves_of, robustness_of
from diagnostics.workbench.services.analyses import keep_matrix, run_analysis
from diagnostics.workbench.services.checks import (
    cancel_check,
    is_check_reproduced,
    request_check,
    run_check,
)
from qca.errors import PatternError
from qca.patterns.named_patterns import Pattern
from qca.robustness.other_solutions import robustness_fit
from qca.robustness.sensitivity import cut_range, frequency_range
from qca.sets.coincidence import set_coincidence
from survey.models import Membership, Organisation, Role, User
from tests.qca.lipset import lipset

pytestmark = pytest.mark.django_db
CONDITIONS = ("DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE")
Kind, State = AnalysisCheck.Kind, AnalysisCheck.State


def democracies(**changes: object) -> Recipe:
    choices: dict[str, object] = {
        "outcome": SetRule("SURVIVED"),
        "is_negated": False,
        "conditions": tuple(SetRule(name, (), "1") for name in CONDITIONS),
        "inclusion_cuts": (0.8,),
        "pri_cut": 0.65,
        "frequency_cut": 1,
    }
    return Recipe(**{**choices, **changes})  # type: ignore[arg-type]


@pytest.fixture
def ann() -> User:
    organisation = Organisation.objects.create(name="Nordlift Service")
    user = User.objects.create_user("ann@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=organisation, user=user, role=Role.ANALYST)
    return user


def analysed(by: User, frame: pd.DataFrame, recipe: Recipe) -> Analysis:
    organisation = Organisation.objects.get()
    content = frame.to_csv(index_label="case").encode()
    matrix = keep_matrix(organisation=organisation, by=by, name="m.csv", content=content)
    return run_analysis(matrix=matrix, by=by, title="T", recipe=recipe)


def made(analysis: Analysis, kind: str, by: User) -> AnalysisCheck:
    check = request_check(analysis=analysis, kind=kind, by=by)
    run_check(check_id=check.pk, run=check.run)
    check.refresh_from_db()
    return check


def scored_cases() -> tuple[pd.DataFrame, Recipe]:
    """Return forty cases scored on a scale of seven points, and their recipe."""
    memberships = survey(40, 3)
    scores = (1 + 6 * memberships).round(2)
    anchors = (2.0, 4.1, 6.0)
    recipe = Recipe(
        outcome=SetRule("Y", anchors), is_negated=False,
        conditions=tuple(SetRule(f"X{place}", anchors, "1") for place in (1, 2, 3)),
        inclusion_cuts=(0.8,), pri_cut=0.5, frequency_cut=2,
    )  # fmt: skip
    return scores, recipe


def test_robustness_holds_the_solution_against_every_setting_moved_by_one_step() -> None:
    scores, recipe = scored_cases()
    steps: list[tuple[int, int]] = []

    found = find_robustness(scores, recipe, report=lambda *step: steps.append(step))

    assert steps == [(done, 8) for done in range(9)]
    assert [one.parameter for one in found.ranges] == [
        "inclusion", "pri", "frequency",
        *(f"{name} {anchor}" for name in ("X1", "X2", "X3", "Y")
          for anchor in ("full_out", "crossover", "full_in")),
    ]  # fmt: skip
    assert [(one.parameter, one.value) for one in found.tests] == [
        ("inclusion", 0.75), ("pri", 0.45), ("frequency", 1),
        ("inclusion", 0.85), ("pri", 0.55), ("frequency", 3),
        *((f"{name} crossover", value) for name in ("X1", "X2", "X3", "Y")
          for value in (4.0, 4.2)),
    ]  # fmt: skip
    assert sum(one.cases or 0 for one in found.kinds) == 40
    assert found.consistency is not None
    assert found.consistency <= 1


def test_the_fit_of_the_robust_core_is_that_of_the_settings_by_hand() -> None:
    frame, recipe = lipset(), democracies()
    rule = rule_of(recipe)
    found = find_robustness(frame, recipe, report=lambda *_: None)

    tests = [
        rule_of(democracies(**change)).membership(frame)
        for change in (
            {"inclusion_cuts": (0.75,)}, {"pri_cut": 0.6},
            {"inclusion_cuts": (0.85,)}, {"pri_cut": 0.7}, {"frequency_cut": 2},
        )
    ]  # fmt: skip
    fit = robustness_fit(rule.membership(frame), tests, frame["SURVIVED"])

    assert (found.consistency, found.coverage) == (fit.consistency, fit.coverage)
    assert found.coincidence_largest == fit.coincidence_largest
    assert found.ranges[0].upper == cut_range(frame, rule).upper
    assert found.ranges[2].upper == frequency_range(frame, rule).upper


def test_checks_are_frozen_with_their_seed_and_come_out_the_same_again(ann: User) -> None:
    analysis = analysed(ann, *scored_cases())

    checks = [made(analysis, kind, ann) for kind in (Kind.ROBUSTNESS, Kind.HALVES, Kind.BOOTSTRAP)]

    assert [check.state for check in checks] == [State.DONE] * 3
    assert all(is_check_reproduced(check=check) for check in checks)
    robustness, halves, bootstrap = (
        robustness_of(analysis), halves_of(analysis), bootstrap_of(analysis),
    )  # fmt: skip
    assert robustness is not None
    assert halves is not None
    assert bootstrap is not None
    assert (halves.splits, halves.frequency_cut) == (100, 1)
    assert (bootstrap.draws, bootstrap.fits[-1].term) == (DRAWS, "")
    assert {one.term for one in bootstrap.terms if one.is_own} >= {
        one.term for one in bootstrap.fits[:-1]
    }
    checks[2].refresh_from_db()
    assert (checks[2].done, checks[2].steps) == (DRAWS, DRAWS)


def test_a_check_is_made_once_however_often_it_is_asked_for(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    first = made(analysis, Kind.ROBUSTNESS, ann)

    again = request_check(analysis=analysis, kind=Kind.ROBUSTNESS, by=ann)

    assert (again.pk, again.state, again.digest) == (first.pk, State.DONE, first.digest)


def test_cancelled_work_leaves_nothing_and_its_task_does_nothing(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    check = request_check(analysis=analysis, kind=Kind.BOOTSTRAP, by=ann)
    cancel_check(analysis=analysis, kind=Kind.BOOTSTRAP)

    run_check(check_id=check.pk, run=check.run)

    check.refresh_from_db()
    assert (check.state, check.result, check.done) == (State.CANCELLED, None, 0)


def test_work_cancelled_half_way_stops_at_its_next_step(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    check = request_check(analysis=analysis, kind=Kind.BOOTSTRAP, by=ann)
    seen: list[int] = []

    def found(report: Report) -> dict[str, Any]:
        for done in (100, 200, 300):
            report(done, DRAWS)
            seen.append(done)
            if done == 200:
                cancel_check(analysis=analysis, kind=Kind.BOOTSTRAP)
        return {"result": {}, "digest": "never kept"}

    long_work.do(check, found)

    check.refresh_from_db()
    assert (seen, check.state, check.result) == ([100, 200], State.CANCELLED, None)
    assert made(analysis, Kind.BOOTSTRAP, ann).state == State.DONE


def test_terms_are_matched_with_the_doubt_and_only_where_the_conditions_are_the_same() -> None:
    frame = pd.DataFrame(
        {"A": [0.9, 0.8, 0.7, 0.2, 0.1, 0.3], "B": [0.8, 0.9, 0.2, 0.7, 0.3, 0.1],
         "Y": [0.9, 0.9, 0.3, 0.2, 0.1, 0.2]}
    )  # fmt: skip
    recipe = Recipe(
        outcome=SetRule("Y"), is_negated=False, conditions=(SetRule("A"), SetRule("B")),
        inclusion_cuts=(0.8,), pri_cut=0.5, frequency_cut=1,
    )  # fmt: skip
    result = analyse(frame, recipe)
    both, first = Pattern("both", {"A": True, "B": True}), Pattern("first", {"A": True})

    found = match_configurations(frame, recipe, result, patterns=[first, both], pattern_set="p")

    (term,) = found.terms
    assert (term.term, term.proposed) == ("A*B", "both")
    assert [one.pattern for one in term.likenesses] == ["both", "first"]
    assert term.likenesses[0].coincidence == 1
    assert term.likenesses[1].coincidence == pytest.approx(
        set_coincidence(frame[["A", "B"]].min(axis=1), frame["A"])
    )
    stranger = Pattern("stranger", {"C": True})
    with pytest.raises(PatternError, match="expected the conditions C of the named patterns"):
        match_configurations(frame, recipe, result, patterns=[stranger], pattern_set="p")


def test_a_task_of_an_older_request_does_nothing(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    request_check(analysis=analysis, kind=Kind.HALVES, by=ann)

    run_check(check_id=AnalysisCheck.objects.get().pk, run=uuid4())

    assert AnalysisCheck.objects.get().state == State.QUEUED


def test_rows_excluded_by_hand_are_told_as_the_reason(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies(excluded=(RowExclusion(31, "outlier"),)))

    check = made(analysis, Kind.BOOTSTRAP, ann)

    assert check.state == State.FAILED
    assert check.reason.startswith("expected a rule without excluded rows")


def test_the_page_starts_follows_cancels_and_shows_checks(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    client = Client()
    client.force_login(ann)
    page = reverse("diagnostics:check-list", args=[analysis.pk])

    def press(action: str, kind: str) -> int:
        address = reverse(f"diagnostics:check-{action}", args=[analysis.pk, kind])
        return client.post(address).status_code

    assert press("start", "robustness") == 302
    assert b"Waiting for the worker." in client.get(page).content
    long_work.begin(AnalysisCheck.objects.get())
    AnalysisCheck.objects.update(steps=8, done=3)
    assert b"3 of 8 steps are done." in client.get(page).content
    assert press("cancel", "robustness") == 302
    assert b"Nothing of it was kept." in client.get(page).content
    made(analysis, Kind.ROBUSTNESS, ann)
    shown = client.get(page).content.decode()
    assert "RF_cons" in shown
    assert "DEVELOPED*URBAN*LITERATE*STABLE" in shown
    assert press("start", "no-such-check") == 404


def test_what_a_killed_worker_left_is_done_again_from_the_start(ann: User) -> None:
    analysis = analysed(ann, lipset(), democracies())
    check = request_check(analysis=analysis, kind=Kind.ROBUSTNESS, by=ann)
    long_work.begin(AnalysisCheck.objects.get())
    AnalysisCheck.objects.update(steps=8, done=5)

    run_check(check_id=check.pk, run=check.run)

    check.refresh_from_db()
    assert (check.state, check.done) == (State.DONE, check.steps)
