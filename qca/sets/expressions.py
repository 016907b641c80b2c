"""Boolean expressions as sums of products, A*~B + C: parse, print, evaluate, negate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qca.errors import ExpressionError
from qca.inputs import NAME, membership_matrix, refuse_ambiguous, set_names

_TOKEN = re.compile(rf"(?P<symbol>{NAME.pattern}|[~*+()01])|\s+|(?P<other>.)")


DEEPEST = 100  # parentheses in parentheses, well before Python runs out of stack


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A condition, present or absent.

    Attributes
    ----------
    name : the condition
    present : False for its negation

    Raises
    ------
    SetNameError
        The name cannot stand in an expression.

    Examples
    --------
    >>> str(Literal("A")), str(Literal("A", present=False))
    ('A', '~A')
    """

    name: str
    present: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name):
            set_names([self.name])

    def __invert__(self) -> "Literal":
        return Literal(self.name, not self.present)

    def __str__(self) -> str:
        return self.name if self.present else f"~{self.name}"


Term = tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum of products. No term at all is 0 (false); a term without literals is 1 (true).

    Attributes
    ----------
    terms : each the literals of a product

    Examples
    --------
    >>> Expression(((Literal("A"), Literal("B", False)), (Literal("C"),)))
    A*~B + C
    """

    terms: tuple[Term, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Conditions in order of appearance."""
        return tuple(dict.fromkeys(literal.name for term in self.terms for literal in term))

    def __str__(self) -> str:
        return " + ".join(term_text(term) for term in self.terms) or "0"

    __repr__ = __str__


def term_text(term: Term) -> str:
    """Print one product.

    Examples
    --------
    >>> term_text((Literal("A"), Literal("B", False)))
    'A*~B'
    """
    return "*".join(map(str, term)) or "1"


def parse(text: str) -> Expression:
    """Read an expression: ~ not, * and, + or, parentheses; the order of terms is kept.

    Products of sums are multiplied out and ~(...) follows De Morgan; both hold for memberships
    too, so a contradiction such as A*~A stays (its membership may reach .5).

    Parameters
    ----------
    text : str

    Returns
    -------
    Expression

    Raises
    ------
    ExpressionError
        The text is empty, not well formed, or nested more than 100 deep.

    Examples
    --------
    >>> parse("STB*~URB + ~(LIT + IND)")
    STB*~URB + ~LIT*~IND
    >>> parse("A*")
    Traceback (most recent call last):
    qca.errors.ExpressionError: expected a condition after 'A*', found the end

    References
    ----------
    Dusa (2019), QCA with R, for the notation.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"expected an expression as text, found {text!r}")
    deepest = max(accumulate((char == "(") - (char == ")") for char in text), default=0)
    if deepest > DEEPEST:
        raise ExpressionError(f"expected at most {DEEPEST} nested parentheses, found {deepest}")
    return _Reader(text).whole()


def as_expression(expression: "Expression | str") -> Expression:
    """Parse a text, pass an Expression through.

    Raises
    ------
    ExpressionError

    Examples
    --------
    >>> as_expression("A + B").names
    ('A', 'B')
    """
    return parse(expression) if isinstance(expression, str) else expression


class _Reader:
    """Recursive descent over: sum = product {+ product}, product = factor {* factor}."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.place = 0

    def whole(self) -> Expression:
        terms = self.sum()
        if self.peek():
            raise self.error("the end")
        return Expression(tuple(dict.fromkeys(terms)))

    def peek(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def error(self, expected: str) -> ExpressionError:
        at_end = self.place >= len(self.tokens)
        before = self.text if at_end else self.text[: self.tokens[self.place][1]]
        found = "the end" if at_end else repr(self.peek())
        return ExpressionError(f"expected {expected} after {before.rstrip()!r}, found {found}")

    def sum(self) -> list[Term]:
        terms = self.product()
        while self.peek() == "+":
            self.take()
            terms += self.product()
        return terms

    def product(self) -> list[Term]:
        terms = self.factor()
        while self.peek() == "*":
            self.take()
            terms = _conjunction(terms, self.factor())
        return terms

    def factor(self) -> list[Term]:
        if self.peek() == "~":
            self.take()
            return list(negate(Expression(tuple(self.factor()))).terms)
        if self.peek() == "(":
            self.take()
            terms = self.sum()
            if self.peek() != ")":
                raise self.error("')'")
            self.take()
            return terms
        if self.peek() in ("", "*", "+", ")"):
            raise self.error("a condition")
        symbol = self.take()
        if symbol in ("0", "1"):
            return [()] if symbol == "1" else []
        return [(Literal(symbol),)]


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Symbols with their places in the text."""
    for match in _TOKEN.finditer(text):
        if match["other"]:
            found = text[match.start() :].strip()
            raise ExpressionError(f"expected names, ~, *, + and parentheses, found {found!r}")
        if match["symbol"]:
            yield match["symbol"], match.start()


def _conjunction(left: Sequence[Term], right: Sequence[Term]) -> list[Term]:
    return [tuple(dict.fromkeys((*one, *other))) for one, other in product(left, right)]


def absorb(expression: "Expression | str") -> Expression:
    """Drop terms that another term contains (A + A*B = A); holds for memberships too.

    Parameters
    ----------
    expression : Expression or str

    Returns
    -------
    Expression

    Raises
    ------
    ExpressionError

    Examples
    --------
    >>> absorb("A*B + C + A")
    C + A

    References
    ----------
    Quine (1952), The problem of simplifying truth functions, American Mathematical Monthly 59.
    """
    terms = tuple(dict.fromkeys(as_expression(expression).terms))
    sets = [frozenset(term) for term in terms]
    unique = [i for i, one in enumerate(sets) if sets.index(one) == i]
    kept = [terms[i] for i in unique if not any(other < sets[i] for other in sets)]
    return Expression(tuple(kept))


def negate(expression: "Expression | str") -> Expression:
    """Negate by De Morgan, multiplied out; its membership is exactly 1 minus the original's.

    Parameters
    ----------
    expression : Expression or str

    Returns
    -------
    Expression

    Raises
    ------
    ExpressionError

    Examples
    --------
    >>> negate("A*~B + C")
    ~A*~C + B*~C

    References
    ----------
    Dusa (2019), QCA with R, for the notation; De Morgan's laws, R QCA negate.
    """
    terms: list[Term] = [()]
    for term in as_expression(expression).terms:
        terms = _conjunction(terms, [(~literal,) for literal in term])
        terms = list(absorb(Expression(tuple(terms))).terms)
    return Expression(tuple(terms))


def term_memberships(expression: "Expression | str", data: pd.DataFrame) -> NDArray[np.float64]:
    """Memberships of the cases in every term: min over its literals, absent ones as 1 - x.

    Returns
    -------
    ndarray of float, shape (cases, terms), in [0, 1]

    Raises
    ------
    ExpressionError, UnknownNameError, MissingDataError, MembershipRangeError
    SetNameError
        The text is also a column's name that cannot stand in an expression.

    Examples
    --------
    >>> term_memberships("A*~B + B", pd.DataFrame({"A": [0.7, 1.0], "B": [0.4, 0.2]}))
    array([[0.6, 0.4],
           [0.8, 0.2]])
    """
    if isinstance(expression, str) and isinstance(data, pd.DataFrame):
        refuse_ambiguous(expression, data.columns)
    parsed = as_expression(expression)
    names = parsed.names
    columns = dict(zip(names, membership_matrix(data, names).T, strict=True))
    result = np.ones((len(data), len(parsed.terms)), order="F")
    for place, term in enumerate(parsed.terms):
        for literal in term:
            column = columns[literal.name]
            np.minimum(
                result[:, place], column if literal.present else 1 - column, out=result[:, place]
            )
    return result


def evaluate(expression: "Expression | str", data: pd.DataFrame) -> NDArray[np.float64]:
    """Membership of the cases in an expression: max over its terms.

    Parameters
    ----------
    expression : Expression or str
    data : DataFrame of memberships in [0, 1], a column for each condition named

    Returns
    -------
    ndarray of float, shape (cases,), in [0, 1]

    Raises
    ------
    ExpressionError, UnknownNameError, MissingDataError, MembershipRangeError
    SetNameError
        The text is also a column's name that cannot stand in an expression.

    Examples
    --------
    >>> evaluate("A*~B + B", pd.DataFrame({"A": [0.7, 1.0], "B": [0.4, 0.2]}))
    array([0.6, 0.8])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    return term_memberships(expression, data).max(axis=1, initial=0.0)
