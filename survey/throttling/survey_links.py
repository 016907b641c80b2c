"""Slow down whoever guesses survey links; a valid link is never refused."""

import hashlib
import secrets
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from survey.policy import FAILED_LINKS, FAILED_LINKS_SPAN
from survey.proxies import counted_address

# Addresses are counted in this process's memory, under a key that ends with it: no table and no
# log ever holds who opened a link.
_SALT: Final = secrets.token_bytes(16)


def is_guessing(request: HttpRequest) -> bool:
    """Count one link that was not valid; tell whether its sender had too many of them."""
    sender = counted_address(request).encode()
    key = "failed-link-" + hashlib.blake2b(sender, key=_SALT).hexdigest()[:32]
    cache.add(key, 0, FAILED_LINKS_SPAN.total_seconds())
    return cache.incr(key) > FAILED_LINKS
