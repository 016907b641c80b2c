"""The survey app."""

from typing import ClassVar

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """Organisation, instrument, campaigns, invitations, ballots, responses, release."""

    name = "survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Note who signs in for the first time."""
        from django.contrib.auth.signals import user_logged_in

        from survey.services.organisations.sign_ins import note_first_sign_in

        user_logged_in.connect(note_first_sign_in, dispatch_uid="first sign-in")

    mail_kinds: ClassVar = {  # names that stand in the database: see survey.mail.kinds
        "invitation": "survey.mail.campaign_mails.INVITATION",
        "reminder": "survey.mail.campaign_mails.REMINDER",
        "set_password": "survey.services.organisations.account_mail.SET_PASSWORD",
        "trial": "survey.services.setup.trial_mails.TRIAL",
        "mail_alarm": "survey.services.running.mail_alarms.MAIL_ALARM",
        "key_alarm": "survey.services.keys.alarms.KEY_ALARM",
        "opening_alarm": "survey.services.opening.alarms.OPENING_ALARM",
    }
