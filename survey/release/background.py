"""What is told of background answers: counts of the whole company, and of no answer by few."""

from collections import Counter
from collections.abc import Iterable, Mapping

from survey.instrument.content import Question

Choices = Mapping[str, str | None]  # question -> option; None or nothing: not told


def background_counts(
    questions: Iterable[Question], given: Iterable[Choices], *, floor: int
) -> dict[str, dict[str, int]]:
    """Return question -> option -> people, of the options that may be told.

    Whoever knows how many people answered can compute how many gave none of the options told. So
    the rest, those who told nothing always among them, is at least the floor as well: where the
    options below the floor are too few together, the smallest other one joins them. Any number
    from zero to the floor then fits each option of the rest, whatever the reader subtracts. Of a
    question with no option left nothing is told.
    """
    people = list(given)
    counted = {question.code: _told(question, people, floor) for question in questions}
    return {code: told for code, told in counted.items() if told}


def _told(question: Question, people: list[Choices], floor: int) -> dict[str, int]:
    found = Counter(choices.get(question.code) for choices in people)
    counts = {option: found[option] for option, _ in question.options}
    told = {option: n for option, n in counts.items() if n >= floor}
    if told and len(people) - sum(told.values()) < floor:
        del told[min(told, key=lambda option: told[option])]
    return told
