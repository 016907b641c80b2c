"""How many people a campaign plans with: what its draft says, who confirmed it, what is frozen."""

from django.conf import settings
from django.db import models

from survey.models.campaigns import Campaign, CampaignUnit
from survey.models.organisation import Function


class DraftHeadCount(models.Model):
    """How many people without e-mail a draft names for a unit and function; gone at the launch."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="draft_counts")
    # By code: the unit itself may exist in the draft's plan only.
    unit_code = models.CharField(max_length=40, blank=True)
    function = models.CharField(max_length=10, choices=Function.choices)
    without_mail = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "unit_code", "function"], name="one_draft_count_per_group"
            ),
            models.CheckConstraint(
                condition=models.Q(without_mail__gt=0), name="draft_count_is_not_zero"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_code} {self.function}: {self.without_mail}"


class DraftAuthor(models.Model):
    """Somebody who entered people or numbers of a draft, and so confirms none; until the launch."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="draft_authors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts_entered"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["campaign", "user"], name="an_author_is_noted_once"),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.user}"


class HeadCountConfirmation(models.Model):
    """A second person's word for the head counts of a campaign, as they were shown that day."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="confirmation"
    )
    # None where the account is gone: before the launch that ends the confirmation.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=254)  # as it was that day
    day = models.DateField()  # by the campaign's clock
    digest = models.CharField(max_length=64)  # of the units and numbers that were shown

    def __str__(self) -> str:
        return self.name


class HeadCount(models.Model):
    """How many people of a unit and function were planned at the launch; none of nobody."""

    campaign_unit = models.ForeignKey(
        CampaignUnit, on_delete=models.CASCADE, related_name="head_counts"
    )
    function = models.CharField(max_length=10, choices=Function.choices)
    by_mail = models.PositiveIntegerField()
    without_mail = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["campaign_unit", "function"], name="one_head_count_per_group"
            ),
            models.CheckConstraint(
                condition=models.Q(by_mail__gt=0) | models.Q(without_mail__gt=0),
                name="head_count_is_not_zero",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_unit} {self.function}: {self.by_mail} + {self.without_mail}"
