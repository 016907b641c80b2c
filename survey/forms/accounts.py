"""Forms of the account pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import AddressField
from survey.forms.staff_form import StaffFormHelper
from survey.languages import language_choices
from survey.mail.addresses import address_key


class SignInForm(AuthenticationForm):
    """E-mail address and password; the address counts without regard to case."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
    )

    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": _("Expected the address and password of an account, found no match."),
        "inactive": _("This account is switched off."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.helper = StaffFormHelper()

    def clean_username(self) -> str:
        """Return the address as accounts store it, so that guesses are counted by account."""
        return address_key(self.cleaned_data["username"])


class PasswordResetRequestForm(forms.Form):
    """The address whose owner wants a set-password mail."""

    email = AddressField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )


class LanguageForm(forms.Form):
    """One of the languages that the installation offers."""

    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, widget=forms.RadioSelect
    )
