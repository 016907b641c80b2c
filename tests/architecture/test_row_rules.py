"""What becomes of each table and file when answers are deleted is decided, and is what happens."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from diagnostics import row_rules as diagnostics_rules
from diagnostics.models import Download
from survey import row_rules as survey_rules
from survey.models import Campaign, Response
from survey.row_rules import Fate
from survey.signals import answers_wiping

APPS = ("survey", "diagnostics")
RULES = {**survey_rules.RULES, **diagnostics_rules.RULES}


def of_campaigns() -> set[type[models.Model]]:
    """Return every model whose rows belong to a campaign, however many tables lie between."""
    found: set[type[models.Model]] = set()
    waiting: list[type[models.Model]] = [Campaign]
    while waiting:
        model = waiting.pop()
        if model in found or model._meta.auto_created:
            continue
        found.add(model)
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created and not field.concrete and field.is_relation:
                waiting.append(field.related_model)  # type: ignore[arg-type]
    return found


def with_bytes() -> Iterator[models.Field]:
    """Yield every field of both apps that holds a file or bytes."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_fields:
                if isinstance(field, models.FileField | models.BinaryField):
                    yield field


def label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def test_every_table_of_a_campaign_and_every_file_has_a_rule_and_nothing_else_has() -> None:
    tables = {label(model) for model in of_campaigns()}
    fields = {f"{label(field.model)}.{field.name}" for field in with_bytes()}
    owners = {label(field.model) for field in with_bytes()}

    assert set(RULES) == tables | fields | owners


def test_every_rule_says_why() -> None:
    assert [name for name, rule in RULES.items() if len(rule.reason.split()) < 2] == []


def test_what_loses_something_with_the_answers_is_wiped_too() -> None:
    losing = {
        name for name, rule in RULES.items() if rule.fate is not Fate.KEPT and name.count(".") == 1
    }

    tables: list[type[models.Model]] = [Response]
    answers_wiping.send(sender=Campaign, tables=tables)
    wiped = {label(model) for model in tables}
    assert wiped == losing | {"django_tasks_database.DBTaskResult"}


def test_only_files_made_of_answers_are_deleted_with_them() -> None:
    files = {
        f"{label(field.model)}.{field.name}": RULES[f"{label(field.model)}.{field.name}"].fate
        for field in with_bytes()
        if isinstance(field, models.FileField)
    }

    assert files == {
        "diagnostics.AnalysisFile.file": Fate.DELETED,
        "diagnostics.Download.file": Fate.DELETED,
        "diagnostics.Report.file": Fate.KEPT,
    }
    assert Download.ROW_KINDS == (Download.Kind.ANSWERS,)
