"""What a campaign released: frozen sets and cells, and the rows behind them without unit."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.instrument.codes import LONGEST_CODE
from survey.models.campaigns import Campaign, CampaignUnit
from survey.models.organisation import Function


class Release(models.Model):
    """The one frozen release of a campaign."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="release"
    )
    frozen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of all sets and cells, in canonical form
    software_version = models.CharField(max_length=20)
    counts = models.JSONField()  # answers, excluded by rule, per function; company-wide only
    dropped_items = models.JSONField(default=list)
    # Since when nothing may be made of the answers: their deletion has begun, and may be over.
    answers_end_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.digest[:16]


class RowFile(models.Model):
    """A file that rests on single answers, noted before its first byte is written.

    As long as there is one, the ledger does not say that the answers are deleted, and the release
    itself cannot be deleted either.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="row_files")
    path = models.CharField(max_length=200, unique=True)  # within the storage of reports

    def __str__(self) -> str:
        return self.path


class Pool(models.Model):
    """A group of at least the floor's size, owned by the unit at which it came together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="pools")
    owner = models.ForeignKey(CampaignUnit, on_delete=models.PROTECT, related_name="pools")
    n = models.PositiveIntegerField()  # exact, never shown
    merges_units = models.BooleanField()  # true where several units' answers came together

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["release", "owner"], name="one_pool_per_owner"),
        )

    def __str__(self) -> str:
        return f"pool at {self.owner}"


class ReleasedSet(models.Model):
    """A published set of answers: a union of whole pools, perhaps of one function only."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("Unit")
        POOL = "pool", _("Small teams together")

    class Plan(models.TextChoices):
        GENERAL = "general", _("All figures but the sensitive ones")
        SENSITIVE = "sensitive", _("Rule-bending, patterns, levers")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="sets")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    plan = models.CharField(max_length=9, choices=Plan.choices)
    owner = models.ForeignKey(CampaignUnit, on_delete=models.PROTECT, related_name="released_sets")
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)
    n = models.PositiveIntegerField()  # exact, shown as a band
    pools = models.ManyToManyField(Pool, related_name="sets")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["release", "key"], name="released_set_key_is_unique"),
        )

    def __str__(self) -> str:
        return self.key


class ReleaseCell(models.Model):
    """One frozen figure of one released set."""

    released_set = models.ForeignKey(ReleasedSet, on_delete=models.CASCADE, related_name="cells")
    item = models.CharField(max_length=LONGEST_CODE)
    n = models.PositiveIntegerField()  # valid answers, never shown exactly below ten
    mean = models.FloatField()  # scale points as answered, 1.5 to 6.5, not yet turned
    distribution = models.JSONField(null=True, blank=True)  # counts 1..7, sensitive plan only

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["released_set", "item"], name="one_cell_per_set_item"),
        )

    def __str__(self) -> str:
        return f"{self.released_set} {self.item}"


class Response(models.Model):
    """One opened answer. Knows its pool, never its unit, and no time.

    What was left over at the root, fewer than the floor, is not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responses")
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="responses")
    # Blank where telling it, with everything published, would single out a small group.
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)
    answers = models.JSONField()

    def __str__(self) -> str:
        return "response"


class BackgroundCount(models.Model):
    """How many people of the whole company gave an answer to one background question."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="background")
    question = models.CharField(max_length=LONGEST_CODE)
    counts = models.JSONField()  # option -> people, at least the sensitive floor; never the rest

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["release", "question"], name="one_count_per_background_question"
            ),
        )

    def __str__(self) -> str:
        return self.question
