"""Texts of an instrument in the language of the page."""

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language

from survey.instrument.content import Item, Scale, Texts

register = template.Library()


@register.simple_tag
def text(texts: Texts) -> str:
    """Return a text in the active language, which is one that the campaign offers."""
    return texts[_language()]


@register.simple_tag
def wording(item: Item, function: str) -> str:
    """Return a statement as this respondent reads it."""
    return item.wording(_language(), function)


@register.simple_tag
def scale_labels(scale: Scale) -> Sequence[str]:
    """Return the label of each point, then that of opting out."""
    return (*scale.labels[_language()], scale.opt_out[_language()])


def _language() -> str:
    return get_language() or "en"
