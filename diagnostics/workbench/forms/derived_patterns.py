"""The form that names the configurations of a solution and publishes them as a pattern set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.analyses.check_results import MatchingResult, TermMatching
from diagnostics.methods.forms.pattern_sets import LONGEST_CODE
from diagnostics.methods.forms.pattern_texts import kept_texts, shown_text
from diagnostics.scoring.method import NamedPattern
from diagnostics.workbench.services.derived_patterns import NamedTerm
from survey.forms.staff_form import StaffFormHelper


@dataclass(frozen=True, slots=True)
class TermFields:
    """The fields of one configuration."""

    matching: TermMatching
    use: BoundField
    name: BoundField
    summary: BoundField


class DerivedSetForm(forms.Form):
    """Take a title, and a name for every configuration that becomes a pattern."""

    title = forms.CharField(label=gettext_lazy("Title of the pattern set"), max_length=120)
    note = forms.CharField(
        label=gettext_lazy("Why these names"),
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "For readers of reports: what speaks for the names, and what against them."
        ),
    )

    def __init__(
        self,
        matching: MatchingResult,
        known: Mapping[str, NamedPattern],
        language: str,
        data: Any = None,  # noqa: ANN401
    ) -> None:
        super().__init__(data)
        self.matching, self.known, self.language = matching, known, language
        for place, term in enumerate(matching.terms):
            self._add_term(place, term)
        self.helper = StaffFormHelper()

    def _add_term(self, place: int, term: TermMatching) -> None:
        proposed = self.known.get(term.proposed)
        labels = {"term": term.term}
        self.fields[f"use-{place}"] = forms.BooleanField(
            label=_("Publish as a pattern"), required=False, initial=True
        )
        self.fields[f"name-{place}"] = forms.CharField(
            label=_("Name of %(term)s") % labels,
            required=False,
            max_length=40,
            initial=shown_text(proposed.name, self.language) if proposed else "",
        )
        self.fields[f"summary-{place}"] = forms.CharField(
            label=_("%(term)s in words") % labels,
            required=False,
            max_length=200,
            initial=shown_text(proposed.summary, self.language) if proposed else "",
            widget=forms.Textarea({"rows": 2}),
        )

    def lines(self) -> Iterator[TermFields]:
        """Yield the fields configuration by configuration."""
        for place, matching in enumerate(self.matching.terms):
            fields = (self[f"{key}-{place}"] for key in ("use", "name", "summary"))
            yield TermFields(matching, *fields)

    def clean(self) -> dict[str, Any]:
        """Check that every chosen configuration has a name of its own."""
        data = super().clean() or {}
        chosen = [place for place in range(len(self.matching.terms)) if data.get(f"use-{place}")]
        if not chosen:
            raise ValidationError(_("Expected at least one configuration to publish, found none."))
        codes: dict[str, int] = {}
        for place in chosen:
            code = slugify(data.get(f"name-{place}", ""))
            if not code:
                self.add_error(f"name-{place}", _("Expected a name with letters, found none."))
            elif code in codes:
                self.add_error(f"name-{place}", _("Expected a name of its own."))
            if not data.get(f"summary-{place}"):
                self.add_error(f"summary-{place}", _("Expected a line in words, found none."))
            codes.setdefault(code, place)
        return data

    def named_terms(self) -> tuple[NamedTerm, ...]:
        """Return the chosen configurations with their names."""
        data = self.cleaned_data
        return tuple(
            NamedTerm(
                column=matching.name,
                code=slugify(data[f"name-{place}"])[:LONGEST_CODE],
                name=self._texts(data[f"name-{place}"], matching, "name"),
                summary=self._texts(data[f"summary-{place}"], matching, "summary"),
            )
            for place, matching in enumerate(self.matching.terms)
            if data[f"use-{place}"]
        )

    def _texts(self, text: str, matching: TermMatching, kind: str) -> Mapping[str, str]:
        """A proposed text that was kept stays in all its languages."""
        proposed = self.known.get(matching.proposed)
        known: list[Mapping[str, str]] = [getattr(proposed, kind)] if proposed else []
        return kept_texts(text, known, self.language)
