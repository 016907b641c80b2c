"""What goes wrong with mail as a whole: the server, and the mailbox of reports."""

from typing import Final

from django.db import models
from django.db.models.functions import Now

GENERAL: Final = 3  # mails; fewer may be the affair of single addresses, and tell of single people


class MailTroubleQuerySet(models.QuerySet["MailTrouble"]):
    """Named filters on troubles."""

    def under_way(self) -> "MailTroubleQuerySet":
        """Return those for which mails still wait."""
        return self.filter(ended_at=None)


class MailTrouble(models.Model):
    """A spell in which the mail server takes no mails, for a reason that is no address's.

    Names nobody: what is told of it must not tell whom a reminder was for.
    """

    cause = models.CharField(max_length=200)  # the server's answer, without addresses
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    runs = models.PositiveIntegerField(default=0)  # of the outbox that met it
    is_general = models.BooleanField(default=False)  # the last run met it with several mails
    told = models.JSONField(default=list, blank=True)  # organisations whose managers got the mail

    objects = MailTroubleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["cause"],
                condition=models.Q(ended_at=None),
                name="one_trouble_of_a_cause_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.cause


class MailboxDay(models.Model):
    """What came into the mailbox of reports on one day, in numbers."""

    PROBLEM_LENGTH: Final = 300

    day = models.DateField(unique=True)
    mails = models.PositiveIntegerField(default=0)
    noted = models.PositiveIntegerField(default=0)  # as come back
    unread = models.PositiveIntegerField(default=0)  # reports, as it seems, that nobody could read
    left = models.PositiveIntegerField(default=0)  # by the last look, to be tried again
    problem = models.CharField(max_length=PROBLEM_LENGTH, blank=True)  # why the last look failed

    def __str__(self) -> str:
        return f"{self.day}: {self.mails}"
