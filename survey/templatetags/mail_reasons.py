"""Why a mail did not go, in the language of the page."""

from django import template

from survey.mail.failure_reasons import reason_words

register = template.Library()
register.filter("mail_reason", reason_words)
