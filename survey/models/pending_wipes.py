"""Tables from which something was deleted whose space is still to be wiped."""

from django.db import models


class PendingWipe(models.Model):
    """That a table's deleted rows may still lie in the database's files.

    Noted in the transaction that deletes, and gone once the table was rewritten since.

    This is work to be done, and names no campaign: uploads and discarded drafts are wiped as well,
    whose campaign may be gone, and one rewrite serves all who deleted from a table. A wipe that a
    campaign waits for, before its key is destroyed or its end is noted, is a step of its own: the
    ledger says whether it is done, and a WipeDelay only tells people why it is not.
    """

    table = models.CharField(max_length=63, unique=True)  # its name in the database
    round = models.PositiveIntegerField(default=0)  # of deletions, so that none is forgotten

    def __str__(self) -> str:
        return self.table
