"""Set-password links: each works once, for a day, and only until a newer one is asked for."""

from datetime import UTC
from typing import Any, Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class PasswordLinks(PasswordResetTokenGenerator):
    """Django's tokens, which end with the password, with a sign-in, and with the next request."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:  # noqa: ANN401 - as Django has it
        asked_at = user.password_link_at
        newest = asked_at.astimezone(UTC).isoformat() if asked_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{newest}"


password_links: Final = PasswordLinks()
