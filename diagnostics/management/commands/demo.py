"""Run the demonstration: data, web server and worker, until Ctrl-C."""

import hashlib
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import TaskID

from diagnostics.demonstration.design import DEFAULT_SEED, DEMONSTRATION_UNIT
from diagnostics.demonstration.founding import DemonstrationGuide, seed_demonstration
from diagnostics.management.progress import progress_bar
from diagnostics.models import Report
from diagnostics.project.layout import PACKAGE_DIR
from diagnostics.project.processes import (
    PortTakenError,
    ProcessGroup,
    require_free_port,
    web_server_command,
    worker_command,
)

Show = Callable[[str, int, int], None]  # a step, how much of it is done, of how much
REPORT_SECONDS = 600  # a slow machine may take minutes for all reports


class Command(BaseCommand):
    """Set the demonstration up, start web server and worker, say where everything is."""

    help = "Run the demonstration until Ctrl-C; a second run finds everything in place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)

    def handle(self, *, port: int, seed: int, **options: object) -> None:
        """Run until Ctrl-C, or until web server or worker ends by itself."""
        signal.signal(signal.SIGTERM, _interrupt)
        console = Console()
        try:
            require_free_port(port)
            self._run(console, port, seed)
        except PortTakenError as error:
            raise CommandError(str(error), returncode=2) from error
        except KeyboardInterrupt:
            console.print("\nThe demonstration has ended. Its data stays in var/demo.")

    def _run(self, console: Console, port: int, seed: int) -> None:
        _require_same_tables()
        with _progress(console) as show:
            show("Preparing the database", 0, 1)
            call_command("migrate", verbosity=0)
            show("Preparing the database", 1, 1)
            guide = seed_demonstration(seed=seed, progress=show)
        commands = [web_server_command(port), worker_command(settings.BASE_DIR)]
        with ProcessGroup(commands, settings.BASE_DIR) as processes:
            if not processes.wait_until_answering(port):
                raise CommandError("The web server did not start; its message is above.")
            with _progress(console) as show:
                _wait_for_reports(guide, processes, show)
            console.print(_guide_text(guide), highlight=False, soft_wrap=True)
            ended = processes.wait_until_one_ends()
        raise CommandError(f"{ended.args!r} ended by itself with code {ended.returncode}.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _require_same_tables() -> None:
    """Refuse data of another version: before the first release migrations are made anew."""
    note = settings.VAR_DIR / "tables"
    migrations = sorted(PACKAGE_DIR.parent.glob("*/migrations/0*.py"))
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()
    if note.exists() and note.read_text(encoding="ascii") != fingerprint:
        raise CommandError(
            "The demonstration's data were made by another version of Rutin. "
            "Throw them away with: make clean-demo",
            returncode=2,
        )
    note.write_text(fingerprint, encoding="ascii")


@contextmanager
def _progress(console: Console) -> Iterator[Show]:
    """Yield a function that shows how far a step has come, a bar for each step."""
    with progress_bar(console) as bar:
        steps: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step)
            bar.update(steps[step], completed=done, total=total)

        yield show


def _wait_for_reports(guide: DemonstrationGuide, processes: ProcessGroup, show: Show) -> None:
    reports = Report.objects.filter(assessment__campaign=guide.released)
    deadline = time.monotonic() + REPORT_SECONDS
    while True:
        total, waiting = reports.count(), reports.filter(state__in=Report.GOING).count()
        show("Rendering reports", total - waiting, max(total, 1))
        if total and not waiting:
            return
        if processes.ended() is not None or time.monotonic() > deadline:
            raise CommandError("The worker did not render the reports; its message is above.")
        time.sleep(0.3)


def _guide_text(guide: DemonstrationGuide) -> str:
    report = Report.objects.get(
        assessment__campaign=guide.released,
        unit__code=DEMONSTRATION_UNIT,
        language="en",
        kind=Report.Kind.UNIT,
    )
    accounts = "\n".join(
        f"    {account.email:<28}{account.password:<24}{account.role}" for account in guide.accounts
    )
    return f"""
  Rutin runs at {settings.SITE_URL}  (Ctrl-C ends it; data are invented)

  Sign in as
{accounts}

  Answer the open survey, best on a phone-sized window
    {guide.link or "every link has been used"}

  A finished report
    {report.file.path}
  Mails that the demonstration sends are written to
    {settings.VAR_DIR / "mail"}
"""
