"""How long a worker may hold a task before another may run it again."""

from django.db import models


class TaskLease(models.Model):
    """A running task's lease by the database's clock, and how often the task was begun."""

    task_id = models.UUIDField(primary_key=True)
    attempts = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    holder = models.UUIDField(null=True)  # of whoever runs it; null while it waits to be run again

    def __str__(self) -> str:
        return f"{self.task_id}: attempt {self.attempts}"
