"""The WSGI door for gunicorn."""

import logging
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diagnostics.settings")

application = get_wsgi_application()

from survey.sealing.web_process import serve_pages_only  # noqa: E402 - needs the settings
from survey.selectors.key_alarms import readable_key_folders  # noqa: E402 - needs the models

serve_pages_only()
for name in readable_key_folders():
    logging.getLogger(__name__).warning(
        "%s can be read by the account of the web server: expected one of its own, which cannot. "
        "See docs/web-server.md.",
        name,
    )

# Every page is imported before the first visitor comes, and once for all web processes.
get_resolver().url_patterns  # noqa: B018 - read for what it imports
