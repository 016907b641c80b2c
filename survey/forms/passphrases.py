"""Forms of the works council: set a passphrase, and give it to open the ballots."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.policy import PASSPHRASE_LENGTH

MOST: Final = 200  # characters


class GivePassphraseForm(forms.Form):
    """The passphrase that was set before the launch."""

    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase"),
        max_length=MOST,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )


class SetPassphraseForm(forms.Form):
    """A new passphrase, typed twice, and the word that its loss is understood."""

    passphrase = forms.CharField(
        label=gettext_lazy("New passphrase"),
        min_length=PASSPHRASE_LENGTH,
        max_length=MOST,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least 16 characters: five or six words that nobody would guess are easiest to keep."
        ),
    )
    repeated = forms.CharField(
        label=gettext_lazy("The same passphrase again"),
        max_length=MOST,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    is_understood = forms.BooleanField(
        label=gettext_lazy(
            "We keep it in a safe place. If it is lost, nobody can ever open these answers"
        )
    )

    def clean(self) -> dict[str, Any]:
        """Check that both are the same."""
        data = super().clean() or {}
        if data.get("passphrase") and data.get("repeated") not in (None, data["passphrase"]):
            raise ValidationError(_("Expected the same passphrase twice, found two."))
        return data
