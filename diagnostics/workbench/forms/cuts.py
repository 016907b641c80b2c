"""The sliders of the truth table page: cuts to try, and rows to exclude with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.analyses.recipes import Recipe, RowExclusion
from diagnostics.analyses.results import AnalysisResult
from diagnostics.workbench.forms.told_cuts import told_cut_field


class CutsForm(forms.Form):
    """Take cuts and reasons; what is not given is as in the recipe."""

    inclusion = forms.FloatField(label=gettext_lazy("Consistency cut"), min_value=0, max_value=1)
    pri = forms.FloatField(label=gettext_lazy("PRI cut"), min_value=0, max_value=1)
    frequency = forms.IntegerField(label=gettext_lazy("Frequency cut"), min_value=0)

    def __init__(
        self,
        recipe: Recipe,
        result: AnalysisResult,
        data: Any = None,  # noqa: ANN401
        *,
        in_bands: bool = False,
    ) -> None:
        """in_bands: rows can be cut where bands of sizes begin only."""
        reasons = {entry.row: entry.reason for entry in recipe.excluded}
        initial: dict[str, Any] = {
            "inclusion": recipe.inclusion_cuts[0],
            "pri": recipe.pri_cut,
            "frequency": recipe.frequency_cut,
            **{f"reason-{row}": reason for row, reason in reasons.items()},
        }
        super().__init__(data, initial=initial)
        self.base = recipe
        self.numbers = tuple(row.number for row in result.rows)
        self._slide("inclusion", 1, 0.01)
        self._slide("pri", 1, 0.01)
        if in_bands:
            widget = forms.Select({"class": "form-select"})
            self.fields["frequency"] = told_cut_field(widget=widget)
        else:
            self._slide("frequency", max(row.n or 0 for row in result.rows), 1)
        for number in self.numbers:
            label = _("Reason to exclude row %(row)d") % {"row": number}
            attributes = {"class": "form-control", "aria-label": label}
            self.fields[f"reason-{number}"] = forms.CharField(
                required=False, max_length=200, widget=forms.TextInput(attributes)
            )

    def _slide(self, name: str, highest: float, step: float) -> None:
        attributes = {"type": "range", "min": 0, "max": highest, "step": step}
        self.fields[name].widget = forms.NumberInput({**attributes, "class": "form-range"})
        self.fields[name].widget.input_type = "range"

    def sliders(self) -> Sequence[BoundField]:
        """Return the fields of the cuts."""
        return [self["inclusion"], self["pri"], self["frequency"]]

    def reasons(self) -> dict[int, BoundField]:
        """Return the field of each row's reason by the row's number."""
        return {number: self[f"reason-{number}"] for number in self.numbers}

    def chosen(self) -> Iterator[tuple[str, Any]]:
        """Yield name and value of everything chosen, for a form that saves it."""
        for name in self.fields:
            value = self[name].value()
            if value not in (None, ""):
                yield name, value

    def clean(self) -> dict[str, Any]:
        """Keep the first consistency cut above a second one."""
        data = super().clean() or {}
        lower = self.base.inclusion_cuts[1:]
        if lower and data.get("inclusion", 1) < lower[0]:
            message = _("Expected a cut of %(lower)g or more, the second one, found %(found)g.")
            found = {"lower": lower[0], "found": data["inclusion"]}
            self.add_error("inclusion", message % found)
        return data

    def recipe(self) -> Recipe:
        """Return the recipe with the cuts and exclusions chosen; unbound, the recipe itself."""
        if not self.is_bound:
            return self.base
        data = self.cleaned_data
        listed = [(number, data[f"reason-{number}"]) for number in self.numbers]
        return replace(
            self.base,
            inclusion_cuts=(data["inclusion"], *self.base.inclusion_cuts[1:]),
            pri_cut=data["pri"],
            frequency_cut=data["frequency"],
            excluded=tuple(RowExclusion(number, reason) for number, reason in listed if reason),
        )
