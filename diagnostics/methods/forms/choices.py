"""The form that chooses what a draft campaign will be scored with."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from diagnostics.methods.selectors.choices import usable_calibrations
from diagnostics.methods.selectors.pattern_sets import usable_pattern_sets
from diagnostics.models import CampaignMethod
from survey.models import Campaign


class _Described(forms.ModelChoiceField):
    """A choice that says what each option is for, not only its name."""

    def label_from_instance(self, obj: Any) -> str:  # noqa: ANN401
        """Return title, version, origin and note."""
        facts = f"{obj.told_title}, {_('version %d') % obj.version} ({obj.get_origin_display()})"
        return f"{facts}. {obj.told_note}" if obj.note else facts


class MethodForm(forms.Form):
    """Take a pattern set and a calibration rule."""

    def __init__(
        self,
        campaign: Campaign,
        chosen: CampaignMethod | None,
        data: Any = None,  # noqa: ANN401
    ) -> None:
        super().__init__(data)
        self.fields["pattern_set"] = _Described(
            usable_pattern_sets(campaign.organisation),
            label=_("Patterns"), widget=forms.RadioSelect(), empty_label=None,
            initial=chosen.pattern_set_id if chosen else None,
        )  # fmt: skip
        self.fields["calibration"] = _Described(
            usable_calibrations(campaign.organisation),
            label=_("Calibration"), widget=forms.RadioSelect(), empty_label=None,
            initial=chosen.calibration_id if chosen else None,
        )  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """Return what was chosen, as the service takes it."""
        data = self.cleaned_data
        return {"pattern_set": data["pattern_set"], "calibration": data["calibration"]}
