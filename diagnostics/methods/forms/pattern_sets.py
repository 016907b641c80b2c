"""The editor of a pattern set: a group of fields a pattern, and a choice an element."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.methods.forms.pattern_texts import kept_texts, shown_text
from diagnostics.methods.solution_tables import MOST_PATTERNS
from diagnostics.scoring.method import NamedPattern, PatternSetContent
from diagnostics.wording.definition_titles import shipped_text
from survey.models import Function, Organisation

LONGEST_CODE: Final = 40  # characters
SPARE: Final = 1  # empty groups below the filled ones
BLANK: Final = ""
CONDITIONS: Final = (
    (BLANK, gettext_lazy("does not matter")),
    ("present-core", gettext_lazy("present, core")),
    ("present", gettext_lazy("present, supporting")),
    ("absent-core", gettext_lazy("absent, core")),
    ("absent", gettext_lazy("absent, supporting")),
)


@dataclass(frozen=True, slots=True)
class PatternFields:
    """The fields of one pattern."""

    place: int
    name: BoundField
    summary: BoundField
    function: BoundField
    conditions: tuple[BoundField, ...]


class PatternSetForm(forms.Form):
    """Take a title, a note and up to eight patterns; empty groups are passed over."""

    title = forms.CharField(label=gettext_lazy("Title of the pattern set"), max_length=120)
    note = forms.CharField(
        label=gettext_lazy("Where it comes from, and why"),
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Reports print it beside the patterns: a source, or your reasons."),
    )

    def __init__(
        self,
        organisations: Sequence[Organisation],
        elements: Mapping[str, str],
        content: PatternSetContent | None,
        *,
        language: str,
        data: Any = None,  # noqa: ANN401
    ) -> None:
        self.previous = content.patterns if content else ()
        self.elements, self.language = elements, language
        super().__init__(data, initial=_initial(content))
        self.count = self._count()
        self.fields["organisation"] = forms.ModelChoiceField(
            Organisation.objects.filter(pk__in=[one.pk for one in organisations]),
            label=_("Organisation"), initial=organisations[0],
            widget=None if len(organisations) > 1 else forms.HiddenInput(),
        )  # fmt: skip
        self.fields["count"] = forms.IntegerField(
            widget=forms.HiddenInput(), initial=self.count, min_value=1, max_value=MOST_PATTERNS
        )
        for place in range(self.count):
            self._add_pattern(place)

    def groups(self) -> Iterator[PatternFields]:
        """Yield the fields pattern by pattern."""
        for place in range(self.count):
            yield PatternFields(
                place=place + 1,
                name=self[f"name-{place}"],
                summary=self[f"summary-{place}"],
                function=self[f"function-{place}"],
                conditions=tuple(self[f"{element}-{place}"] for element in self.elements),
            )

    def clean(self) -> dict[str, Any]:
        """Check that the set can score a unit: whole patterns with names of their own."""
        data = super().clean() or {}
        used = [place for place in range(self.count) if self._is_used(place, data)]
        for place in used:
            self._check_pattern(place, data)
        keys = [(self._code(place, data), data.get(f"function-{place}", "")) for place in used]
        for place, key in zip(used, keys, strict=True):
            if key[0] and keys.index(key) != used.index(place):
                self.add_error(f"name-{place}", _("Expected a name of its own."))
        if not any(not data.get(f"function-{place}") for place in used):
            raise ValidationError(_("Expected a pattern for both functions, found none."))
        return data

    def patterns(self) -> tuple[NamedPattern, ...]:
        """Return the patterns of a valid form."""
        data = self.cleaned_data
        return tuple(
            self._pattern(place, data) for place in range(self.count) if self._is_used(place, data)
        )

    def _count(self) -> int:
        try:
            posted = int(self.data.get("count", 0))
        except ValueError:
            posted = 0
        wanted = posted or max(len(self.previous), 2) + SPARE
        return max(1, min(wanted, MOST_PATTERNS))

    def _add_pattern(self, place: int) -> None:
        known = self.previous[place] if place < len(self.previous) else None
        self.fields[f"name-{place}"] = forms.CharField(
            label=_("Name"), required=False, max_length=40,
            initial=shown_text(known.name, self.language) if known else "",
        )  # fmt: skip
        self.fields[f"summary-{place}"] = forms.CharField(
            label=_("In words"), required=False, max_length=200,
            initial=shown_text(known.summary, self.language) if known else "",
            widget=forms.Textarea({"rows": 2}),
        )  # fmt: skip
        self.fields[f"function-{place}"] = forms.ChoiceField(
            label=_("For"), required=False,
            choices=[("", _("both functions")), *Function.choices],
            initial=known.function if known else "",
        )  # fmt: skip
        for element, name in self.elements.items():
            self.fields[f"{element}-{place}"] = forms.ChoiceField(
                label=name, required=False, choices=CONDITIONS,
                initial=_choice(known, element),
            )  # fmt: skip

    def _is_used(self, place: int, data: Mapping[str, Any]) -> bool:
        keys = ("name", "summary", *self.elements)
        return any(data.get(f"{key}-{place}") for key in keys)

    def _check_pattern(self, place: int, data: Mapping[str, Any]) -> None:
        if not self._code(place, data):
            self.add_error(f"name-{place}", _("Expected a name with letters, found none."))
        if not data.get(f"summary-{place}"):
            self.add_error(f"summary-{place}", _("Expected a line in words, found none."))
        if not any(data.get(f"{element}-{place}") for element in self.elements):
            self.add_error(f"name-{place}", _("Expected at least one element that matters."))

    def _code(self, place: int, data: Mapping[str, Any]) -> str:
        """A kept name keeps its code, so that waves and functions stay comparable."""
        name = data.get(f"name-{place}", "")
        kept = [
            one.code
            for one in self.previous
            if name and shown_text(one.name, self.language) == name
        ]
        return kept[0] if kept else slugify(name)[:LONGEST_CODE]

    def _pattern(self, place: int, data: Mapping[str, Any]) -> NamedPattern:
        chosen = {element: data[f"{element}-{place}"] for element in self.elements}
        asked = {element: choice for element, choice in chosen.items() if choice}
        names = [one.name for one in self.previous]
        summaries = [one.summary for one in self.previous]
        return NamedPattern(
            code=self._code(place, data),
            name=kept_texts(data[f"name-{place}"], names, self.language),
            summary=kept_texts(data[f"summary-{place}"], summaries, self.language),
            function=data[f"function-{place}"],
            required={element: choice.startswith("present") for element, choice in asked.items()},
            core=frozenset(name for name, choice in asked.items() if choice.endswith("core")),
        )


def _initial(content: PatternSetContent | None) -> dict[str, str]:
    if content is None:
        return {}
    return {"title": shipped_text(content.title), "note": shipped_text(content.note)}


def _choice(known: NamedPattern | None, element: str) -> str:
    if known is None or element not in known.required:
        return BLANK
    word = "present" if known.required[element] else "absent"
    return f"{word}-core" if element in known.core else word
