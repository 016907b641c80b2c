"""Forms about head counts: people without e-mail, and a second person's word for it all."""

from collections.abc import Iterator
from typing import Any

from django import forms

from survey.models import Function
from survey.policy import HEADS_WITHOUT_MAIL
from survey.selectors.head_counts.counts import GroupCount, HeadCounts


class HeadCountsForm(forms.Form):
    """A number for each unit and function; fields go by the unit's code, whatever its place."""

    def __init__(self, counts: HeadCounts, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._groups = {_field_of(group): group for group in counts.groups}
        for place, (name, group) in enumerate(self._groups.items()):
            self.fields[name] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=HEADS_WITHOUT_MAIL,
                initial=group.without_mail or None,
                widget=forms.NumberInput({"id": f"heads-{place}", "class": "form-control"}),
            )

    def rows(self) -> Iterator[tuple[GroupCount, forms.BoundField]]:
        """Yield what is known of each unit and function with its field."""
        for name, group in self._groups.items():
            yield group, self[name]

    def counts(self) -> dict[tuple[str, Function], int]:
        """Return the numbers by the unit's code and the function."""
        return {
            (group.unit_code, group.function): self.cleaned_data[name] or 0
            for name, group in self._groups.items()
        }


class ConfirmationForm(forms.Form):
    """The fingerprint of the numbers that were shown."""

    digest = forms.CharField(max_length=64)


def _field_of(group: GroupCount) -> str:
    return f"{group.function.value}-{group.unit_code}"
