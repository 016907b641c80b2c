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
        """Connect receivers and system checks, and say what codes in the ledger mean."""
        from diagnostics import receivers  # noqa: F401
        from diagnostics.models import AnalysisCheck, AnalysisFile, Download
        from diagnostics.project import checks  # noqa: F401
        from survey.selectors.ledger.words import register_codes

        register_codes("file", dict([*Download.Kind.choices, *AnalysisFile.Kind.choices]))
        register_codes("check", dict(AnalysisCheck.Kind.choices))
