"""The content of one questionnaire version as frozen, checked objects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from survey.errors import InputError

VARIANT = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
Texts = Mapping[str, str]  # language -> text
FUNCTIONS: Final = ("operations", "sales")


class ConstructRole(StrEnum):
    """What a construct is for."""

    ELEMENT = "element"
    OUTCOME = "outcome"
    CHECK = "check"
    MARKER = "marker"


def for_function(text: str, function: str) -> str:
    """Return a text with its {operations | sales} variants resolved.

    >>> for_function("We {repair | sell} pumps.", "sales")
    'We sell pumps.'
    """
    group = 2 if function == "sales" else 1
    return VARIANT.sub(lambda match: match.group(group).strip(), text)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement on the answering scale."""

    code: str
    text: Texts
    is_reversed: bool = False
    expected: int | None = None  # the answer that an attention check asks for
    function: str = ""  # the one that is asked; "" for both

    def wording(self, language: str, function: str) -> str:
        """Return the statement as people of a function read it, or the one that is asked."""
        return for_function(self.text[language], self.function or function)

    def is_asked_of(self, function: str) -> bool:
        """Whether everybody of a function is asked; of people whose function is not told: both.

        >>> [Item("S1", {}, function="sales").is_asked_of(one) for one in ("", *FUNCTIONS)]
        [False, False, True]
        """
        return self.function in ("", function)


@dataclass(frozen=True, slots=True)
class Construct:
    """A block of items; sensitive ones are shown for ten answers or more only."""

    code: str
    role: ConstructRole
    name: Texts
    items: tuple[Item, ...]
    lead_in: Texts
    source: str = ""
    is_sensitive: bool = False
    rotates: bool = False  # stands in another order for each respondent


@dataclass(frozen=True, slots=True)
class Question:
    """An optional question about the respondent's own background."""

    code: str
    text: Texts
    options: tuple[tuple[str, Texts], ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """The answering scale; the opt-out is stored as missing, never as the midpoint."""

    points: int
    labels: Mapping[str, Sequence[str]]  # language -> one label a point
    opt_out: Texts


@dataclass(frozen=True, slots=True)
class Instrument:
    """A whole questionnaire."""

    code: str
    version: int
    title: Texts
    opening: Texts
    scale: Scale
    constructs: tuple[Construct, ...]
    background: tuple[Question, ...]
    declared: tuple[str, ...]  # languages that have been begun
    checked: frozenset[str]  # of these, those that a native speaker has checked
    stem: Texts = field(default_factory=dict)  # begins every statement about the unit, if it is set

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which nothing is missing; only these can be offered."""
        return tuple(code for code in self.declared if not self.missing(code))

    def missing(self, language: str) -> tuple[str, ...]:
        """Return the places that have no text in a language."""
        places = [where for where, texts in self.texts() if not texts.get(language, "").strip()]
        labels = [label for label in self.scale.labels.get(language, ()) if label.strip()]
        if len(labels) != self.scale.points:
            places.append("scale labels")
        return tuple(places)

    def texts(self) -> Iterator[tuple[str, Texts]]:
        """Yield every place that has a text, beside the labels of the scale."""
        yield "title", self.title
        yield "opening", self.opening
        if self.stem:
            yield "stem", self.stem
        yield "scale opt_out", self.scale.opt_out
        for construct in self.constructs:
            yield construct.code, construct.name
            if construct.lead_in:
                yield f"{construct.code} lead_in", construct.lead_in
            yield from ((item.code, item.text) for item in construct.items)
        for question in self.background:
            yield question.code, question.text
            yield from ((f"{question.code} {code}", texts) for code, texts in question.options)

    def items(self, *roles: ConstructRole) -> Iterator[tuple[Construct, Item]]:
        """Yield every item with its construct, of the given roles or of all."""
        for construct in self.constructs:
            if not roles or construct.role in roles:
                for item in construct.items:
                    yield construct, item

    def asked_of(self, function: str) -> tuple[Item, ...]:
        """Return the items that people of a function are asked."""
        return tuple(item for _, item in self.items() if item.is_asked_of(function))

    def without(self, *roles: ConstructRole) -> "Instrument":
        """Return the questionnaire without the constructs of some roles."""
        kept = tuple(one for one in self.constructs if one.role not in roles)
        return replace(self, constructs=kept)

    def construct(self, code: str) -> Construct:
        """Return a construct by its code."""
        return next(construct for construct in self.constructs if construct.code == code)


def parse_instrument(content: Mapping[str, Any]) -> Instrument:
    """Return the checked instrument, or raise InputError that says where and what."""
    try:
        instrument = _instrument(content)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"Instrument: expected every required field, found a problem at {error}."
        ) from error
    _check(instrument)
    return instrument


def _instrument(content: Mapping[str, Any]) -> Instrument:
    scale = content["scale"]
    return Instrument(
        code=content["code"],
        version=int(content["version"]),
        title=content["title"],
        opening=content["opening"],
        scale=Scale(int(scale["points"]), scale["labels"], scale["opt_out"]),
        constructs=tuple(_construct(entry) for entry in content["constructs"]),
        background=tuple(_question(entry) for entry in content.get("background", ())),
        declared=tuple(content.get("translations", content["title"])),
        checked=frozenset(
            code for code, entry in content.get("translations", {}).items() if entry.get("checked")
        ),
        stem=content.get("stem", {}),
    )


def _construct(entry: Mapping[str, Any]) -> Construct:
    return Construct(
        code=entry["code"],
        role=ConstructRole(entry["role"]),
        name=entry["name"],
        items=tuple(
            Item(
                code=item["code"],
                text=item["text"],
                is_reversed=bool(item.get("reversed")),
                expected=item.get("expected"),
                function=item.get("function", ""),
            )
            for item in entry["items"]
        ),
        lead_in=entry.get("lead_in", {}),
        source=entry.get("source", ""),
        is_sensitive=bool(entry.get("sensitive")),
        rotates=bool(entry.get("rotates")),
    )


def _question(entry: Mapping[str, Any]) -> Question:
    options = tuple((option["code"], option["text"]) for option in entry["options"])
    return Question(entry["code"], entry["text"], options)


def _check(instrument: Instrument) -> None:
    codes = [item.code for _, item in instrument.items()]
    codes += [construct.code for construct in instrument.constructs]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise InputError(
            f"Instrument: expected every code once, found {', '.join(repeated)} again."
        )
    for _, item in instrument.items():
        if item.function not in ("", *FUNCTIONS):
            raise InputError(
                f"{item.code}: expected {' or '.join(FUNCTIONS)} as its function, "
                f"found {item.function!r}."
            )
    outcomes = [c.code for c in instrument.constructs if c.role is ConstructRole.OUTCOME]
    if len(outcomes) != 1:
        raise InputError(f"Instrument: expected one outcome construct, found {len(outcomes)}.")
    if not instrument.languages:
        gaps = {code: instrument.missing(code) for code in instrument.declared}
        nearest = min(gaps, key=lambda code: len(gaps[code]), default="any language")
        raise InputError(
            "Instrument: expected one language with every text, "
            f"found none in {nearest} for {', '.join(gaps.get(nearest, ())) or 'anything'}."
        )
