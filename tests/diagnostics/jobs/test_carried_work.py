"""Long work that was stored in the older states is carried over, and back."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def migrated() -> Iterator[Any]:
    """Return a function that brings the tables to a migration; all come back after it."""

    def to(name: str) -> Any:  # noqa: ANN401 - the tables as they were then have no types
        executor = MigrationExecutor(connection)
        # Of the other app all: its tables are not taken back.
        wanted = [("diagnostics", name), *executor.loader.graph.leaf_nodes("survey")]
        executor.migrate(wanted)
        return executor.loader.project_state(wanted).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def analysis_of(apps: Any, state: str, number: int, **fields: Any) -> Any:  # noqa: ANN401
    """Store an analysis of a matrix as it was kept then."""
    organisation, _ = apps.get_model("survey", "Organisation").objects.get_or_create(name="Acme")
    user, _ = apps.get_model("survey", "User").objects.get_or_create(email="ann@example.com")
    matrix = apps.get_model("diagnostics", "UploadedMatrix").objects.create(
        organisation=organisation, name="m.csv", content=b"", cases=1, columns=[], uploaded_at=NOW
    )
    return apps.get_model("diagnostics", "Analysis").objects.create(
        organisation=organisation, number=number, title="T", matrix=matrix, state=state, recipe={},
        software_version="0.1", created_by=user, created_at=NOW, **fields,
    )  # fmt: skip


def test_every_state_of_long_work_gets_its_new_name_and_results_stay(migrated: Any) -> None:  # noqa: ANN401
    before = migrated("0004_notices_in_outbox")
    analysis = analysis_of(before, "ready", 1, result={"rows": 3}, digest="a" * 64)
    analysis_of(before, "waiting", 2)
    analysis_of(before, "failed", 3, problem="expected a row")
    checks = before.get_model("diagnostics", "AnalysisCheck").objects
    known_then: dict[str, dict[str, Any]] = {
        "robustness": {"state": "ready", "result": {"kinds": []}, "steps": 8, "done": 8},
        "halves": {"state": "running", "steps": 8, "done": 3},
        "bootstrap": {"state": "cancelled", "problem": "left over"},
    }
    for kind, fields in known_then.items():
        checks.create(analysis=analysis, kind=kind, seed=1, requested_at=NOW, **fields)
    run = uuid4()
    files = before.get_model("diagnostics", "AnalysisFile").objects
    files.create(
        analysis=analysis, kind="bundle", language="en", state="waiting", run=run, requested_at=NOW
    )
    files.create(
        analysis=analysis, kind="appendix", language="en", state="ready", file="a.pdf",
        requested_at=NOW,
    )  # fmt: skip

    after = migrated("0005_long_work")
    analyses = after.get_model("diagnostics", "Analysis").objects.order_by("number")
    asked = ("ann@example.com", NOW)
    kept = ("state", "reason", "result", "requested_by__email", "requested_at")
    assert list(analyses.values_list(*kept)) == [
        ("done", "", {"rows": 3}, *asked),
        ("queued", "", None, *asked),
        ("failed", "expected a row", None, *asked),
    ]
    known = after.get_model("diagnostics", "AnalysisCheck").objects.order_by("kind")
    assert list(known.values_list("kind", "state", "steps", "done", "reason", "result")) == [
        ("bootstrap", "cancelled", 0, 0, "", None),
        ("halves", "queued", 0, 0, "", None),
        ("robustness", "done", 8, 8, "", {"kinds": []}),
    ]
    written = after.get_model("diagnostics", "AnalysisFile").objects.order_by("kind")
    assert list(written.values_list("kind", "state", "file")) == [
        ("appendix", "done", "a.pdf"), ("bundle", "queued", ""),
    ]  # fmt: skip
    assert written.get(kind="bundle").run == run  # so that its task, queued before, still does it

    back = migrated("0004_notices_in_outbox").get_model("diagnostics", "Analysis").objects
    assert list(back.order_by("number").values_list("state", "problem")) == [
        ("ready", ""), ("waiting", ""), ("failed", "expected a row"),
    ]  # fmt: skip
