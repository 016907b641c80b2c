"""Questionnaire versions: data that a campaign freezes."""

import uuid

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a definition comes from; pages and reports always say so."""

    DEFAULT = "default", _("default, this product's proposal")
    CUSTOM = "custom", _("entered by the organisation")
    DERIVED = "derived", _("derived from the organisation's own data")


class InstrumentVersion(models.Model):
    """One version of a questionnaire; content is checked by survey.instrument.content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "survey.Organisation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="instruments",
    )  # none: ships with the product
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.DEFAULT)
    author = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    is_frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=models.Q(organisation__isnull=True),
                name="shipped_instrument_version_is_unique",
            ),
            models.UniqueConstraint(
                fields=["organisation", "code", "version"], name="instrument_version_is_unique"
            ),
        )

    def __str__(self) -> str:
        return gettext("%(title)s, version %(version)d") % {
            "title": self.told_title,
            "version": self.version,
        }

    @property
    def told_title(self) -> str:
        """The title in the active language, else in English."""
        language = get_language() or "en"
        if language == "en":
            return self.title
        return str(self.content["title"].get(language) or self.title)

    @property
    def is_editable(self) -> bool:
        """Whether its organisation may still change it; what ships with the product stays."""
        return self.organisation_id is not None and not self.is_frozen
