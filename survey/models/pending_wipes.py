"""Tables from which something was deleted whose space is still to be wiped."""

from django.db import models


class PendingWipe(models.Model):
    """That a table's deleted rows may still lie in the database's files.

    Noted in the transaction that deletes, and gone once the table was rewritten since.
    """

    table = models.CharField(max_length=63, unique=True)  # its name in the database
    round = models.PositiveIntegerField(default=0)  # of deletions, so that none is forgotten

    def __str__(self) -> str:
        return self.table
