"""What a signed-in user is in their organisations, for navigation and the overview."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from survey.models import Leadership, Membership, Role, User

CAMPAIGN_ROLES = frozenset({Role.MANAGER})
METHOD_ROLES = frozenset({Role.MANAGER, Role.ANALYST, Role.EXECUTIVE})


@dataclass(frozen=True, slots=True)
class UserRoles:
    """The roles of one user, whether they lead a unit, and whether all of it is invented."""

    roles: frozenset[str]
    is_leader: bool
    is_demonstration: bool

    @property
    def runs_campaigns(self) -> bool:
        """Whether campaign pages are of use to this user."""
        return bool(self.roles & CAMPAIGN_ROLES)

    @property
    def uses_methods(self) -> bool:
        """Whether pattern sets and calibrations are this user's to look after."""
        return bool(self.roles & METHOD_ROLES)

    @property
    def analyses(self) -> bool:
        """Whether the workbench is open to this user."""
        return Role.ANALYST in self.roles


def roles_of(user: User) -> UserRoles:
    """Return a user's roles; read once for each request, since the user object carries them."""
    known: UserRoles | None = getattr(user, "_roles", None)
    if known is None:
        known = _read_roles(user)
        user._roles = known  # type: ignore[attr-defined]
    return known


def current_leaderships(user: User) -> QuerySet[Leadership]:
    """Return the leaderships, deputies' included, that hold today."""
    today = timezone.localdate()
    return Leadership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), user=user, since__lte=today
    )


def _read_roles(user: User) -> UserRoles:
    memberships = list(
        Membership.objects.filter(user=user).values_list("role", "organisation__is_demonstration")
    )
    led = list(
        current_leaderships(user).values_list("unit__organisation__is_demonstration", flat=True)
    )
    return UserRoles(
        roles=frozenset(role for role, _ in memberships),
        is_leader=bool(led),
        is_demonstration=any(invented for _, invented in memberships) or any(led),
    )
