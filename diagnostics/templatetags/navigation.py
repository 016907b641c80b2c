"""Template tags of the page frame: where a user may go, and the mark of demonstration data."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.translation import gettext as _

from diagnostics.access import UserRoles, roles_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the navigation."""

    label: str
    url: str
    is_current: bool


def entries_for(roles: UserRoles, path: str) -> tuple[Entry, ...]:
    """Return the places a user may go to, the current one marked."""
    home = reverse("diagnostics:home")
    places = [(_("Overview"), home)]
    if roles.runs_campaigns:
        places.append((_("Campaigns"), reverse("survey:campaign-list")))
    if roles.analyses:
        places.append((_("Workbench"), reverse("diagnostics:analysis-list")))
    if roles.uses_methods:
        places.append((_("Patterns"), reverse("diagnostics:method-list")))
    if roles.confirms:
        places.append((_("Second words"), reverse("survey:second-word-list")))
    if roles.reads_ledgers:
        places.append((_("Ledger"), reverse("survey:ledger-list")))
    return tuple(
        Entry(label, url, path == url or (url != home and path.startswith(url)))
        for label, url in places
    )


@register.inclusion_tag("components/navigation.html", takes_context=True)
def site_navigation(context: RequestContext) -> dict[str, Any]:
    """Render the navigation of the signed-in user; nobody else gets one."""
    request = context["request"]
    if not request.user.is_authenticated:
        return {"entries": (), "user": request.user}
    entries = entries_for(roles_of(request.user), request.path)
    return {"entries": entries, "user": request.user, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/demonstration.html", takes_context=True)
def demonstration_notice(context: RequestContext) -> dict[str, bool]:
    """Mark every page of a user who belongs to a demonstration organisation."""
    user = context["request"].user
    marked = bool(context.get("is_demonstration"))
    return {
        "is_demonstration": marked or (user.is_authenticated and roles_of(user).is_demonstration)
    }
