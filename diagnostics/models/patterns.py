"""Pattern sets and calibration rules: versioned data, frozen once a release uses them."""

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diagnostics.wording.definition_titles import shipped_text
from survey.instrument.codes import LONGEST_CODE
from survey.models import Campaign, Function, Organisation, Origin


class Definition(models.Model):
    """What ships with the product is told in every language, an organisation's own as written."""

    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    # Whose it is; null for what ships.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def told_title(self) -> str:
        """The title in the active language."""
        return self.title if self.organisation_id else shipped_text(self.title)

    @property
    def told_note(self) -> str:
        """The note in the active language."""
        return self.note if self.organisation_id else shipped_text(self.note.strip())


class PatternSet(Definition):
    """A version of named configurations that a unit is held against."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.DEFAULT)
    author = models.CharField(max_length=120, blank=True)
    created_on = models.DateField()
    is_frozen = models.BooleanField(default=False)
    # What it was derived from.
    analysis = models.ForeignKey(
        "Analysis", on_delete=models.SET_NULL, null=True, related_name="pattern_sets"
    )

    class Meta:
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="pattern_set_is_unique"),
        )

    def __str__(self) -> str:
        return gettext("%(title)s, version %(version)d") % {
            "title": self.told_title,
            "version": self.version,
        }


class Pattern(models.Model):
    """One named configuration, for both functions or for one."""

    pattern_set = models.ForeignKey(PatternSet, on_delete=models.CASCADE, related_name="patterns")
    code = models.SlugField(max_length=40)
    name = models.JSONField()  # language -> name
    summary = models.JSONField()  # language -> one line in words
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=["pattern_set", "code", "function"], name="pattern_is_unique_in_its_set"
            ),
        )

    def __str__(self) -> str:
        return str(self.name.get("en", self.code))


class PatternCondition(models.Model):
    """What a pattern asks of one element; an element without a row is irrelevant."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="conditions")
    element = models.CharField(max_length=LONGEST_CODE)
    is_present = models.BooleanField(_("present"))
    is_core = models.BooleanField(_("core"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["pattern", "element"], name="one_condition_per_pattern_and_element"
            ),
        )

    def __str__(self) -> str:
        return self.element if self.is_present else f"~{self.element}"


class CalibrationRule(Definition):
    """How construct scores become memberships: fixed anchors, or percentiles frozen at opening."""

    class Kind(models.TextChoices):
        ABSOLUTE = "absolute", _("fixed anchors in scale points")
        RELATIVE = "relative", _("percentiles of the company's own answers")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    anchors = models.JSONField()  # construct or "*" -> [full out, crossover, full in]
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.DEFAULT)
    author = models.CharField(max_length=120, blank=True)
    is_frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="calibration_rule_is_unique"),
        )

    def __str__(self) -> str:
        return gettext("%(title)s, version %(version)d") % {
            "title": self.told_title,
            "version": self.version,
        }


class CampaignMethod(models.Model):
    """Which pattern set and calibration rule a campaign is scored with; fixed at launch."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="method"
    )
    pattern_set = models.ForeignKey(PatternSet, on_delete=models.PROTECT, related_name="methods")
    calibration = models.ForeignKey(
        CalibrationRule, on_delete=models.PROTECT, related_name="methods"
    )

    def __str__(self) -> str:
        return f"{self.pattern_set}; {self.calibration}"
