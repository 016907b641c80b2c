"""Which forms have been handed in already, so that a second click saves nothing twice."""

from django.conf import settings
from django.db import models


class FormUse(models.Model):
    """One form as it was shown once, handed in once; forgotten after a day."""

    KEY_LENGTH = 36

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)  # of the page that showed it
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=500, blank=True)  # the page that followed
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.place
