"""Answers to a questionnaire: what may be given, and what a ballot always holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.errors import InputError
from survey.instrument.content import Instrument


@dataclass(frozen=True, slots=True)
class Answers:
    """What one respondent has given so far.

    An item maps to 1..points, or to None where the respondent opted out; an item that is not
    there has not been answered yet. A background question maps to an option's code or None.
    """

    items: Mapping[str, int | None] = field(default_factory=dict)
    background: Mapping[str, str | None] = field(default_factory=dict)

    def updated(self, newer: "Answers") -> "Answers":
        """Return these answers with newer ones laid over them.

        >>> Answers({"TF1": 4, "TF2": 5}).updated(Answers({"TF1": None})).items
        {'TF1': None, 'TF2': 5}
        """
        return Answers({**self.items, **newer.items}, {**self.background, **newer.background})


def check_answers(instrument: Instrument, answers: Answers, *, function: str) -> None:
    """Raise InputError if an answer belongs to no item asked, question, point or option.

    The error never quotes an answer, nor what stands where a code should: it may end in a log.
    """
    items = {item.code for item in instrument.asked_of(function)}
    points = range(1, instrument.scale.points + 1)
    for code, value in answers.items.items():
        if code not in items:
            raise InputError(
                f"Answer: expected a code that {instrument.code} asks {function}, found another."
            )
        if value is not None and value not in points:
            raise InputError(
                f"{code}: expected 1 to {instrument.scale.points} or nothing, found another value."
            )
    options = {
        question.code: {option for option, _ in question.options}
        for question in instrument.background
    }
    for code, choice in answers.background.items():
        if code not in options or (choice is not None and choice not in options[code]):
            raise InputError(
                f"Background: expected a question of {instrument.code} and one of its options, "
                "found another."
            )


def longest_answers(instrument: Instrument) -> Answers:
    """Return the answers that take the most room: nothing to any item, the longest options."""
    return Answers(
        {item.code: None for _, item in instrument.items()},  # null is longer than any point
        {
            question.code: max((code for code, _ in question.options), key=len, default=None)
            for question in instrument.background
        },
    )


def complete_answers(instrument: Instrument, answers: Answers) -> Answers:
    """Return the answers with every item and question in it, what is missing as None.

    Items that this respondent's function is not asked are in it as well, always as None.
    """
    return Answers(
        {item.code: answers.items.get(item.code) for _, item in instrument.items()},
        {q.code: answers.background.get(q.code) for q in instrument.background},
    )
