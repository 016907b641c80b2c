"""That deleted rows of a campaign could not be wiped from the database's files yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.models.campaigns import Campaign


class WipeDelay(models.Model):
    """What is deleted and not wiped yet, since when, and why; gone once it is wiped.

    Written after a try that failed, for a page and for the pause before the next one. That there is
    something to wipe rests on the ledger alone, which a lost note cannot change: so this is no
    PendingWipe, which is noted before any try, by table, and is all that knows of its rows.
    """

    class What(models.TextChoices):
        BALLOTS = "ballots", _("the opened ballots, with drafts and invitations")
        CANCELLED = "cancelled", _("everything that a cancelled campaign had collected")
        ANSWERS = "answers", _("the answers whose time is over")

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="wipe_delay"
    )
    what = models.CharField(max_length=9, choices=What.choices)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)
    problem = models.TextField()

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_what_display()}"
