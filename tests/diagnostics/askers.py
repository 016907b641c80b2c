"""Somebody of the staff who asks for work where a test does not say who."""

from survey.models import User


def somebody() -> User:
    """Return an account without roles, the same at each call."""
    email = "asks@example.com"
    return User.objects.with_address(email) or User.objects.create_user(email, name="Asta Asks")
