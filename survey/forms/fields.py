"""Fields that several forms share: an address, and a line of text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from survey.errors import InputError
from survey.invisible_characters import line_of_text
from survey.mail.addresses import address_as_sent


class AddressField(forms.EmailField):
    """An e-mail address, cleaned to the form in which it is sent and stored."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - what a browser posts
        """Return the address as it is sent; what cannot be sent is told by name."""
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return address_as_sent(typed)
        except InputError as error:
            raise ValidationError(str(error)) from error


class LineField(forms.CharField):
    """A name or a title: one line without control characters."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - what a browser posts
        """Return the text; a character that breaks it is told by name."""
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return line_of_text(typed)
        except InputError as error:
            raise ValidationError(str(error)) from error
