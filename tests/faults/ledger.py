"""What the suite saw itself, held against what the product has: lost, twice, or left waiting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.faults.mail_server import Delivered

Sheet = Mapping[str, int]


class Group(StrEnum):
    """What a count is about."""

    LOST = "lost"
    TWICE = "twice"
    WAITING = "waiting"
    TRIED = "tried"  # a fault that did not happen proves nothing


@dataclass(frozen=True, slots=True)
class Count:
    """One number that has to be zero, with examples of what makes it another."""

    group: Group
    what: str
    found: int
    examples: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether it is zero."""
        return self.found == 0


def count(group: Group, what: str, found: Iterable[object]) -> Count:
    """Return a count of things, the first three of them as examples."""
    things = [str(thing) for thing in found]
    return Count(group, what, len(things), tuple(things[:3]))


@dataclass
class Ledger:
    """What people did and got, as they saw it."""

    answers: dict[str, Sheet] = field(default_factory=dict)  # of whoever was thanked, by address
    may_have_answered: dict[str, Sheet] = field(default_factory=dict)  # handed in, and not thanked
    texts: dict[str, str] = field(default_factory=dict)  # what was saved, by where it stands
    not_deliverable: set[str] = field(default_factory=set)  # addresses that the server refuses
    repeats: int = 0  # mails that may come again with the same Message-ID: one a fault in between

    def lost_answers(self, released: Sequence[Sheet]) -> Count:
        """Count answers that somebody was thanked for and that the release does not have."""
        missing = Counter(_keys(self.answers.values(), released))
        missing.subtract(_keys(released, released))
        lost = [
            address for address, sheet in self.answers.items() if missing[_key(sheet, released)] > 0
        ]
        return count(Group.LOST, "answers thanked for and not in the release", lost)

    def extra_answers(self, released: Sequence[Sheet]) -> Count:
        """Count answers in the release that nobody gave, or that stand there twice."""
        extra = Counter(_keys(released, released))
        given = [*self.answers.values(), *self.may_have_answered.values()]
        extra.subtract(_keys(given, released))
        found = [key for key, number in extra.items() for _ in range(max(0, number))]
        return count(
            Group.TWICE, "answers in the release that nobody gave, or twice", map(len, found)
        )

    def lost_mails(self, due: Iterable[str], delivered: Sequence[Delivered], kind: str) -> Count:
        """Count addresses whose mail was due and never came."""
        reached = {mail.recipient for mail in delivered if kind in mail.subject}
        lost = set(due) - reached - self.not_deliverable
        return count(Group.LOST, f"mails due and not delivered: {kind!r}", sorted(lost))

    def doubled_mails(self, delivered: Sequence[Delivered], alarms: Iterable[str] = ()) -> Count:
        """Count mails of one kind that somebody got as two, and alarms with one Message-ID."""
        single = set(alarms)
        ids: dict[tuple[str, str], set[str]] = {}
        for mail in delivered:
            if mail.recipient not in single:
                ids.setdefault((mail.recipient, mail.subject), set()).add(mail.message_id)
        twice = [f"{who}: {what}" for (who, what), found in ids.items() if len(found) > 1]
        return count(Group.TWICE, "mails of one kind to one person, as two", twice)

    def repeated_mails(self, delivered: Sequence[Delivered]) -> Count:
        """Count copies of one mail, beyond those that a fault between yes and note explains."""
        copies = Counter((mail.message_id, mail.recipient) for mail in delivered)
        again = [who for (_, who), number in copies.items() for _ in range(number - 1)]
        beyond = again[self.repeats :]
        return count(Group.TWICE, f"copies of one mail, beyond {self.repeats} explained", beyond)

    def lost_texts(self, stored: Mapping[str, Sequence[str]]) -> Count:
        """Count saved texts that are not where they were saved."""
        lost = [place for place, text in self.texts.items() if text not in stored.get(place, ())]
        return count(Group.LOST, "saved texts that are gone", lost)

    def doubled_texts(self, stored: Mapping[str, Sequence[str]]) -> Count:
        """Count texts that were saved once and stand there more often."""
        twice = [
            f"{place}: {text}"
            for place, texts in stored.items()
            for text, number in Counter(texts).items()
            for _ in range(number - 1)
        ]
        return count(Group.TWICE, "saved texts that stand there twice", twice)


def _keys(sheets: Iterable[Sheet], released: Sequence[Sheet]) -> list[tuple[tuple[str, int], ...]]:
    return [_key(sheet, released) for sheet in sheets]


def _key(sheet: Sheet, released: Sequence[Sheet]) -> tuple[tuple[str, int], ...]:
    """Return what tells a sheet from others, by the items that the release holds."""
    codes = {code for row in released for code in row}
    return tuple(sorted((code, value) for code, value in sheet.items() if code in codes))
