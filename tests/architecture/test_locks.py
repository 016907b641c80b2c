"""Services act on states that they have locked: never on what somebody fetched before."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import functions, modules

# Who tests a state without a lock of its own, and why nothing goes wrong then.
UNLOCKED = {
    "diagnostics.results.services.scorings._is_due_again":
        "a scoring's state, under the lock of its campaign, and moved by conditional updates",
    "survey.services.keys.alarms.key_alarm_mail": "words of a mail",
    "survey.services.keys.destruction.wipe_and_destroy_key": "which words a delay has",
    "survey.services.opening.alarms.opening_alarm": "words of a mail",
    "survey.services.opening.closing._fault_of_opening":
        "counts participation; the opening itself locks and tests",
}  # fmt: skip
LOCKING = {"locked_campaign", "locked_in_state", "locked_running", "locked_draft",
           "locked_if_free", "select_for_update"}  # fmt: skip


def _tests_a_state(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function compares the state of something, as in `campaign.state != DRAFT`."""
    return any(
        isinstance(node, ast.Compare)
        and any(
            isinstance(part, ast.Attribute) and part.attr == "state"
            for part in (node.left, *node.comparators)
        )
        for node in ast.walk(function)
    )


def _locks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }
    return bool(called & LOCKING)


def _unlocked() -> Iterator[str]:
    for name, path in modules().items():
        if ".services" not in name:
            continue
        for function in functions(path):
            if _tests_a_state(function) and not _locks(function):
                yield f"{name}.{function.name}"


def test_a_service_that_tests_a_state_locks_it_first() -> None:
    assert set(_unlocked()) == set(UNLOCKED)


def test_campaigns_are_locked_by_one_module_only() -> None:
    lockers = {
        name
        for name, path in modules().items()
        if "Campaign.objects.select_for_update" in path.read_text(encoding="utf-8")
    }

    assert lockers == {
        "survey.services.states",
        "diagnostics.results.services.assessments",  # the last assessment's number
    }
