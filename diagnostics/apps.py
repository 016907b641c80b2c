"""The diagnostics app."""

from django.apps import AppConfig


class DiagnosticsConfig(AppConfig):
    """Patterns, scoring, dashboards and reports."""

    name = "diagnostics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that wait for a campaign's release, and the system checks."""
        from diagnostics import receivers  # noqa: F401
        from diagnostics.project import checks  # noqa: F401
