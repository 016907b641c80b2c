"""Run the background worker."""

import logging
import secrets
import sqlite3
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import connection

from diagnostics.jobs.worker import LeasingWorker
from diagnostics.project.environment import wal_is_safe

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run queued tasks and scheduled work until stopped."""

    help = "Run queued tasks and scheduled work until stopped (Ctrl-C ends after the current task)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks")
        parser.add_argument(
            "--until-idle", action="store_true", help="stop once nothing is left to do"
        )

    def handle(self, *, interval: float, until_idle: bool, **options: object) -> None:
        """Start the worker in this process."""
        if connection.vendor == "sqlite" and not wal_is_safe(sqlite3.sqlite_version_info):
            logger.info(
                "SQLite %s: its write-ahead log may lose commits, so the slower rollback journal "
                "is used; 3.44.6, 3.50.7, 3.51.3 and later have the fix",
                sqlite3.sqlite_version,
            )
        worker = LeasingWorker(
            worker_id=secrets.token_hex(8), interval=interval, until_idle=until_idle
        )
        worker.configure_signals()
        worker.run()
