"""The outbox: mails to send, and where each of them stands."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from survey.models.campaigns import Campaign
from survey.models.invitations import Invitation
from survey.models.mail_troubles import MailTrouble


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

    def in_turn(self) -> "MessageQuerySet":
        """Return mails to single people first: somebody waits at a sign-in, thousands do not."""
        to_respondents = models.ExpressionWrapper(
            models.Q(invitation__isnull=False), output_field=models.BooleanField()
        )
        return self.order_by(to_respondents, "due_at")


class Message(models.Model):
    """A mail to send: written in the same transaction as its cause, sent by the worker.

    To a respondent by the invitation, and by nothing else; to people with an account by the user.
    What a mail says is made when it is sent, by its kind (survey.mail.kinds).
    """

    class Kind(models.TextChoices):
        """The kinds that go to respondents; others are told by whoever writes them."""

        INVITATION = "invitation", _("Invitation")
        REMINDER = "reminder", _("Reminder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, default=Kind.INVITATION)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, blank=True, related_name="staff_messages"
    )
    detail = models.CharField(max_length=200, blank=True)  # for the kind alone to read
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
    # Of the server, that it waits for.
    trouble = models.ForeignKey(
        MailTrouble, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("due_at",)
        indexes = (models.Index(fields=["state", "due_at"], name="message_by_state_and_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=["invitation", "round"], name="one_message_per_invitation_and_round"
            ),
            models.UniqueConstraint(
                fields=["kind", "user", "campaign"],
                condition=models.Q(detail=""),
                name="one_message_of_a_kind_per_user_and_campaign",
            ),
            models.CheckConstraint(
                condition=models.Q(invitation=None)
                | models.Q(
                    user=None, campaign=None, detail="", kind__in=("invitation", "reminder")
                ),
                name="message_to_a_respondent_names_the_invitation_only",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.round}: {self.state}"
