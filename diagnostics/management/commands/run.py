"""Run for development: a database, web server and worker, anew on changed code, until Ctrl-C."""

import signal
import time
from argparse import ArgumentParser

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from diagnostics.project.catalogues import compile_outdated
from diagnostics.project.layout import PACKAGE_DIR, TEMPLATE_DIR
from diagnostics.project.processes import (
    PortTakenError,
    ProcessGroup,
    development_server_command,
    require_free_port,
    worker_command,
)
from diagnostics.project.restarting import RestartingProcess

LOOK_SECONDS = 1.0  # between two looks at the files
WATCHED = (*(PACKAGE_DIR.parent / name for name in ("qca", "survey", "diagnostics")), TEMPLATE_DIR)


class Command(BaseCommand):
    """Prepare the database, start web server and worker, start them again when code changes."""

    help = "Run for development until Ctrl-C; changed code starts web server and worker again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        """Run until Ctrl-C, or until the web server ends by itself."""
        if not settings.DEBUG:
            raise CommandError(
                "Expected DEBUG=1, which `make run` sets: this server is for development only.",
                returncode=2,
            )
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            require_free_port(port)
            self._run(port)
        except PortTakenError as error:
            raise CommandError(str(error), returncode=2) from error
        except KeyboardInterrupt:
            self.stdout.write("\nWeb server and worker have ended.")

    def _run(self, port: int) -> None:
        compile_outdated()
        call_command("migrate", verbosity=0)
        base = settings.BASE_DIR
        server = ProcessGroup([development_server_command(base, port)], base)
        worker = RestartingProcess(worker_command(base), base, WATCHED, self._say)
        with server, worker:
            if not server.wait_until_answering(port):
                raise CommandError("The web server did not start; its message is above.")
            self._say(self._guide())
            while (ended := server.ended()) is None:
                worker.look()
                time.sleep(LOOK_SECONDS)
        raise CommandError(f"{ended.args!r} ended by itself with code {ended.returncode}.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # between the lines of both processes

    def _guide(self) -> str:
        lines = [f"\nRutin runs at {settings.SITE_URL}  (Ctrl-C ends it; mails are shown here)"]
        if not get_user_model().objects.exists():
            lines += [
                "Nobody can sign in yet. For the demonstration's organisation and accounts:",
                "    .ci/development-environment .venv/bin/python manage.py seed_demo",
            ]
        return "\n".join([*lines, ""])
