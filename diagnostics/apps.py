"""The diagnostics app."""

from typing import ClassVar

from django.apps import AppConfig


class DiagnosticsConfig(AppConfig):
    """Patterns, scoring, dashboards and reports."""

    name = "diagnostics"
    default_auto_field = "django.db.models.BigAutoField"

    mail_kinds: ClassVar = {  # names that stand in the database: see survey.mail.kinds
        "result_notice": "diagnostics.results.services.notices.RESULT_NOTICE",
    }

    def ready(self) -> None:
        """Connect the receivers that wait for a campaign's release, and the system checks."""
        from diagnostics import receivers  # noqa: F401
        from diagnostics.project import checks  # noqa: F401
