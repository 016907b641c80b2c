"""Time the workbench: a moved slider, the page of an analysis, and the checks of a solution.

Run: make bench NAME=workbench (writes bench/workbench.md)
"""

import os
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django

from bench.inputs import survey
from bench.timing import shown, write_table

if TYPE_CHECKING:
    from diagnostics.models import Analysis
    from survey.models import Organisation, User

CASES, CONDITIONS = 5_000, 6
FUNCTION_CASES = 270  # of one function in the study that the product rests on
REPEATS = 9
HEADER = ("work", "by the clock, median", "CPU", "aim")


def main() -> None:
    """Write bench/workbench.md."""
    with TemporaryDirectory() as folder:
        os.environ.update(
            DEBUG="1",
            DJANGO_SETTINGS_MODULE="diagnostics.settings",
            VAR_DIR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        )
        django.setup()
        rows = _measured()
    write_table(
        "workbench",
        "Workbench",
        HEADER,
        rows,
        f"{CASES:,} cases and {CONDITIONS} conditions calibrated from seven points, every one of "
        "them with an expectation, unless another number is given. Requests go through the whole "
        "stack, from the address to the finished page, with an SQLite database in a file. Times "
        "by the clock depend on what else the machine does; CPU times hardly.",
    )


def _measured() -> list[tuple[str, ...]]:
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from survey.models import Membership, Organisation, Role, User

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Benchmark")
    analyst = User.objects.create_user("bench@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=organisation, user=analyst, role=Role.ANALYST)
    client = Client(SERVER_NAME="localhost")
    client.force_login(analyst)
    analysis = _analysed(organisation, analyst, CASES)
    cuts = reverse("diagnostics:analysis-cuts", args=[analysis.pk])
    page = reverse("diagnostics:analysis-detail", args=[analysis.pk])
    moved = iter(range(1_000))

    def slide() -> None:
        consistency = 0.70 + next(moved) % 25 / 100
        choices = {"inclusion": consistency, "pri": 0.65, "frequency": 20}
        answer = client.get(cuts, choices, headers={"hx-request": "true"})
        if answer.status_code != 200:
            raise AssertionError(f"{cuts}: expected a page, found {answer.status_code}")

    small = _analysed(organisation, analyst, FUNCTION_CASES)
    return [
        ("a slider moved", *_timed(slide, REPEATS), "300 ms"),
        ("the page of the analysis", *_timed(lambda: client.get(page), REPEATS), "-"),
        *(
            (f"{name}, {cases:,} cases", *_timed(lambda a=one, k=kind: _check(a, k), 1), "-")
            for cases, one in ((FUNCTION_CASES, small), (CASES, analysis))
            for kind, name in (
                ("robustness", "ranges and robust core (full run)"),
                ("halves", "100 half-splits, both ways"),
                ("bootstrap", "2,000 bootstrap draws"),
            )
        ),
    ]


def _analysed(organisation: "Organisation", by: "User", cases: int) -> "Analysis":
    from diagnostics.analyses.defaults import default_frequency_cut
    from diagnostics.analyses.recipes import Recipe, SetRule
    from diagnostics.workbench.services.analyses import keep_matrix, run_analysis

    memberships = survey(cases, CONDITIONS)
    scores = (1 + 6 * memberships).round(2)
    content = scores.rename(index=lambda place: f"p{place}").to_csv(index_label="case").encode()
    matrix = keep_matrix(organisation=organisation, by=by, name="bench.csv", content=content)
    anchors = (2.0, 4.1, 6.0)
    recipe = Recipe(
        outcome=SetRule("Y", anchors),
        is_negated=False,
        conditions=tuple(SetRule(f"X{place + 1}", anchors, "1") for place in range(CONDITIONS)),
        inclusion_cuts=(0.8,),
        pri_cut=0.65,
        frequency_cut=default_frequency_cut(cases),
    )
    return run_analysis(matrix=matrix, by=by, title="Benchmark", recipe=recipe)


def _check(analysis: "Analysis", kind: str) -> None:
    from diagnostics.workbench.services.checks import request_check, run_check

    check = request_check(analysis=analysis, kind=kind, by=analysis.created_by)
    run_check(check_id=check.pk, run=check.run)
    check.refresh_from_db()
    if check.state != "done":
        raise AssertionError(f"{check}: expected a result, found {check.reason}")


def _timed(run: Callable[[], object], repeats: int) -> tuple[str, str]:
    """Return the median by the clock and the least CPU time of some runs."""
    clock, processor = [], []
    for _ in range(repeats):
        begun, worked = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - worked)
    return shown(sorted(clock)[repeats // 2]), shown(min(processor))


if __name__ == "__main__":
    main()
