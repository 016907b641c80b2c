"""Mail domains from which people may be invited: in one form, compared, and told.

Exactly those of the list: a domain below one of them is listed for itself, since whoever is given
one there may have as many mailboxes in it as they like.
"""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.mail.addresses import AddressError, address_as_sent
from survey.mail.shown_addresses import shown_domain

ANYBODY: Final = "anybody"  # stands before a domain so that it is checked as addresses are


def domain_as_sent(typed: str) -> str:
    """Return a domain as addresses are stored with it, or raise InputError.

    >>> domain_as_sent("Example.com"), domain_as_sent("@bücher.example")
    ('example.com', 'xn--bcher-kva.example')
    """
    text = typed.strip().removeprefix("@")
    try:
        return domain_of(address_as_sent(f"{ANYBODY}@{text}"))
    except AddressError as error:
        raise InputError(
            _("Mail domain: expected one such as example.com, found %(found)s.")
            % {"found": error.fault.found.replace(f"{ANYBODY}@", "")}
        ) from error


def domain_of(address: str) -> str:
    """Return what stands behind the @."""
    return address.rpartition("@")[2]


def is_allowed(address: str, domains: Iterable[str]) -> bool:
    """Whether somebody may be invited at an address as it is sent; no domains allow every one."""
    allowed = frozenset(domains)
    return not allowed or domain_of(address) in allowed


def expected_address(domains: Iterable[str]) -> str:
    """Return what is expected where an address is refused for its domain."""
    expected = _("an address at an allowed mail domain (%s; administrators can change the list)")
    return expected % domains_told(domains)


def domains_told(domains: Iterable[str]) -> str:
    """Return the allowed domains in words; encoded ones as well, since letters may be alike.

    >>> domains_told(["example.com", "xn--bcher-kva.example"])
    'example.com, bücher.example (xn--bcher-kva.example)'
    """
    return ", ".join(map(_told, domains)) or _("every domain")


def _told(domain: str) -> str:
    shown = shown_domain(domain)
    return domain if shown == domain else f"{shown} ({domain})"
