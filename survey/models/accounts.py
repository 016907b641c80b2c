"""Staff of the organisation who sign in; respondents never have an account."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.mail.addresses import address_as_sent, address_key
from survey.mail.shown_addresses import shown_address


class UserManager(BaseUserManager["User"]):
    """Create users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401
        """Return a new user; without a password the account waits for its set-password mail."""
        user = self.model(email=address_as_sent(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401
        """Return a new administrator of the whole installation."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def with_address(self, typed: str) -> "User | None":
        """Return the user whose mail goes to an address, whatever its spelling."""
        return self.filter(email=address_key(typed)).first()


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    # When a set-password link was last asked for: part of the link, so that only the newest works.
    password_link_at = models.DateTimeField(null=True, editable=False)
    # Whoever had signed in before a draft was begun may be its second person.
    first_signed_in_at = models.DateTimeField(null=True, editable=False)
    # Why the last set-password mail did not go, as survey.mail.failure_reasons stores it.
    mail_problem = models.CharField(max_length=200, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or shown_address(self.email)


class Role(models.TextChoices):
    """What a member of an organisation may see and do (survey.access says what)."""

    MANAGER = "manager", _("Campaign manager")
    EXECUTIVE = "executive", _("HR or executive")
    ANALYST = "analyst", _("Analyst")
    COUNCIL = "council", _("Works council or data protection")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """One role of one user in one organisation."""

    organisation = models.ForeignKey(
        "survey.Organisation", on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "user", "role"], name="membership_is_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class Leadership(models.Model):
    """A user leads a unit, or stands in for its leader, between two days."""

    class Kind(models.TextChoices):
        LEADER = "leader", _("Leader")
        DEPUTY = "deputy", _("Deputy")

    unit = models.ForeignKey("survey.Unit", on_delete=models.CASCADE, related_name="leaderships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leaderships")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LEADER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "user"],
                condition=models.Q(until__isnull=True),
                name="one_current_leadership_per_unit_and_user",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="leadership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"
