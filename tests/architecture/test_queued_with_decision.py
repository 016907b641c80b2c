"""Work is queued in the transaction that decides it, so that no process dies between the two."""

import ast
from collections.abc import Iterator

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from survey.models import Campaign, CampaignState, Message, User
from survey.services.opening.alarms import note_failed_opening
from tests.architecture.sources import modules, tree_of
from tests.survey.small_campaign import open_small_campaign

TRANSACTIONS = {"atomic", "answers_held"}
# What waits for a commit after all, and why it may be lost.
AFTER_COMMIT = {
    "diagnostics.reports.services.renewing": "a file to which no row leads any more is written over"
}
# Functions that decide nothing themselves -> who holds the transaction, or why none is needed.
ELSEWHERE = {
    "survey.services.schedule.queue_due_messages": "finds it again at the next tick",
    "survey.services.schedule.queue_bounce_reading": "finds it again at the next tick",
    "survey.mail.outbox.send_due_messages": "what is left is found by the clock",
    "survey.mail.posting.post": "the caller's: mails and the look into the outbox",
    "survey.services.running.links._write_mail": "what hands an invitation over",
    "diagnostics.reports.services.renewing._renew_bundle": "renew_reports()",
}


def called(node: ast.AST) -> str:
    """Return the last part of the name of what is called, or named, by a node."""
    found = node.func if isinstance(node, ast.Call) else node
    return found.attr if isinstance(found, ast.Attribute) else getattr(found, "id", "")


def queueing() -> Iterator[tuple[str, bool]]:
    """Yield every function that queues, and whether all of that is within a transaction."""
    for module, path in modules().items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and any(
                is_queueing(one) for one in ast.walk(node)
            ):
                yield f"{module}.{node.name}", is_whole(node)


def is_queueing(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) == "later"


def is_whole(function: ast.FunctionDef) -> bool:
    if any(called(one) in TRANSACTIONS for one in function.decorator_list):
        return True
    within = [
        inner
        for block in ast.walk(function)
        if isinstance(block, ast.With)
        and any(called(item.context_expr) in TRANSACTIONS for item in block.items)
        for inner in ast.walk(block)
        if is_queueing(inner)
    ]
    return len(within) == sum(is_queueing(node) for node in ast.walk(function))


def test_every_service_that_queues_does_so_in_the_transaction_of_its_decision() -> None:
    found = dict(queueing())

    assert len(found) > 25
    assert {name for name, is_within in found.items() if not is_within} == set(ELSEWHERE)


def test_nothing_but_files_waits_for_a_commit() -> None:
    waiting = {
        module
        for module, path in modules().items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and called(node) in {"on_commit", "after_commit"}
    }

    assert waiting - {"survey.services.steps"} == set(AFTER_COMMIT)


class DiedError(Exception):
    """The process died."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies", [False, True])
def test_a_failed_opening_and_the_mail_about_it_are_noted_together(dies: bool) -> None:
    small = open_small_campaign()
    person = small.campaign.organisation.memberships.create(
        user=User.objects.create_user("admin@pumps.example"), role="administrator"
    ).user
    Campaign.objects.update(state=CampaignState.CLOSED)
    try:
        with transaction.atomic():
            note_failed_opening(campaign_id=small.campaign.pk, problem="no key")
            seen = list(Message.objects.filter(kind="opening_alarm").values_list("user", flat=True))
            if dies:
                raise DiedError
    except DiedError:
        pass

    noted = Campaign.objects.exclude(opening_problem="").count()
    mails = Message.objects.filter(kind="opening_alarm").count()
    tasks = DBTaskResult.objects.filter(task_path="survey.tasks.send_messages").count()
    assert seen == [person.pk]
    assert (noted, mails, tasks) == ((0, 0, 0) if dies else (1, 1, 1))
