"""What is said of a report's letters for which the machine that wrote it has no font."""

from django import template

from diagnostics.reports.rendering.letters import font_packages

register = template.Library()


@register.filter
def packages_for(letters: str) -> str:
    """Return the Debian packages that bring the letters."""
    return " ".join(font_packages(letters))
