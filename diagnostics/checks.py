"""System checks: what would go wrong quietly is told at every start."""

from typing import Any

from django.core import checks

from diagnostics.catalogues import outdated_languages


@checks.register()
def catalogues_are_compiled(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell which languages cannot be offered because nobody compiled their catalogue."""
    outdated = outdated_languages()
    if not outdated:
        return []
    return [
        checks.Warning(
            f"The translations are not compiled: expected those of {', '.join(outdated)} "
            "beside their sources in locale/, found none or older ones.",
            hint="Run `python -m diagnostics.catalogues` (make does so by itself).",
            id="rutin.W001",
        )
    ]
