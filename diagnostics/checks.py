"""System checks: what would go wrong quietly is told at every start."""

from typing import Any

from django.conf import settings
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


@checks.register()
def proxies_are_named(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell that an encrypted site does not know its web server in front."""
    if not settings.SITE_IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        checks.Warning(
            "TRUSTED_PROXIES is empty: expected the web server in front that speaks HTTPS, found "
            "none. Its visitors would be sent to https:// for ever, and be counted as one sender.",
            hint="Set TRUSTED_PROXIES to its address, such as 127.0.0.1, to unix if it speaks "
            "through a socket, or to none if there is none. See docs/web-server.md.",
            id="rutin.W002",
        )
    ]
