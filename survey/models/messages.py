"""The outbox: mails to send, and where each of them stands."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from survey.models.invitations import Invitation


class MessageState(models.TextChoices):
    """Where a message stands; sent means that the mail server accepted it.

    Bounced means that the server, or one behind it, sent a report of failure later.
    """

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Came back")


class MessageQuerySet(models.QuerySet["Message"]):
    """Named filters on messages."""

    def due(self) -> "MessageQuerySet":
        """Return what is to be sent now and no worker has claimed.

        By the database's clock, which all workers share: one whose own clock is fast would take
        what another has just claimed.
        """
        unclaimed = models.Q(claimed_until=None) | models.Q(claimed_until__lte=Now())
        return self.filter(unclaimed, state=MessageState.WAITING, due_at__lte=Now())


class Message(models.Model):
    """A mail to send: written in the same transaction as its cause, sent by the worker."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        REMINDER = "reminder", _("Reminder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INVITATION)
    round = models.PositiveIntegerField(default=0)  # 0 the invitation, 1-3 the reminders
    state = models.CharField(
        max_length=7, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    # Until then a worker is at it, and no other takes it.
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("due_at",)
        indexes = (models.Index(fields=["state", "due_at"], name="message_by_state_and_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=["invitation", "round"], name="one_message_per_invitation_and_round"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.round}: {self.state}"
