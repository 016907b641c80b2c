"""The form that launches a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LaunchForm(forms.Form):
    """The agreement to what changes although a running campaign uses it, where anything does."""

    is_agreed = forms.BooleanField(label=_("I have read this list, and want it so"), required=False)
    digest = forms.CharField(max_length=64, required=False)  # of the list that was shown

    def agreed_digest(self) -> str:
        """Return the fingerprint of the list that was agreed to, nothing without agreement."""
        agreed = self.is_valid() and self.cleaned_data["is_agreed"]
        return str(self.cleaned_data["digest"]) if agreed else ""
