"""Slow down whoever guesses passwords: django-axes counts wrong ones by account and address."""

from ipaddress import ip_address

from django.http import HttpRequest

from survey.failed_links import sender


def sign_in_address(request: HttpRequest) -> str | None:
    """Return the address of whoever signs in, None if what the proxy says is none."""
    address = sender(request)
    try:
        return str(ip_address(address))
    except ValueError:
        return None
