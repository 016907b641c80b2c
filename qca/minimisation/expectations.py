"""Directional expectations: which value of a condition theory links to the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qca.errors import ExpressionError, OptionError, UnknownNameError
from qca.inputs import set_names
from qca.sets.expressions import Expression, Literal
from qca.sets.simplification import simplify

Expectations = Expression | str | Sequence[str | int | None] | Mapping[str, str | int | None]
_VALUES = {"1": True, "0": False, "-": None, "None": None}


@dataclass(frozen=True, slots=True)
class DirectionalExpectations:
    """Expectations as bits; the first condition is the most significant one.

    Attributes
    ----------
    present, absent : conditions expected present, expected absent
    conjunctions : pairs (mask, value) of literals expected to work together only
    every : weigh every expectation (default); else, as R QCA 3.25 does, only the last conjunction
        if there is any
    """

    present: int
    absent: int
    conjunctions: tuple[tuple[int, int], ...] = ()
    every: bool = True

    def unexpected(self, mask: int, value: int) -> int:
        """Name the conditions of a term that contradict the expectations, as bits.

        A single literal contradicts if only its opposite is expected. A conjunction counts whole:
        if one of its conditions has the opposite value, every condition of it contradicts.

        Parameters
        ----------
        mask, value : the term

        Examples
        --------
        >>> DirectionalExpectations(0b100, 0, ((0b011, 0b011),)).unexpected(0b111, 0b010)
        7
        >>> DirectionalExpectations(0b100, 0, ((0b011, 0b011),), False).unexpected(0b111, 0b010)
        3
        """
        contrary = 0
        if self.every or not self.conjunctions:
            contrary = mask & (self.present & ~value | self.absent & value)
            contrary &= ~(self.present & self.absent)
        for conditions, expected in self.conjunctions[0 if self.every else -1 :]:
            if (value ^ expected) & conditions & mask:
                contrary |= conditions & mask
        return contrary


def read_expectations(
    expectations: Expectations, conditions: Sequence[str], *, every: bool = True
) -> DirectionalExpectations:
    """Read directional expectations.

    An expression is simplified first. R QCA 3.25 forgets what it found for single literals and
    earlier conjunctions when it comes to the next conjunction, so that of `DEV + LIT*STB` only
    `LIT*STB` has an effect, and of several conjunctions the one sorted last. The default weighs
    all expectations, which is what the expression says; `every=False` gives R's numbers.

    Parameters
    ----------
    expectations : one of "1" (present), "0" (absent), "-" (none) for every condition in order;
        a mapping of some conditions to these; or an expression such as "DEV + LIT*STB", in which
        a single literal is an expectation and a conjunction one that counts only whole
    conditions : names, the first is the most significant bit
    every : weigh every expectation also where there are conjunctions (default); False: as R

    Returns
    -------
    DirectionalExpectations
        Conjunctions in R's order: shorter ones first, then by condition, absent ones first.

    Raises
    ------
    OptionError
        The number of expectations differs from that of conditions, or a value is not offered.
    UnknownNameError, SetNameError, DuplicateNameError
        A name is not among the conditions, or they cannot stand in an expression together.
    ExpressionError
        A text is not a valid expression, or says nothing (0 or 1).

    Examples
    --------
    >>> read_expectations("A + ~B*C", ["A", "B", "C"])
    DirectionalExpectations(present=4, absent=0, conjunctions=((3, 1),), every=True)
    >>> read_expectations(["1", "-", "0"], ["A", "B", "C"])
    DirectionalExpectations(present=4, absent=1, conjunctions=(), every=True)

    References
    ----------
    Ragin & Sonnett (2005), Between complexity and parsimony; R QCA minimize(dir.exp).
    """
    set_names(conditions)
    if isinstance(expectations, str | Expression):
        return _from_expression(simplify(expectations), conditions, every=every)
    if not isinstance(expectations, Mapping):
        if len(expectations) != len(conditions):
            raise OptionError(
                f"expected {len(conditions)} expectations, one a condition,"
                f" found {len(expectations)}"
            )
        expectations = dict(zip(conditions, expectations, strict=True))
    return _from_values(expectations, conditions)


def _from_values(
    expectations: Mapping[str, str | int | None], conditions: Sequence[str]
) -> DirectionalExpectations:
    sides = {True: 0, False: 0}
    for name, value in expectations.items():
        if str(value) not in _VALUES:
            raise OptionError(f"expected 1, 0 or - for condition {name}, found {value!r}")
        expected = _VALUES[str(value)]
        if expected is not None:
            sides[expected] |= _bit(name, conditions)
    return DirectionalExpectations(sides[True], sides[False])


def _from_expression(
    expression: Expression, conditions: Sequence[str], *, every: bool
) -> DirectionalExpectations:
    if not expression.terms or () in expression.terms:
        raise ExpressionError(f"expected conditions as expectations, found {expression}")
    bits = [_bits(term, conditions) for term in expression.terms]
    singles = [(mask, value) for mask, value in bits if mask.bit_count() == 1]
    present = sum({value for _, value in singles if value})
    absent = sum({mask for mask, value in singles if not value})
    together = [term for term in bits if term[0].bit_count() > 1]
    together.sort(key=lambda term: (term[0].bit_count(), _digits(term, len(conditions))))
    return DirectionalExpectations(present, absent, tuple(together), every)


def _digits(term: tuple[int, int], k: int) -> list[int]:
    """A term condition by condition, 0 absent, 1 present, 2 not in it: R sorts terms by these."""
    mask, value = term
    return [value >> place & 1 if mask >> place & 1 else 2 for place in range(k - 1, -1, -1)]


def _bits(term: Sequence[Literal], conditions: Sequence[str]) -> tuple[int, int]:
    mask = sum(_bit(literal.name, conditions) for literal in term)
    value = sum(_bit(literal.name, conditions) for literal in term if literal.present)
    return mask, value


def _bit(name: str, conditions: Sequence[str]) -> int:
    if name not in conditions:
        raise UnknownNameError(f"expected names among {', '.join(conditions)}, found {name}")
    return 1 << len(conditions) - 1 - list(conditions).index(name)
