"""Every address of the site, with arguments that name nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter


@dataclass(frozen=True)
class Route:
    """A named address."""

    name: str
    path: str


def every_route() -> list[Route]:
    """Return all named addresses of the site."""
    return sorted(_routes(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _routes(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner)
        elif pattern.name:
            yield Route(
                f"{namespace}{pattern.name}",
                reverse(f"{namespace}{pattern.name}", kwargs=_arguments(pattern)),
            )


def _arguments(pattern: URLPattern) -> dict[str, object]:
    return {name: _sample(kind) for name, kind in pattern.pattern.converters.items()}


def _sample(converter: object) -> object:
    if isinstance(converter, UUIDConverter):
        return uuid4()
    if isinstance(converter, IntConverter):
        return 1
    if isinstance(converter, SlugConverter | StringConverter):
        return "absent"
    raise AssertionError(f"no sample argument for {converter!r}")
