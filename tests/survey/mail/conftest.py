"""Mail servers on this machine to which the product sends while a test runs."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.survey.mail.mail_server import MailServer, mail_server
from tests.survey.mail.rough_server import RoughServer, rough_server


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """Run a server with manners, whose answers to recipients the test chooses."""
    with mail_server() as running:
        _send_to(running.port, settings)
        yield running


@pytest.fixture
def rough(settings: Settings) -> Iterator[RoughServer]:
    """Run a server that hangs up, falls silent or refuses wherever the test says."""
    with rough_server() as running:
        _send_to(running.port, settings)
        yield running


def _send_to(port: int, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
