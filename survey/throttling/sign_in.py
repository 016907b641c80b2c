"""Slow down whoever guesses passwords: django-axes counts wrong ones by account and address."""

from django.http import HttpRequest

from survey.proxies import counted_address


def sign_in_address(request: HttpRequest) -> str:
    """Return the address of whoever signs in; django-axes would count all without one together."""
    return counted_address(request)
