"""All sets of named patterns that fit what is known of them, where the sets are not published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product

from qca.errors import OptionError, PatternError, UnknownNameError
from qca.inputs import set_names
from qca.patterns.named_patterns import Pattern

MOST_CANDIDATES = 1_000_000  # sets looked at; four choices and three free names make 64 ** 3

PatternSet = tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a set of patterns, as constraints that admit some sets and no others.

    Every pattern requires the shared elements. Of the choice elements it requires at least one
    present and does without at least one, which is irrelevant or absent: what is missing is made
    up for. No pattern contains another, since of A and A*B a minimised solution keeps A alone.

    Parameters
    ----------
    shared : tuple of str
        Elements that every pattern requires present.
    choices : tuple of str
        Elements that a pattern may require present, require absent, or leave open; two or more.
        Elements that stand in neither place are required by no pattern.
    signatures : mapping of str to str or None
        Name of a pattern -> the choice element that its name speaks of, which it requires
        present; None where the name speaks of none. Two names or more.
    stand_ins : mapping of str to str
        Choice element -> the one that is present in every pattern that requires the former absent.
    allow_absent : bool
        Whether a pattern may require an element to be absent.

    Raises
    ------
    PatternError
        There are fewer than two choice elements or names.
    SetNameError, DuplicateNameError
        The elements cannot stand in an expression together.
    UnknownNameError
        A signature or stand-in is no choice element.

    Examples
    --------
    >>> Reading(("A",), ("B", "C"), {"bold": "B", "calm": None}).elements
    ('A', 'B', 'C')
    """

    shared: tuple[str, ...]
    choices: tuple[str, ...]
    signatures: Mapping[str, str | None] = field(hash=False)
    stand_ins: Mapping[str, str] = field(default_factory=dict, hash=False)
    allow_absent: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "shared", tuple(self.shared))
        object.__setattr__(self, "choices", tuple(self.choices))
        object.__setattr__(self, "signatures", dict(self.signatures))
        object.__setattr__(self, "stand_ins", dict(self.stand_ins))
        set_names(self.elements, "element")
        for what, found in (("choice elements", self.choices), ("names", [*self.signatures])):
            if len(found) < 2:
                raise PatternError(f"expected two {what} or more, found {list(found)}")
        spoken = [element for element in self.signatures.values() if element is not None]
        for element in (*spoken, *self.stand_ins, *self.stand_ins.values()):
            if element not in self.choices:
                raise UnknownNameError(
                    f"expected signatures and stand-ins among {list(self.choices)},"
                    f" found {element!r}"
                )

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements that patterns may require: shared ones, then choices."""
        return (*self.shared, *self.choices)


def admissible_sets(reading: Reading) -> tuple[PatternSet, ...]:
    """Enumerate every set of named patterns that a reading admits.

    With signatures for all names the patterns of one structure bear their names in as few ways as
    these allow; without any, every structure stands once for each order of the names.

    Parameters
    ----------
    reading : Reading
        The constraints.

    Returns
    -------
    tuple of tuples of Pattern
        Each set in the order of the reading's names; no core elements are told.

    Raises
    ------
    OptionError
        There are more candidates than can be looked at.
    PatternError
        No set is admissible.

    Examples
    --------
    >>> pair = Reading(("A",), ("B", "C"), {"bold": "B", "calm": "C"}, allow_absent=False)
    >>> [[pattern.expression for pattern in one] for one in admissible_sets(pair)]
    [['A*B', 'A*C']]

    References
    ----------
    Rutin's own proposal. That no term of a minimised solution contains another: Quine (1955), A
    way to simplify truth functions, American Mathematical Monthly 62.
    """
    shapes = tuple(_shapes(reading))
    by_name = [
        [shape for shape in shapes if element is None or shape.get(element)]
        for element in reading.signatures.values()
    ]
    _refuse_too_many([len(found) for found in by_name])
    sets = tuple(
        tuple(
            Pattern(name, dict.fromkeys(reading.shared, True) | shape)
            for name, shape in zip(reading.signatures, chosen, strict=True)
        )
        for chosen in product(*by_name)
        if not any(one.items() <= other.items() for one, other in permutations(chosen, 2))
    )
    if not sets:
        raise PatternError("expected a reading that admits a set of patterns, found none")
    return sets


def _shapes(reading: Reading) -> Iterator[dict[str, bool]]:
    """What one pattern may require of the choice elements."""
    states = (True, None, False) if reading.allow_absent else (True, None)
    for chosen in product(states, repeat=len(reading.choices)):
        shape = {
            element: state
            for element, state in zip(reading.choices, chosen, strict=True)
            if state is not None
        }
        stood_in = all(
            shape.get(other)
            for element, other in reading.stand_ins.items()
            if shape.get(element) is False
        )
        if stood_in and 0 < sum(shape.values()) < len(reading.choices):
            yield shape


def _refuse_too_many(shapes: list[int]) -> None:
    candidates = 1
    for count in shapes:
        candidates *= count
    if candidates > MOST_CANDIDATES:
        raise OptionError(
            f"expected at most {MOST_CANDIDATES} candidate sets, found {candidates}:"
            " too many choice elements or names"
        )
