"""The form behind the questionnaire: one field an item or background question, none required."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from survey.instrument.answers import Answers
from survey.instrument.content import Instrument, Item, Question

OPT_OUT: Final = "none"  # the posted value of "cannot judge"
BACKGROUND: Final = "background-"  # keeps a question's name apart from every item's


class Options(BaseChoiceIterator):
    """Pairs of value and label that many fields share; Django would normalise each field's own."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield the pairs."""
        return iter(self.pairs)


class AnswersForm(forms.Form):
    """Check posted answers to some of a questionnaire's items and questions."""

    def __init__(
        self,
        instrument: Instrument,
        *,
        language: str,
        function: str,
        items: Iterable[Item],
        questions: Iterable[Question] = (),
        data: Mapping[str, Any] | None = None,
        given: Answers | None = None,
    ) -> None:
        super().__init__(data, initial=posted_form(given) if given else None)
        labels = instrument.scale.labels[language]
        points = Options(
            [
                *((str(point), label) for point, label in enumerate(labels, start=1)),
                (OPT_OUT, instrument.scale.opt_out[language]),
            ]
        )
        for item in items:
            self.fields[item.code] = _radios(item.wording(language, function), points)
        self.question_of: dict[str, str] = {}  # field -> question; every other field is an item's
        for question in questions:
            self.question_of[BACKGROUND + question.code] = question.code
            options = [(code, texts[language]) for code, texts in question.options]
            self.fields[BACKGROUND + question.code] = _radios(
                question.text[language], Options([*options, ("", _("Prefer not to say"))])
            )

    def answers(self) -> Answers:
        """Return what was posted; a field that was not in the post is not in the answers."""
        return self.answers_to(self.data)

    def answers_to(self, names: Container[str]) -> Answers:
        """Return what was posted in some of the fields."""
        posted = {name: value for name, value in self.cleaned_data.items() if name in names}
        return Answers(
            {
                name: None if value == OPT_OUT else int(value)
                for name, value in posted.items()
                if value and name not in self.question_of
            },
            {
                self.question_of[name]: value or None
                for name, value in posted.items()
                if name in self.question_of
            },
        )


def posted_form(answers: Answers) -> dict[str, str]:
    """Return answers as the names and values that the form would post."""
    items = {code: OPT_OUT if v is None else str(v) for code, v in answers.items.items()}
    background = {BACKGROUND + code: choice or "" for code, choice in answers.background.items()}
    return items | background


def _radios(label: str, options: Options) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, required=False, widget=forms.RadioSelect)
