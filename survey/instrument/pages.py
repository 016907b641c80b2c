"""How a questionnaire is laid out for one respondent: pages, and the order of items on each."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from survey.instrument.answers import Answers
from survey.instrument.content import Construct, ConstructRole, Instrument, Item, Question, Texts

ABOUT_THE_UNIT: Final = (ConstructRole.ELEMENT, ConstructRole.OUTCOME)
SECONDS_AN_ITEM: Final = 15  # seconds; what reading and answering one statement takes


@dataclass(frozen=True, slots=True)
class QuestionnairePage:
    """One page: the items of one construct, or the background questions."""

    number: int
    lead_in: Texts
    stem: Texts = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    questions: tuple[Question, ...] = ()

    def neighbour(self, direction: str) -> int:
        """Return the number of the page before ("back") or after; it may lie outside."""
        return self.number - 1 if direction == "back" else self.number + 1


def questionnaire_pages(
    instrument: Instrument, rank: Callable[[str], bytes], *, function: str
) -> tuple[QuestionnairePage, ...]:
    """Return a function's pages, items ordered by the rank that a respondent's code gives each.

    An attention check stands among the items of the construct before it: on a page of its own
    it would give itself away. Elements that rotate come first, and other elements behind them.
    """
    pages = [
        QuestionnairePage(
            number,
            block[0].lead_in,
            instrument.stem if block[0].role in ABOUT_THE_UNIT else {},
            tuple(
                sorted(
                    (item for part in block for item in part.items if item.is_asked_of(function)),
                    key=lambda item: rank(item.code),
                )
            ),
        )
        for number, block in enumerate(_blocks(_in_order(instrument, rank)), start=1)
    ]
    if instrument.background:
        pages.append(QuestionnairePage(len(pages) + 1, {}, questions=instrument.background))
    return tuple(pages)


def minutes_to_answer(instrument: Instrument, *, function: str) -> int:
    """Return how long answering takes people of a function, in whole minutes."""
    return math.ceil(len(instrument.asked_of(function)) * SECONDS_AN_ITEM / 60)


def _in_order(instrument: Instrument, rank: Callable[[str], bytes]) -> list[Construct]:
    """Return the constructs as somebody meets them: where none rotates, as they stand."""
    if not any(construct.rotates for construct in instrument.constructs):
        return list(instrument.constructs)
    behind = {ConstructRole.CHECK: 1, ConstructRole.ELEMENT: 2}  # those that rotate are at 0

    def place(construct: Construct) -> tuple[int, bytes]:
        if construct.rotates:
            return 0, rank(construct.code)
        return behind.get(construct.role, len(ConstructRole)), b""

    return sorted(instrument.constructs, key=place)


def _blocks(constructs: Iterable[Construct]) -> Iterator[list[Construct]]:
    block: list[Construct] = []
    for construct in constructs:
        if block and construct.role is not ConstructRole.CHECK:
            yield block
            block = []
        block.append(construct)
    yield block


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a respondent has come; opting out of an item counts as answering it."""

    answered: int
    total: int
    missing: tuple[tuple[QuestionnairePage, Item], ...]

    @property
    def next_page(self) -> int:
        """The first page with a missing item, or the first page."""
        return self.missing[0][0].number if self.missing else 1


def progress_through(pages: tuple[QuestionnairePage, ...], answers: Answers) -> Progress:
    """Return what is answered and what is missing, in the order of the pages."""
    shown = [(page, item) for page in pages for item in page.items]
    missing = tuple((page, item) for page, item in shown if item.code not in answers.items)
    return Progress(len(shown) - len(missing), len(shown), missing)
