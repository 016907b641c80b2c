"""Every address of the site, with arguments that name nothing, and those that are public."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

PUBLIC = {
    "respondent:answers-review",
    "respondent:ballot-submit",
    "respondent:code-enter",
    "respondent:draft-save",
    "respondent:draft-withdraw",
    "respondent:kiosk-switch",
    "respondent:language-choose",
    "respondent:link-open",
    "respondent:page-answer",
    "respondent:sample-show",
    "respondent:thanks-show",
    "respondent:unit-report",
    "respondent:welcome",
    "respondent:withdrawal-show",
    "survey:account-sign-in",
    "survey:bounce-receive",
    "survey:logo-show",
    "survey:password-reset",
    "survey:password-reset-sent",
    "survey:password-set",
    "survey:password-set-done",
    "survey:trial-confirm",
}


@dataclass(frozen=True)
class Route:
    """A named address, and what it takes with samples of each."""

    name: str
    path: str
    arguments: Mapping[str, object]


def every_route() -> list[Route]:
    """Return all named addresses of the site."""
    return sorted(_routes(get_resolver().url_patterns, ""), key=lambda route: route.name)


def _routes(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner)
        elif pattern.name:
            name, arguments = f"{namespace}{pattern.name}", _arguments(pattern)
            yield Route(name, reverse(name, kwargs=arguments), arguments)


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
