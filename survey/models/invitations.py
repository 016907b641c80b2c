"""Whom a campaign writes to, and the invitations that hold a token's hash."""

import uuid
from typing import Any, Final

from django.db import models

from survey.mail.folded_addresses import folded_address
from survey.models.campaigns import Campaign, CampaignUnit
from survey.models.organisation import Function


class MailboxField(models.CharField):
    """The mailbox that a row's address reaches, written whenever a row is."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the mailbox; one that an older double left empty stays so."""
        if add or getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, folded_address(model_instance.email))  # type: ignore[attr-defined]
        return str(getattr(model_instance, self.attname))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Be the plain field to migrations: the column is the same."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


class RecipientQuerySet(models.QuerySet["Recipient"]):
    """Named filters on recipients."""

    def uninvited(self) -> "RecipientQuerySet":
        """Return those whose invitation is still to be written."""
        return self.exclude(function="")


class Recipient(models.Model):
    """An address of a campaign; deleted two weeks after close."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    email = models.EmailField()
    # One for several addresses, as folded_address() says. Empty where an older row of the campaign
    # has the same: such doubles from before they were refused are told at the launch.
    mailbox = MailboxField(max_length=254, blank=True, editable=False)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    # Where the person works, until the invitation is written, whose snapshot says so from then on.
    # By code: the unit itself may exist in the draft's plan only. The company's may be empty, so a
    # function is what tells that somebody is still to be invited.
    unit_code = models.CharField(max_length=40, blank=True)
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["campaign", "email"], name="one_recipient_per_address"),
            models.UniqueConstraint(
                fields=["campaign", "mailbox"],
                condition=~models.Q(mailbox=""),
                name="one_recipient_per_mailbox",
            ),
        )

    def __str__(self) -> str:
        return self.email


class Standing(models.TextChoices):
    """Whether an invitation is one of those that the launch planned with."""

    # Also with a new link, and after a move; of codes as many as were confirmed before it.
    PLANNED = "planned", "planned at the launch"
    ADDED = "added", "added or moved after the launch"
    REPLACED = "replaced", "handed over to a newer link"


# Whoever printed a code can know whether it was used, so that codes are in no band, though those
# of the confirmed head counts are planned.
IN_BANDS: Final = models.Q(standing=Standing.PLANNED, code_hash=None)


class Invitation(models.Model):
    """The right to answer once. Holds no time of opening or answering, and no answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    recipient = models.OneToOneField(
        Recipient, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation"
    )
    unit = models.ForeignKey(CampaignUnit, on_delete=models.CASCADE, related_name="invitations")
    function = models.CharField(max_length=10, choices=Function.choices)
    leads = models.BooleanField(default=False)  # a leader's answer counts in the company only
    token_hash = models.BinaryField(unique=True, max_length=32)
    # Of a code on paper: its hash, and the token in a box that only the code opens.
    code_hash = models.BinaryField(unique=True, max_length=32, null=True, blank=True)
    code_box = models.BinaryField(default=b"")
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.PLANNED)
    done = models.BooleanField(default=False)  # an answer of its holder counts, by whichever link
    # By this link, whether or not what was handed in was kept: pages and reminders know no more.
    used = models.BooleanField(default=False)
    reissued = models.BooleanField(default=False)  # its link came after another, by any change
    revoked = models.BooleanField(default=False)
    bounced = models.BooleanField(default=False)
    reached = models.BooleanField(
        default=False
    )  # a mail server took an earlier mail to its address

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(used=False) | models.Q(done=True),
                name="a_used_link_means_that_an_answer_counts",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_on_paper(self) -> bool:
        """Whether its link is a code on paper, of which whoever printed it may have a copy."""
        return self.code_hash is not None


class UnitReport(models.Model):
    """Somebody's word, before answering, that the invitation names a wrong unit; holds no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.OneToOneField(
        Invitation, on_delete=models.CASCADE, related_name="unit_report"
    )
    text = models.CharField(max_length=200)
    function = models.CharField(max_length=10, choices=Function.choices)

    def __str__(self) -> str:
        return self.text
