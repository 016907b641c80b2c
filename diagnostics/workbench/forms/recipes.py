"""The form of an analysis' recipe: every choice over the columns of a matrix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.analyses.defaults import INCLUSION, PRI, default_frequency_cut
from diagnostics.analyses.recipes import (
    MOST_CONDITIONS,
    NUMBERS,
    Calibration,
    Recipe,
    RowExclusion,
    SetRule,
)
from diagnostics.analyses.telling import told_cut
from diagnostics.workbench.forms.told_cuts import told_cut_field
from qca.calibration import FS_QCA_IDM, IDM
from qca.errors import QcaError
from qca.sets.expressions import parse
from survey.forms.staff_form import StaffFormHelper

ANCHORS: Final = {
    "out": gettext_lazy("Full out"),
    "half": gettext_lazy("Crossover"),
    "full": gettext_lazy("Full in"),
}
EXPECTATIONS: Final = (
    ("-", gettext_lazy("none")),
    ("1", gettext_lazy("present")),
    ("0", gettext_lazy("absent")),
)
METHODS: Final = (
    (Calibration.DIRECT.value, gettext_lazy("anchors")),
    (Calibration.PERCENTILE.value, gettext_lazy("percentiles")),
    (Calibration.INDIRECT.value, gettext_lazy("indirect, thresholds")),
    (Calibration.CRISP.value, gettext_lazy("crisp from the crossover")),
    (Calibration.FREQUENCY.value, gettext_lazy("cumulated frequencies")),
)
CONSTANTS: Final = {"r": IDM, "fsqca": FS_QCA_IDM}


@dataclass(frozen=True, slots=True)
class ColumnFields:
    """The fields of one column, as a line of the form's table."""

    column: str
    use: BoundField
    method: BoundField
    anchors: tuple[BoundField, ...]
    expectation: BoundField

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong in this line."""
        fields = (self.use, self.method, *self.anchors, self.expectation)
        return tuple(str(error) for field in fields for error in field.errors)


class RecipeForm(forms.Form):
    """Every choice of an analysis over the columns of a matrix."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"))
    is_negated = forms.BooleanField(
        label=gettext_lazy("Explain the absence of the outcome"), required=False
    )
    inclusion = forms.FloatField(
        label=gettext_lazy("Consistency cut"), min_value=0, max_value=1, initial=INCLUSION
    )
    lower_inclusion = forms.FloatField(
        label=gettext_lazy("Second, lower consistency cut"),
        min_value=0,
        max_value=1,
        required=False,
        help_text=gettext_lazy("Rows between the two are contradictions. Usually left empty."),
    )
    pri = forms.FloatField(label=gettext_lazy("PRI cut"), min_value=0, max_value=1, initial=PRI)
    frequency = forms.IntegerField(
        label=gettext_lazy("Frequency cut"),
        min_value=0,
        help_text=gettext_lazy("Rows with fewer cases count as remainders."),
    )
    constant = forms.ChoiceField(
        label=gettext_lazy("Calibration constant"),
        choices=(
            ("r", gettext_lazy("anchors get .95 and .05 (2.944)")),
            ("fsqca", gettext_lazy("as the fs/QCA program (3.0)")),
        ),
        initial="r",
    )
    excluded = forms.CharField(
        label=gettext_lazy("Excluded rows"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "A line a row: its number, a colon and the reason, such as "
            "“12: contradicts the necessity of A”. They are coded 0."
        ),
    )

    joint = forms.CharField(
        label=gettext_lazy("Joint expectations"),
        required=False,
        help_text=gettext_lazy(
            "Conditions expected to work together only, such as “A*~B + C*D”: each counts where "
            "it holds whole."
        ),
    )
    as_r = forms.BooleanField(
        label=gettext_lazy("Of several, weigh the last joint expectation only, as R QCA does"),
        required=False,
    )

    def __init__(
        self,
        columns: Sequence[str],
        cases: int,
        *args: Any,  # noqa: ANN401
        is_settled: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> None:
        """is_settled: calibrated as the initial values say, rows cut where bands of sizes begin."""
        super().__init__(*args, **options)
        self.columns = tuple(columns)
        self.is_settled = is_settled
        self.fields["outcome"].choices = [(name, name) for name in columns]  # type: ignore[attr-defined]
        self.fields["outcome"].initial = columns[-1]
        self.fields["frequency"].initial = default_frequency_cut(cases)
        for place, column in enumerate(columns):
            is_condition = place < min(len(columns) - 1, MOST_CONDITIONS)
            self._add_column(place, column, is_condition=is_condition)
        if is_settled:
            self._settle(cases)
        self.helper = StaffFormHelper()

    def _add_column(self, place: int, column: str, *, is_condition: bool) -> None:
        names = {"column": column}
        self.fields[f"use-{place}"] = forms.BooleanField(
            label=_("%(column)s as a condition") % names,
            required=False,
            initial=is_condition,
            widget=forms.CheckboxInput({"class": "form-check-input"}),
        )
        self.fields[f"method-{place}"] = forms.ChoiceField(
            label=_("%(column)s: calibration") % names,
            choices=METHODS,
            required=False,
            initial=Calibration.DIRECT.value,
            widget=forms.Select({"class": "form-select"}),
        )
        for key, label in ANCHORS.items():
            widget = forms.NumberInput({"step": "any", "class": "form-control"})
            self.fields[f"{key}-{place}"] = forms.FloatField(
                label=f"{column}: {label}", required=False, widget=widget
            )
        self.fields[f"expect-{place}"] = forms.ChoiceField(
            label=_("%(column)s: expectation") % names,
            choices=EXPECTATIONS,
            required=False,
            initial="-",
            widget=forms.Select({"class": "form-select"}),
        )
        for key in ("use", "method", *ANCHORS, "expect"):
            field = self.fields[f"{key}-{place}"]
            field.widget.attrs["aria-label"] = str(field.label)

    def _settle(self, cases: int) -> None:
        """Take calibration and constant as they are, whatever is sent."""
        self.fields["constant"].disabled = True
        for name in ("method", *ANCHORS):
            for place, _column in enumerate(self.columns):
                self.fields[f"{name}-{place}"].disabled = True
        self.fields["frequency"] = told_cut_field(
            initial=told_cut(default_frequency_cut(cases)),
            help_text=_("Rows with fewer cases count as remainders."),
        )

    def lines(self) -> Iterator[ColumnFields]:
        """Yield the fields column by column."""
        for place, column in enumerate(self.columns):
            yield ColumnFields(
                column=column,
                use=self[f"use-{place}"],
                method=self[f"method-{place}"],
                anchors=tuple(self[f"{key}-{place}"] for key in ANCHORS),
                expectation=self[f"expect-{place}"],
            )

    def clean_excluded(self) -> tuple[RowExclusion, ...]:
        """Read the lines of rows with their reasons."""
        entries = []
        for line in filter(None, map(str.strip, self.cleaned_data["excluded"].splitlines())):
            number, colon, reason = line.partition(":")
            if not (colon and number.strip().isdecimal() and reason.strip()):
                message = _("Expected a row's number, a colon and a reason, found “%(line)s”.")
                raise ValidationError(message % {"line": line})
            entries.append(RowExclusion(int(number), reason.strip()))
        if len({entry.row for entry in entries}) < len(entries):
            raise ValidationError(_("Expected every row once."))
        return tuple(entries)

    def clean_joint(self) -> tuple[str, ...]:
        """Read the conjunctions; a single condition has its own field."""
        text = self.cleaned_data["joint"].strip()
        if not text:
            return ()
        try:
            terms = parse(text).terms
        except QcaError as error:
            message = _("Expected products of conditions, found “%(text)s”: %(reason)s.")
            raise ValidationError(message % {"text": text, "reason": error}) from error
        if any(len(term) < 2 for term in terms):
            message = _("Expected two conditions or more in each, found “%(text)s”.")
            raise ValidationError(message % {"text": text})
        return tuple("*".join(str(literal) for literal in term) for term in terms)

    def clean(self) -> dict[str, Any]:
        """Check what several fields say together."""
        data = super().clean() or {}
        chosen = [n for n in self._used() if n != data.get("outcome")]
        if not 1 <= len(chosen) <= MOST_CONDITIONS:
            message = _("Expected 1 to %(most)d conditions beside the outcome, found %(found)d.")
            self.add_error(None, message % {"most": MOST_CONDITIONS, "found": len(chosen)})
        unknown = [e.row for e in data.get("excluded", ()) if not 1 <= e.row <= 1 << len(chosen)]
        if chosen and unknown:
            message = _("Expected rows from 1 to %(most)d, found %(found)d.")
            self.add_error("excluded", message % {"most": 1 << len(chosen), "found": unknown[0]})
        self._check_joint(data.get("joint", ()), chosen)
        lower, upper = data.get("lower_inclusion"), data.get("inclusion")
        if lower is not None and upper is not None and lower > upper:
            self.add_error("lower_inclusion", _("Expected a cut not above the first."))
        for place, column in enumerate(self.columns):
            if column == data.get("outcome") or column in chosen:
                self._check_anchors(place)
        return data

    def _check_joint(self, joint: Sequence[str], chosen: Sequence[str]) -> None:
        names = {name for one in joint for name in parse(one).names}
        strangers = sorted(names - set(chosen))
        if strangers:
            message = _("Expected conditions of this analysis, found %(names)s.")
            self.add_error("joint", message % {"names": ", ".join(strangers)})

    def _used(self) -> list[str]:
        return [n for at, n in enumerate(self.columns) if self.cleaned_data.get(f"use-{at}")]

    def _anchors(self, place: int) -> tuple[float, ...]:
        values = (self.cleaned_data.get(f"{key}-{place}") for key in ANCHORS)
        return tuple(value for value in values if value is not None)

    def _method(self, place: int) -> Calibration:
        return Calibration(self.cleaned_data.get(f"method-{place}") or Calibration.DIRECT)

    def _check_anchors(self, place: int) -> None:
        anchors, method = self._anchors(place), self._method(place)
        if method is Calibration.DIRECT and not anchors:
            return
        rises = all(first < second for first, second in pairwise(anchors))
        falls = all(first > second for first, second in pairwise(anchors))
        if method in {Calibration.CRISP, Calibration.FREQUENCY}:
            self._check_few(place, method)
        elif len(anchors) != NUMBERS[method] or not (rises or falls):
            message = _("%(column)s: expected three anchors that rise or fall, or none.")
            self.add_error(f"half-{place}", message % {"column": self.columns[place]})
        elif method is Calibration.PERCENTILE and not all(0 <= one <= 100 for one in anchors):
            message = _("%(column)s: expected percentiles from 0 to 100.")
            self.add_error(f"half-{place}", message % {"column": self.columns[place]})

    def _check_few(self, place: int, method: Calibration) -> None:
        """A crisp set has its threshold as the crossover; by frequencies there are no numbers."""
        filled = {key for key in ANCHORS if self.cleaned_data.get(f"{key}-{place}") is not None}
        if filled != ({"half"} if method is Calibration.CRISP else set()):
            words = {
                Calibration.CRISP: _("%(column)s: expected the crossover and no other anchor."),
                Calibration.FREQUENCY: _("%(column)s: expected no anchors."),
            }
            self.add_error(f"half-{place}", words[method] % {"column": self.columns[place]})

    def recipe(self) -> Recipe:
        """Return what was chosen."""
        data = self.cleaned_data
        lower, at = data["lower_inclusion"], self.columns.index(data["outcome"])
        conditions = (
            SetRule(name, self._anchors(place), data[f"expect-{place}"] or "-", self._method(place))
            for place, name in enumerate(self.columns)
            if data[f"use-{place}"] and place != at
        )
        return Recipe(
            outcome=SetRule(data["outcome"], self._anchors(at), method=self._method(at)),
            is_negated=data["is_negated"],
            conditions=tuple(conditions),
            inclusion_cuts=(data["inclusion"],) if lower is None else (data["inclusion"], lower),
            pri_cut=data["pri"],
            frequency_cut=data["frequency"],
            excluded=data["excluded"],
            idm=CONSTANTS[data["constant"]],
            joint_expectations=data["joint"],
            every_expectation=not data["as_r"],
        )
