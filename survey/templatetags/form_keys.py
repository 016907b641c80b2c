"""The key of a form as it is shown once."""

from uuid import uuid4

from django import template
from django.utils.html import format_html

from survey.views.saved_once import FIELD

register = template.Library()


@register.simple_tag
def form_key() -> str:
    """Return a hidden field by which a form that comes twice is known."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())
