"""Why an analysis could not be made, in the language of the page."""

from django import template

from diagnostics.wording.failures import reason_words

register = template.Library()
register.filter("analysis_reason", reason_words)
