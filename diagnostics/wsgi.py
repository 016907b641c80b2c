"""The WSGI door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diagnostics.settings")

application = get_wsgi_application()

# Every page is imported before the first visitor comes, and once for all web processes.
get_resolver().url_patterns  # noqa: B018 - read for what it imports
