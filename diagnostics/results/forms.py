"""The form of one action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diagnostics.models import Action
from survey.forms.staff_form import StaffFormHelper


class ActionForm(forms.Form):
    """What will be done about which element, who sees to it, and by when."""

    element = forms.ChoiceField(label=_("What it is to move"))
    text = forms.CharField(
        label=_("What we will do"),
        max_length=Action.TEXT_LENGTH,
        help_text=_("One thing, in one sentence."),
    )
    owner = forms.CharField(
        label=_("Who sees to it"),
        max_length=Action.OWNER_LENGTH,
        help_text=_("A name or a role. Whoever may read this unit's report reads it."),
    )
    due_on = forms.DateField(
        label=_("By when"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, elements: dict[str, str], *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self.fields["element"].choices = list(elements.items())  # type: ignore[attr-defined]
        self.helper = StaffFormHelper()


class ChangedActionForm(ActionForm):
    """An action that was noted before, with what became of it."""

    state = forms.ChoiceField(label=_("How it stands"), choices=Action.State.choices)

    def __init__(self, action: Action, elements: dict[str, str], *args: Any) -> None:  # noqa: ANN401
        initial = {name: getattr(action, name) for name in ("element", "text", "owner", "due_on")}
        super().__init__(elements, *args, initial={**initial, "state": action.state})
