"""Forms about codes on paper: a manager makes them, a respondent types one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.models import Campaign, CampaignUnit, Function
from survey.sealing.codes import SEED_BYTES, new_seed, read_code
from survey.selectors.respondents import Respondent, find_respondent, token_behind
from survey.services.running.code_sheets import MOST


class CodeGroupForm(forms.Form):
    """A unit and a function of a campaign."""

    unit = forms.ModelChoiceField(CampaignUnit.objects.none(), label=gettext_lazy("Unit"))
    function = forms.ChoiceField(label=gettext_lazy("Function"), choices=Function.choices)

    def __init__(self, campaign: Campaign, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.fields["unit"].queryset = campaign.units.all()  # type: ignore[attr-defined]


class CodeSheetForm(CodeGroupForm):
    """How many codes to make for whom."""

    count = forms.IntegerField(
        label=gettext_lazy("Number of codes"),
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy(
            "One for each person without e-mail. Answers given with codes count in the results and "
            "in no band of participation; towards a least number of answers only for as many "
            "people as were confirmed before the launch."
        ),
    )
    seed = forms.CharField(
        required=False, widget=forms.HiddenInput, initial=new_seed,
        min_length=2 * SEED_BYTES, max_length=2 * SEED_BYTES,
    )  # fmt: skip


class CodeForm(forms.Form):
    """A code as it stands on a slip of paper."""

    code = forms.CharField(
        label=gettext_lazy("Code on your slip"),
        max_length=40,
        widget=forms.TextInput(
            {
                "class": "form-control",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "aria-describedby": "code-help",
            }
        ),
    )

    def clean_code(self) -> Respondent:
        """Return who the code makes of its holder."""
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(
                _("Expected 16 letters and digits in four groups, found something else.")
            )
        respondent = find_respondent(token_behind(code))
        if respondent is None:
            raise ValidationError(_("Expected a code of an open survey, found none that matches."))
        return respondent
