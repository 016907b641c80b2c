"""What one account has asked for in a running campaign, and a second person must agree to first."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.models.campaigns import Campaign
from survey.models.invitations import Recipient


class AskedChange(models.Model):
    """A change that waits for a second word; gone once it is made, refused or taken back.

    No time is kept: of what is done about one invited person the day only is known.
    """

    class Kind(models.TextChoices):
        CANCELLATION = "cancellation", _("cancel the campaign")
        ADDRESS = "address", _("correct an address that a mail has gone to")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="asked_changes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    recipient = models.OneToOneField(
        Recipient, on_delete=models.CASCADE, null=True, related_name="asked_change"
    )
    email = models.EmailField(blank=True)  # where the recipient's mail is to go instead
    name = models.CharField(max_length=120, blank=True)
    # With the account the wish goes as well: it would be nobody's.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asked_changes"
    )
    day = models.DateField()  # by the campaign's clock

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="cancellation", recipient=None, email="", name="")
                | models.Q(kind="address", recipient__isnull=False) & ~models.Q(email=""),
                name="an_asked_address_has_its_person",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(kind="cancellation"),
                name="a_cancellation_is_asked_for_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_kind_display()}"


class RefusedChange(models.Model):
    """That a second person refused a change, told where it was asked for until another is.

    In a table of its own, where nothing can be agreed to any more; the address that was refused is
    nobody's business by then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="refused_changes")
    kind = models.CharField(max_length=12, choices=AskedChange.Kind.choices)
    recipient = models.OneToOneField(
        Recipient, on_delete=models.CASCADE, null=True, related_name="refused_change"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_on = models.DateField()
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    day = models.DateField()  # both by the campaign's clock

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="cancellation", recipient=None)
                | models.Q(kind="address", recipient__isnull=False),
                name="a_refused_address_has_its_person",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(kind="cancellation"),
                name="the_last_refused_cancellation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_kind_display()}"
