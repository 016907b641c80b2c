"""The survey app."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """Organisation, instrument, campaigns, invitations, ballots, responses, release."""

    name = "survey"
    default_auto_field = "django.db.models.BigAutoField"
