"""Tables that somebody deleted from are wiped by the clock, and again until it has worked."""

import logging
from datetime import datetime

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Model, QuerySet

from survey.errors import WipeError
from survey.models import AskedChange, PendingWipe, RefusedChange
from survey.services.retention.wiping import wipe_deleted_rows
from survey.services.steps import database_is_lost, reason_of

logger = logging.getLogger(__name__)


@transaction.atomic
def note_deleted(*tables: type[Model]) -> None:
    """Have the space of rows that this transaction deletes wiped, once it is committed.

    In the order of their names, so that two deletions at once do not wait for each other.
    """
    for name in sorted(model._meta.db_table for model in tables):
        PendingWipe.objects.get_or_create(table=name)
        PendingWipe.objects.filter(table=name).update(round=F("round") + 1)


def forget_asked(told: QuerySet[AskedChange] | QuerySet[RefusedChange]) -> None:
    """Delete what waits for a second word, with the addresses in it, or that it was refused."""
    if told.delete()[0]:
        note_deleted(told.model)


def wipe_pending(_: datetime) -> None:
    """Wipe what was noted; a table that cannot be wiped now keeps no other from it."""
    known = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    pending = list(PendingWipe.objects.order_by("table"))
    if connection.vendor == "sqlite":  # one file: all of it at once
        _wipe(pending, [])
        return
    for wipe in pending:
        _wipe([wipe], [known[wipe.table]] if wipe.table in known else [])


def _wipe(pending: list[PendingWipe], tables: list[type[Model]]) -> None:
    if not pending or connection.in_atomic_block:  # where nothing can be wiped
        return
    try:
        wipe_deleted_rows(tables)
    except (WipeError, DatabaseError) as error:
        if database_is_lost(error):
            raise
        logger.warning("Deleted rows are not wiped yet: %s", reason_of(error).splitlines()[0])
        return
    for wipe in pending:
        # What was deleted meanwhile counts anew.
        PendingWipe.objects.filter(pk=wipe.pk, round=wipe.round).delete()
