"""The organisation and its dated tree of units."""

import uuid
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Function(models.TextChoices):
    """What a person works in; it belongs to the person, not to the unit."""

    OPERATIONS = "operations", _("Service operations")
    SALES = "sales", _("Service sales")


class Organisation(models.Model):
    """A company whose service units answer the questionnaire."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    is_demonstration = models.BooleanField(default=False)
    # Of whom may be invited, as they are sent and in their order; empty is every domain.
    mail_domains = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    """Named filters on units."""

    def on(self, day: date) -> "UnitQuerySet":
        """Return the units that exist on a day."""
        return self.filter(models.Q(since__isnull=True) | models.Q(since__lte=day)).filter(
            models.Q(until__isnull=True) | models.Q(until__gt=day)
        )


class Unit(models.Model):
    """A node of the organisation's tree; the root is the company itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="units")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["organisation", "code"], name="unit_code_is_unique"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="unit_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name
