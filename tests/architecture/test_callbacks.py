"""What is done after a commit cannot end the process that does it."""

import ast
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction

from survey.services.steps import after_commit
from tests.architecture.sources import modules_of, tree_of


def robust_callbacks(package: str) -> Iterator[tuple[str, str]]:
    """Yield the modules that leave a failing callback to Django."""
    for path in modules_of(package).values():
        for node in ast.walk(tree_of(path)):
            is_robust = isinstance(node, ast.Call) and any(
                keyword.arg == "robust" for keyword in node.keywords
            )
            if is_robust:
                yield package, path.name


@pytest.mark.parametrize("package", ["survey", "diagnostics"])
def test_callbacks_that_may_fail_are_left_to_after_commit(package: str) -> None:
    assert set(robust_callbacks(package)) == set()


@pytest.mark.django_db(transaction=True)
def test_a_callback_without_a_name_may_fail_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []
    with transaction.atomic():
        after_commit(partial(int, "no number"), step="first")
        after_commit(partial(done.append, 1), step="second")

    assert done == [1]
    assert "This step failed and is tried again (first)" in caplog.text
