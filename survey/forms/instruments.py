"""Forms of the questionnaire editor."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.forms.staff_form import StaffFormHelper
from survey.instrument.codes import LONGEST_CODE, code_problem
from survey.instrument.editing import Content, places
from survey.instrument.shape import LONGEST, variant_problem
from survey.models import Function

MAX_BYTES: Final = 500_000  # of a questionnaire's file; ours has 50,000


class PlainForm(forms.Form):
    """A form inside a page's own form tag."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.helper = StaffFormHelper()


def check_variants(text: str) -> None:
    """Refuse braces that are not a pair of wordings."""
    problem = variant_problem(text)
    if problem:
        raise ValidationError(problem[:1].upper() + problem[1:] + ".")


def check_code(code: str) -> None:
    """Refuse a code that cannot be a variable's name."""
    problem = code_problem(code)
    if problem:
        raise ValidationError(problem[:1].upper() + problem[1:] + ".")


def field_name(key: str) -> str:
    """Return a place's key as a field's name; codes have no dot."""
    return key.replace(" ", ".")


class TextsForm(forms.Form):
    """The texts of one section in one language, a field a place."""

    def __init__(
        self,
        content: Content,
        section: str,
        language: str,
        *args: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **options)
        for place in places(content):
            if place.section == section:
                self.fields[field_name(place.key)] = forms.CharField(
                    label=place.key,
                    required=False,
                    max_length=LONGEST,
                    initial=place.texts.get(language, ""),
                    validators=[check_variants],
                    widget=forms.Textarea({"rows": 4, "class": "form-control", "lang": language}),
                )

    def texts(self) -> dict[str, str]:
        """Return the texts by place, each on one line."""
        return {
            str(field.label): " ".join(self.cleaned_data[name].split())
            for name, field in self.fields.items()
        }


class ItemForm(PlainForm):
    """A new item of a construct."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=LONGEST_CODE,
        validators=[check_code],
        help_text=gettext_lazy("Letters and digits, such as TF6; the exports use it."),
    )
    text = forms.CharField(
        label=gettext_lazy("Statement"),
        max_length=LONGEST,
        validators=[check_variants],
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Where the functions need their own words: {operations | sales}, such as "
            "“We {repair | sell} pumps.”"
        ),
    )
    is_reversed = forms.BooleanField(
        label=gettext_lazy("Reversed: agreeing means less of it"), required=False
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Who is asked"),
        choices=[("", gettext_lazy("Both functions")), *Function.choices],
        required=False,
        help_text=gettext_lazy(
            "A statement for one function counts only in groups that may be told by function, "
            "and in figures of both functions together from ten answers on."
        ),
    )


class LanguageForm(PlainForm):
    """A language to begin."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=lambda: [("en", "English"), *settings.TRANSLATIONS],
    )


class CheckForm(forms.Form):
    """Whether a native speaker has checked a language."""

    language = forms.SlugField()
    checked = forms.BooleanField(required=False)


class ImportForm(PlainForm):
    """A questionnaire's file."""

    file = forms.FileField(
        label=gettext_lazy("Questionnaire (YAML or JSON)"),
        widget=forms.FileInput({"accept": ".yaml,.yml,.json"}),
        help_text=gettext_lazy("The same form as the export; it becomes a new version."),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before anybody reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("Expected at most %(limit)d kB, found %(size)d kB.")
                % {"limit": MAX_BYTES // 1000, "size": (file.size or 0) // 1000}
            )
        return file
