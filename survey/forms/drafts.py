"""The forms of a campaign's set-up, one a step; each knows the service's words for its fields."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.campaign_times import time_problems
from survey.errors import InputError
from survey.forms.fields import AddressField, LineField
from survey.forms.times import ZONES, WallTimeField, moment_in
from survey.images import MOST_BYTES, redraw_logo
from survey.languages import language_choices
from survey.models import Campaign, InstrumentVersion, Organisation, User
from survey.policy import RELEASE_FLOOR, SENSITIVE_FLOOR
from survey.selectors.campaigns import managed_organisations
from survey.selectors.instruments import complete_languages, instruments_of


class StepForm(forms.Form):
    """A form that begins with what the draft holds."""

    draft_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        initial = {field: getattr(campaign, field) for field in self.draft_fields}
        super().__init__(*args, **{"initial": initial, **options})
        self.campaign = campaign

    def changes(self) -> dict[str, Any]:
        """Return what the step's service takes."""
        return dict(self.cleaned_data)


class NameFields(StepForm):
    """What a campaign is called and what it is for."""

    name = LineField(
        label=gettext_lazy("Name of the campaign"),
        max_length=120,
        help_text=gettext_lazy("The people invited read it in mail and questionnaire."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("Why you ask, in a sentence or two; it stands on the first page."),
    )
    is_rehearsal = forms.BooleanField(
        label=gettext_lazy("This is a rehearsal"),
        required=False,
        help_text=gettext_lazy(
            "To try mails and questionnaire out with a few colleagues. Nothing counts: at its end "
            "every answer is deleted unread, and there are no results."
        ),
    )


class NameForm(NameFields):
    """The first step of a draft."""

    draft_fields = ("name", "purpose", "is_rehearsal")


class NewCampaignForm(NameFields):
    """The first step of a campaign that is not there yet."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), empty_label=None
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(Campaign(), *args, **options)
        organisations = self.fields["organisation"]
        organisations.queryset = managed_organisations(user)  # type: ignore[attr-defined]
        organisations.initial = organisations.queryset.first()  # type: ignore[attr-defined]


class QuestionnaireForm(StepForm):
    """What is asked, and in which languages."""

    draft_fields = (
        "instrument", "languages", "background_purpose", "asks_attention_check", "asks_markers",
    )  # fmt: skip

    instrument = forms.ModelChoiceField(
        InstrumentVersion.objects.none(),
        label=gettext_lazy("Questionnaire"),
        empty_label=None,
        help_text=gettext_lazy(
            "A new wave keeps the one of the last wave. Changes over waves are shown only of "
            "elements whose statements are the same in both."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=language_choices,
        help_text=gettext_lazy("A language must be complete in the questionnaire you choose."),
    )
    background_purpose = forms.CharField(
        label=gettext_lazy("What the questions about the person are for"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "Role, years at work and the like. It stands above these questions. Empty means: they "
            "are not asked."
        ),
    )
    asks_attention_check = forms.BooleanField(
        label=gettext_lazy("Check attention"),
        required=False,
        help_text=gettext_lazy(
            "One line says which answer to choose, and that it checks whether statements are read. "
            "Whoever chooses another is left out. Worth it where findings are to be published; "
            "elsewhere it tells colleagues that they are not trusted."
        ),
    )
    asks_markers = forms.BooleanField(
        label=gettext_lazy("Ask statements that have nothing to do with work"),
        required=False,
        help_text=gettext_lazy(
            "By them the study of the scales estimates how far answers agree because people have a "
            "way of answering. They make the survey a minute longer."
        ),
    )

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(campaign, *args, **options)
        instruments = instruments_of(campaign.organisation)
        self.fields["instrument"].queryset = instruments  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that the questionnaire has every language."""
        data = super().clean() or {}
        if {"instrument", "languages"} <= data.keys():
            missing = sorted(set(data["languages"]) - set(complete_languages(data["instrument"])))
            if missing:
                names = dict(language_choices())
                self.add_error(
                    "languages",
                    _("Expected languages that the questionnaire has in full, found %(languages)s.")
                    % {"languages": ", ".join(names[code] for code in missing)},
                )
        return data


class DatesForm(StepForm):
    """When the campaign is open."""

    draft_fields = ("time_zone",)

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=[(zone, zone) for zone in ZONES]
    )
    opens_at = WallTimeField(
        label=gettext_lazy("Opens at"),
        required=False,
        help_text=gettext_lazy("Invitations go out then. Empty means: as soon as it is launched."),
    )
    closes_at = WallTimeField(
        label=gettext_lazy("Closes at"),
        help_text=gettext_lazy("Two to three weeks leave room for reminders, two days apart."),
    )

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(campaign, *args, **options)
        with timezone.override(campaign.time_zone):
            for field in ("opens_at", "closes_at"):
                moment = getattr(campaign, field)
                if moment is not None:
                    self.initial[field] = timezone.localtime(moment).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        """Put the times on the chosen zone's clock and check what they are."""
        data = super().clean() or {}
        for field in ("opens_at", "closes_at"):
            if data.get(field) and data.get("time_zone"):
                try:
                    data[field] = moment_in(data[field], data["time_zone"])
                except ValidationError as error:
                    self.add_error(field, error)
        if not self.errors:
            for field, problem in time_problems(
                opens_at=data["opens_at"], closes_at=data["closes_at"], now=timezone.now()
            ).items():
                self.add_error(field, problem)
        return data


class PrivacyForm(StepForm):
    """Thresholds, legal notice and logo."""

    draft_fields = (
        "gives_rows", "floor", "sensitive_floor", "controller", "contact", "council_reference",
        "needs_passphrase", "retention_months", "logo_alternative",
    )  # fmt: skip

    gives_rows = forms.TypedChoiceField(
        label=gettext_lazy("What the answers are used for"),
        choices=(
            (
                False,
                gettext_lazy(
                    "Results for units: figures of every unit that is large enough. Nobody reads "
                    "single answers; analysts work with tables of the whole company."
                ),
            ),
            (
                True,
                gettext_lazy(
                    "Research on single answers: analysts get them one by one, without unit. "
                    "Nothing is told of any unit, and the works council must agree."
                ),
            ),
        ),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Never both: put side by side, figures of a team and single answers tell who said what."
        ),
    )
    floor = forms.IntegerField(
        label=gettext_lazy("Answers without which nothing is shown"),
        min_value=RELEASE_FLOOR,
        max_value=50,
        help_text=gettext_lazy("Five is the least; smaller teams are counted together."),
    )
    sensitive_floor = forms.IntegerField(
        label=gettext_lazy("Answers without which nothing delicate is shown"),
        min_value=SENSITIVE_FLOOR,
        max_value=100,
        help_text=gettext_lazy("Ten is the least: rule-bending, patterns and what rests on them."),
    )
    controller = LineField(
        label=gettext_lazy("Controller"),
        max_length=200,
        help_text=gettext_lazy("Who is responsible for the data, with place of business."),
    )
    contact = LineField(
        label=gettext_lazy("Contact"),
        max_length=200,
        help_text=gettext_lazy("Where people ask about their data."),
    )
    council_reference = LineField(
        label=gettext_lazy("Works-council reference"), max_length=120, required=False
    )
    needs_passphrase = forms.BooleanField(
        label=gettext_lazy("Open the answers only with a passphrase of the works council"),
        required=False,
        help_text=gettext_lazy(
            "The works council sets it on a page of its own before the launch. If it is lost, so "
            "are all answers."
        ),
    )
    retention_months = forms.IntegerField(
        label=gettext_lazy("Months until answers are deleted"), min_value=1, max_value=60
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo (PNG or JPEG)"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy(
            "It is drawn anew and made small. Without a file the present one stays."
        ),
    )
    logo_alternative = LineField(
        label=gettext_lazy("The logo in words"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For people who do not see it. Without words there is no logo."),
    )

    def clean_logo(self) -> bytes | None:
        """Return the picture drawn anew, or None if there is no new one."""
        file: UploadedFile | None = self.cleaned_data["logo"]
        if not file:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("Expected at most %(limit)d MB, found %(size).1f MB.")
                % {"limit": MOST_BYTES // 2**20, "size": (file.size or 0) / 2**20}
            )
        try:
            return redraw_logo(file.read())
        except InputError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Check that thresholds rise, and that a logo has words."""
        data = super().clean() or {}
        if data.get("floor", 0) > data.get("sensitive_floor", 100):
            self.add_error("sensitive_floor", _("Expected at least the number above."))
        if data.get("logo") and not data.get("logo_alternative"):
            self.add_error("logo_alternative", _("Expected words for the new logo, found none."))
        return data


class WordsForm(StepForm):
    """The campaign's own words in its invitations, in each of its languages."""

    draft_fields = ("mail_signature",)

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(campaign, *args, **options)
        self.languages = tuple(campaign.languages)
        for language, name in _named_languages(campaign):
            self.fields[f"introduction_{language}"] = forms.CharField(
                label=_("Introduction (%(language)s)") % {"language": name},
                widget=forms.Textarea({"rows": 4, "lang": language}),
                max_length=1500,
                required=False,
                help_text=_("Stands at the top of the invitation, before what we say in any case."),
                initial=campaign.mail_introduction.get(language, ""),
            )
        self.fields["mail_signature"] = LineField(
            label=_("Signed by"),
            max_length=120,
            required=False,
            help_text=_("A name that people know, such as the head of service."),
        )

    def changes(self) -> dict[str, Any]:
        """Return introduction by language, and signature."""
        words = {code: self.cleaned_data[f"introduction_{code}"] for code in self.languages}
        return {"introduction": words, "signature": self.cleaned_data["mail_signature"]}


class TrialMailForm(StepForm):
    """Where a test mail goes."""

    email = AddressField(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(campaign, *args, **options)
        choices = _named_languages(campaign)
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


def _named_languages(campaign: Campaign) -> list[tuple[str, str]]:
    names = dict(language_choices())
    return [(code, names.get(code, code)) for code in campaign.languages]
