"""Slow down whoever fills the sessions with posts that nobody is signed in for."""

from django.core.cache import cache
from django.http import HttpRequest

from survey.policy import KEPT_POSTS, KEPT_POSTS_SPAN
from survey.proxies import counted_address


def posts_too_much(request: HttpRequest) -> bool:
    """Count one post without a sign-in; tell whether its sender had too many of them kept."""
    key = f"kept-post-{counted_address(request)}"
    cache.add(key, 0, KEPT_POSTS_SPAN.total_seconds())
    return cache.incr(key) > KEPT_POSTS
