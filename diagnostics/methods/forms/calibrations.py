"""The editor of a calibration rule: three anchors for all constructs, others where wanted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.models import CalibrationRule
from diagnostics.scoring.method import CalibrationContent, CalibrationKind
from diagnostics.wording.definition_titles import shipped_text
from survey.models import Organisation

ALL: Final = "*"
PARTS: Final = ("out", "half", "in")
LARGEST: Final[Mapping[str, float]] = {
    CalibrationKind.ABSOLUTE: 7.0,  # points of the answering scale
    CalibrationKind.RELATIVE: 100.0,  # percentiles
}


@dataclass(frozen=True, slots=True)
class AnchorFields:
    """Three fields of one construct, or of all."""

    name: str
    fields: tuple[BoundField, ...]


class CalibrationForm(forms.Form):
    """Take a title, the kind of numbers, and anchors."""

    title = forms.CharField(label=gettext_lazy("Title of the calibration"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the numbers are"),
        choices=CalibrationRule.Kind.choices,
        widget=forms.RadioSelect(),
    )
    note = forms.CharField(
        label=gettext_lazy("Where it comes from, and why"),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self,
        organisations: Sequence[Organisation],
        constructs: Mapping[str, str],
        content: CalibrationContent,
        data: Any = None,  # noqa: ANN401
    ) -> None:
        first = {
            "title": shipped_text(content.title),
            "kind": content.kind,
            "note": shipped_text(content.note),
        }
        super().__init__(data, initial=first)
        self.constructs = {ALL: _("Every element"), **constructs}
        self.fields["organisation"] = forms.ModelChoiceField(
            Organisation.objects.filter(pk__in=[one.pk for one in organisations]),
            label=_("Organisation"), initial=organisations[0],
            widget=None if len(organisations) > 1 else forms.HiddenInput(),
        )  # fmt: skip
        labels = {"out": _("Full out"), "half": _("Crossover"), "in": _("Full in")}
        for code in self.constructs:
            known = content.anchors.get(code, ())
            for place, part in enumerate(PARTS):
                self.fields[f"{code}-{part}"] = forms.FloatField(
                    label=labels[part], required=code == ALL,
                    initial=known[place] if known else None,
                    widget=forms.NumberInput({"step": "any"}),
                )  # fmt: skip

    def lines(self) -> Iterator[AnchorFields]:
        """Yield the anchors construct by construct."""
        for code, name in self.constructs.items():
            yield AnchorFields(name, tuple(self[f"{code}-{part}"] for part in PARTS))

    def clean(self) -> dict[str, Any]:
        """Check that anchors rise within the scale, and that a construct has all or none."""
        data = super().clean() or {}
        largest = LARGEST.get(data.get("kind", ""), 0.0)
        for code, name in self.constructs.items():
            found = [data.get(f"{code}-{part}") for part in PARTS]
            given = [number for number in found if number is not None]
            if not given:
                continue
            rises = len(given) == len(PARTS) and given[0] < given[1] < given[2]
            if not rises or given[0] < 0 or given[2] > largest:
                self.add_error(
                    f"{code}-out",
                    _("%(name)s: expected three numbers that rise, from 0 to %(largest)g.")
                    % {"name": name, "largest": largest},
                )
        return data

    def anchors(self) -> dict[str, tuple[float, ...]]:
        """Return the anchors of a valid form."""
        data = self.cleaned_data
        return {
            code: tuple(data[f"{code}-{part}"] for part in PARTS)
            for code in self.constructs
            if data[f"{code}-out"] is not None
        }
