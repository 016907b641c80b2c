"""Boolean simplification of expressions by consensus (Quine 1955)."""

from collections.abc import Iterable
from itertools import combinations

from qca.sets.expressions import Expression, Literal, Term, absorb, as_expression


def simplify(expression: Expression | str) -> Expression:
    """Rewrite an expression as an irredundant sum of its prime implicants.

    The result is true in the same corners of the property space; terms are primes and none can
    be dropped. Contradictions (A*~A) go, which is Boolean algebra and changes fuzzy memberships.
    Among several irredundant sums the one that drops the longest, last written terms is given;
    it need not have the fewest terms (`minimise` finds those).

    Parameters
    ----------
    expression : Expression or str

    Returns
    -------
    Expression

    Raises
    ------
    ExpressionError
        The text is not well formed.

    Examples
    --------
    >>> simplify("A*B + A*~B")
    A
    >>> simplify("A*B + ~A*C + B*C")
    A*B + ~A*C
    >>> simplify("A + ~A"), simplify("A*~A")
    (1, 0)

    References
    ----------
    Quine (1955), A way to simplify truth functions, American Mathematical Monthly 62.
    """
    written = as_expression(expression)
    order = {name: place for place, name in enumerate(written.names)}
    primes = _primes([frozenset(term) for term in written.terms])
    ordered = [tuple(sorted(term, key=lambda one: order[one.name])) for term in primes]
    for term in sorted(ordered, key=len, reverse=True):
        others = [other for other in ordered if other != term]
        if implies(Expression((term,)), Expression(tuple(others))):
            ordered = others
    return Expression(tuple(ordered))


def implies(condition: Expression | str, consequence: Expression | str) -> bool:
    """Whether, in Boolean algebra, the first expression is never true without the second.

    Parameters
    ----------
    condition, consequence : Expression or str

    Returns
    -------
    bool

    Raises
    ------
    ExpressionError

    Examples
    --------
    >>> implies("A*B", "A + C"), implies("A", "A*B")
    (True, False)

    References
    ----------
    Quine (1955), A way to simplify truth functions, American Mathematical Monthly 62.
    """
    terms = [frozenset(term) for term in as_expression(consequence).terms]
    return all(
        _tautology(_given(terms, frozenset(term)))
        for term in as_expression(condition).terms
        if not _contradicts(frozenset(term))
    )


def _contradicts(term: Iterable[Literal]) -> bool:
    literals = set(term)
    return any(~literal in literals for literal in literals)


def _given(terms: list[frozenset[Literal]], known: frozenset[Literal]) -> list[frozenset[Literal]]:
    """The terms that are left once the known literals are true."""
    return [term - known for term in terms if not _contradicts(term | known)]


def _tautology(terms: list[frozenset[Literal]]) -> bool:
    if frozenset() in terms:
        return True
    if not terms:
        return False
    literal = next(iter(terms[0]))
    return all(_tautology(_given(terms, frozenset({side}))) for side in (literal, ~literal))


def _consensus(one: frozenset[Literal], other: frozenset[Literal]) -> frozenset[Literal] | None:
    opposed = [literal for literal in one if ~literal in other]
    if len(opposed) != 1:
        return None
    return (one | other) - {opposed[0], ~opposed[0]}


def _primes(terms: list[frozenset[Literal]]) -> list[Term]:
    found = _absorbed([term for term in terms if not _contradicts(term)])
    while True:
        merged = (_consensus(one, other) for one, other in combinations(found, 2))
        news = [new for new in merged if new is not None and not any(old <= new for old in found)]
        if not news:
            return [tuple(term) for term in found]
        found = _absorbed([*found, *news])


def _absorbed(terms: list[frozenset[Literal]]) -> list[frozenset[Literal]]:
    ordered = Expression(tuple(tuple(sorted(term)) for term in terms))
    return [frozenset(term) for term in absorb(ordered).terms]
