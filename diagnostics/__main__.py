"""Run a command of the product: `manage.py`, `rutin` and `python -m diagnostics` are this."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

# They read files and keep nothing, so they need neither a secret nor an address.
COMMANDS_ON_FILES = {"diagnose", "demonstration_files", "makemessages", "verdict_shares"}


def main() -> None:
    """Run the command that the arguments of this process name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diagnostics.settings")
    # Our matrices are small: threads of the linear algebra cost more than they gain.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if COMMANDS_ON_FILES.intersection(sys.argv[1:2]):
        os.environ.setdefault("KEY_DIR", "/nonexistent/keys")
        os.environ.setdefault("KEY_COPY_DIR", "/nonexistent/copies")
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        os.environ.setdefault("SITE_URL", "http://localhost")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
