"""Work is queued by names, so that each name is held against the task that it means."""

import ast
import inspect
import re
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

import diagnostics.tasks
import survey.tasks
from survey.queue import later
from tests.architecture.sources import modules, tree_of

NAME = re.compile(r"(survey|diagnostics)\.tasks\.\w+")


def _queued() -> list[tuple[str, ast.Call]]:
    """Every call of `later`, also where it is wrapped to be called after the commit."""
    found = []
    for module, path in modules().items():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            called = [node.func, *node.args[:1]]
            if any(isinstance(part, ast.Name) and part.id == "later" for part in called):
                found.append((module, node))
    return found


def test_every_queued_name_is_a_task_that_takes_these_arguments() -> None:
    wrong = []
    for module, call in _queued():
        is_wrapped = isinstance(call.args[0], ast.Name)
        name, *arguments = call.args[1:] if is_wrapped else call.args
        task = ast.literal_eval(name)
        try:
            inspect.signature(import_string(task).func).bind(*arguments)
        except (ImportError, TypeError, AttributeError) as error:
            wrong.append(f"{module}: {task}: {error}")

    assert len(_queued()) > 25
    assert wrong == []


def test_every_task_that_is_named_anywhere_is_there() -> None:
    named = {
        node.value
        for path in modules().values()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and NAME.fullmatch(node.value)
    }

    assert {name for name in named if not isinstance(import_string(name), Task)} == set()


def test_names_of_tasks_that_may_lie_in_a_queue_still_resolve() -> None:
    there = {
        task.module_path
        for module in (survey.tasks, diagnostics.tasks)
        for task in vars(module).values()
        if isinstance(task, Task)
    }

    assert there == {
        "survey.tasks.send_set_password_mail",
        "survey.tasks.queue_set_password_mails",
        "survey.tasks.prepare_keys",
        "survey.tasks.send_trial_mail",
        "survey.tasks.launch_campaign",
        "survey.tasks.wrap_key",
        "survey.tasks.invite_latecomers",
        "survey.tasks.replace_link",
        "survey.tasks.move_person",
        "survey.tasks.finish_cancellation",
        "survey.tasks.send_messages",
        "survey.tasks.open_ballots",
        "survey.tasks.tell_of_failed_opening",
        "survey.tasks.read_bounces",
        "survey.tasks.send_key_alarm",
        "diagnostics.tasks.assess_campaign",
        "diagnostics.tasks.queue_reports",
        "diagnostics.tasks.render_reports",
        "diagnostics.tasks.make_download",
        "diagnostics.tasks.run_analysis",
        "diagnostics.tasks.run_check",
        "diagnostics.tasks.send_result_notices",
        "diagnostics.tasks.run_study",
        "diagnostics.tasks.make_analysis_file",
    }


@pytest.mark.django_db(transaction=True)
def test_work_is_there_if_and_only_if_what_asked_for_it_is() -> None:
    class CrashError(Exception):
        """The process dies before its transaction ends."""

    def ask_and_die() -> None:
        with transaction.atomic():
            later("survey.tasks.open_ballots", UUID(int=1))
            raise CrashError

    with pytest.raises(CrashError):
        ask_and_die()
    after_crash = DBTaskResult.objects.count()
    with transaction.atomic():
        later("survey.tasks.open_ballots", UUID(int=2))

    row = DBTaskResult.objects.get()
    assert (after_crash, row.task_path, row.args_kwargs["args"]) == (
        0, "survey.tasks.open_ballots", [str(UUID(int=2))],
    )  # fmt: skip


def test_a_name_that_is_no_task_is_refused() -> None:
    with pytest.raises(TypeError, match=r"name of a task, found survey\.queue\.later"):
        later("survey.queue.later")
