"""Named patterns of elements and the memberships of units in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import DuplicateNameError, PatternError, ShapeError, UnknownNameError
from qca.inputs import set_names


@dataclass(frozen=True, slots=True)
class Pattern:
    """A conjunction of elements that a unit may belong to.

    Parameters
    ----------
    name : str
        What reports call it.
    required : mapping of str to bool
        Element -> True where it must be present, False where it must be absent. Elements that
        are left out are irrelevant.
    core : set of str
        Required elements that are core; the others are peripheral.

    Raises
    ------
    PatternError
        Nothing is required, or a core element is not required.
    SetNameError, DuplicateNameError
        The elements cannot stand in an expression together.

    Examples
    --------
    >>> Pattern("steady", {"A": True, "B": False}, core={"A"}).expression
    'A*~B'
    """

    name: str
    required: Mapping[str, bool] = field(hash=False)
    core: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "required", dict(self.required))
        object.__setattr__(self, "core", frozenset(self.core))
        if not self.required:
            raise PatternError(f"expected at least one required element in {self.name!r}")
        set_names(self.required, "element")
        strangers = sorted(self.core - set(self.required))
        if strangers:
            raise PatternError(
                f"expected core elements of {self.name!r} among {sorted(self.required)},"
                f" found {strangers}"
            )

    @property
    def expression(self) -> str:
        """The conjunction in the notation of solutions, such as A*~B."""
        return "*".join(name if present else f"~{name}" for name, present in self.required.items())


def pattern_signs(
    patterns: Sequence[Pattern], elements: Sequence[str], *, core_only: bool = False
) -> NDArray[np.int8]:
    """Lay the patterns out as a table of signs.

    Parameters
    ----------
    patterns : sequence of Pattern
        At least one, names unique.
    elements : sequence of str
        Names of the columns, unique.
    core_only : bool
        Keep the core elements only; a pattern without any keeps nothing.

    Returns
    -------
    array (patterns, elements)
        1 present, -1 absent, 0 irrelevant.

    Raises
    ------
    PatternError
        There is no pattern.
    DuplicateNameError
        Two patterns or two elements share a name.
    UnknownNameError
        A pattern requires an element that is no column.

    Examples
    --------
    >>> pattern_signs([Pattern("steady", {"A": True, "C": False})], ["A", "B", "C"])
    array([[ 1,  0, -1]], dtype=int8)
    """
    names = [pattern.name for pattern in patterns]
    if not names:
        raise PatternError("expected at least one pattern, found none")
    for what, found in (("pattern", names), ("element", list(elements))):
        if len(set(found)) != len(found):
            raise DuplicateNameError(f"expected unique {what} names, found {found}")
    set_names(elements, "element")
    column = {name: position for position, name in enumerate(elements)}
    signs = np.zeros((len(names), len(column)), dtype=np.int8)
    for row, pattern in enumerate(patterns):
        for name, present in pattern.required.items():
            if name not in column:
                raise UnknownNameError(
                    f"expected elements among {list(elements)}, found {name!r} in {pattern.name!r}"
                )
            if not core_only or name in pattern.core:
                signs[row, column[name]] = 1 if present else -1
    return signs


def required_memberships(memberships: ArrayLike, signs: NDArray[np.int8]) -> NDArray[np.float64]:
    """Turn memberships in elements into memberships in what each pattern requires.

    m where the element must be present, 1 - m where it must be absent, 1 where irrelevant.

    Parameters
    ----------
    memberships : array (..., elements)
        In [0, 1]; NaN where unknown.
    signs : array (patterns, elements)
        From `pattern_signs`.

    Returns
    -------
    array (..., patterns, elements)
        NaN where a required membership is unknown.

    Raises
    ------
    ShapeError
        The last axis is not as long as there are elements.

    Examples
    --------
    >>> required_memberships([0.25, 0.5], np.array([[1, -1], [-1, 0]], dtype=np.int8))
    array([[0.25, 0.5 ],
           [0.75, 1.  ]])
    """
    values = np.asarray(memberships, dtype=np.float64)
    if values.ndim == 0 or values.shape[-1] != signs.shape[1]:
        raise ShapeError(f"expected {signs.shape[1]} memberships a unit, found {values.shape}")
    required = np.ones((*values.shape[:-1], *signs.shape))
    for pattern, element in zip(*np.nonzero(signs), strict=True):
        column = values[..., element]
        required[..., pattern, element] = column if signs[pattern, element] > 0 else 1 - column
    return required


def pattern_memberships(
    memberships: ArrayLike,
    *,
    patterns: Sequence[Pattern],
    elements: Sequence[str],
    core_only: bool = False,
) -> NDArray[np.float64]:
    """Membership in each pattern: the minimum over what it requires.

    Parameters
    ----------
    memberships : array (..., elements)
        In [0, 1]; units, or draws by units, in the leading axes.
    patterns, elements
        As in `pattern_signs`.
    core_only : bool
        Over the core elements only; 1 for a pattern without core elements.

    Returns
    -------
    array (..., patterns)
        NaN where a required membership is NaN.

    Raises
    ------
    ShapeError, PatternError, DuplicateNameError, UnknownNameError
        As in `required_memberships` and `pattern_signs`.

    Examples
    --------
    >>> steady = Pattern("steady", {"A": True, "B": False}, core={"A"})
    >>> pattern_memberships([[0.75, 0.5], [0.25, 0.0]], patterns=[steady], elements=["A", "B"])
    array([[0.5 ],
           [0.25]])

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8.
    """
    signs = pattern_signs(patterns, elements, core_only=core_only)
    return np.asarray(required_memberships(memberships, signs).min(axis=-1))
