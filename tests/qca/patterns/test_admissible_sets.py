"""Which pattern sets a reading admits, and how far the leading name depends on the set."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qca.errors import OptionError, PatternError, QcaError, ShapeError, UnknownNameError
from qca.patterns.admissible_sets import PatternSet, Reading, admissible_sets
from qca.patterns.name_agreement import name_agreement
from qca.patterns.named_patterns import Pattern
from tests.qca.patterns.default_patterns import DEFAULT, ELEMENTS, PUBLIC, STRICT, padded

SETS = admissible_sets(PUBLIC)
FREE = admissible_sets(
    Reading(PUBLIC.shared, PUBLIC.choices, dict.fromkeys(PUBLIC.signatures), PUBLIC.stand_ins)
)
SIGNATURE = tuple(
    Pattern(name, {"TF": True, element: True})
    for name, element in PUBLIC.signatures.items()
    if element
)
units = arrays(np.float64, (3, 5), elements=st.integers(0, 20).map(lambda n: n / 20))


def requirements(patterns: PatternSet) -> tuple[frozenset[tuple[str, bool]], ...]:
    return tuple(frozenset(pattern.required.items()) for pattern in patterns)


def by_brute_force(
    *, allow_absent: bool, tied: bool
) -> set[tuple[frozenset[tuple[str, bool]], ...]]:
    """Every triple of all 27 shapes, asked one constraint after the other."""
    admitted = set()
    states = (1, 0, -1) if allow_absent else (1, 0)
    for triple in itertools.product(itertools.product(states, repeat=3), repeat=3):
        lacks = all(1 in shape and shape != (1, 1, 1) for shape in triple)
        stands_in = all(rb == 1 or -1 not in (ad, ag) for ad, ag, rb in triple)
        named = triple[0][2] == triple[1][0] == triple[2][1] == 1
        sets = tuple(
            frozenset(
                {("TF", True)}
                | {(e, s > 0) for e, s in zip(ELEMENTS[1:4], shape, strict=True) if s}
            )
            for shape in triple
        )
        nested = any(one <= other for one, other in itertools.permutations(sets, 2))
        if lacks and stands_in and (named or not tied) and not nested:
            admitted.add(sets)
    return admitted


@pytest.mark.parametrize("allow_absent", [True, False])
@pytest.mark.parametrize("tied", [True, False])
def test_the_sets_are_those_that_a_search_of_all_triples_admits(
    *, allow_absent: bool, tied: bool
) -> None:
    signatures = PUBLIC.signatures if tied else dict.fromkeys(PUBLIC.signatures)
    reading = Reading(
        PUBLIC.shared, PUBLIC.choices, signatures, PUBLIC.stand_ins, allow_absent=allow_absent
    )

    found = list(map(requirements, admissible_sets(reading)))

    assert len(set(found)) == len(found)
    assert set(found) == by_brute_force(allow_absent=allow_absent, tied=tied)


def test_what_is_public_admits_so_many_sets_and_the_presets_are_among_them() -> None:
    found = set(map(requirements, SETS))

    assert len(SETS) == 112
    assert {requirements(one) for one in (DEFAULT, STRICT, SIGNATURE)} <= found


@settings(max_examples=25)
@given(units)
def test_a_share_counts_the_sets_whose_leader_by_leximin_has_the_name(values: np.ndarray) -> None:
    found = name_agreement(values, chosen=DEFAULT, sets=SETS, elements=ELEMENTS)

    for unit, row in enumerate(values.tolist()):
        memberships = dict(zip(ELEMENTS, row, strict=True))
        leaders = [
            max(one, key=lambda pattern: padded(pattern, memberships)).name
            for one in (DEFAULT, *SETS)
        ]
        shares = [leaders[1:].count(name) / len(SETS) for name in found.names]
        assert found.names[found.leading[unit]] == leaders[0]
        assert found.shares[unit].tolist() == pytest.approx(shares)
        assert found.same_name[unit] == pytest.approx(leaders[1:].count(leaders[0]) / len(SETS))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_names_that_nothing_ties_lead_in_a_third_of_the_sets_whatever_is_answered(
    seed: int,
) -> None:
    values = np.random.default_rng(seed).random((3, 5))  # without ties, which an order decides

    found = name_agreement(values, chosen=DEFAULT, sets=FREE, elements=ELEMENTS)

    assert found.shares == pytest.approx(np.full((3, 3), 1 / 3))


def test_the_order_of_sets_and_of_patterns_in_them_changes_nothing() -> None:
    values = np.random.default_rng(1).random((50, 5))
    one = name_agreement(values, chosen=DEFAULT, sets=SETS, elements=ELEMENTS)

    turned = [tuple(reversed(patterns)) for patterns in reversed(SETS)]
    other = name_agreement(values, chosen=DEFAULT, sets=turned, elements=ELEMENTS)

    assert other.shares.tolist() == one.shares.tolist()


def test_draws_of_units_are_read_one_by_one() -> None:
    draws = np.random.default_rng(2).random((4, 6, 5))
    whole = name_agreement(draws, chosen=DEFAULT, sets=SETS, elements=ELEMENTS)

    alone = [name_agreement(draw, chosen=DEFAULT, sets=SETS, elements=ELEMENTS) for draw in draws]

    assert whole.shares.tolist() == [one.shares.tolist() for one in alone]
    assert whole.same_name.tolist() == [one.same_name.tolist() for one in alone]


def test_a_unit_of_which_nothing_is_known_has_no_share() -> None:
    found = name_agreement([[math.nan] * 5], chosen=DEFAULT, sets=SETS, elements=ELEMENTS)

    assert found.leading.tolist() == [-1]
    assert found.shares.tolist() == [[0, 0, 0]]
    assert np.isnan(found.same_name).all()
    assert found.ranked(0) == ()


def test_names_are_ranked_by_how_often_they_lead() -> None:
    unit = [0.9, 0.8, 0.3, 0.6, 0.5]
    found = name_agreement([unit], chosen=DEFAULT, sets=SETS, elements=ELEMENTS)

    ranked = found.ranked(0)

    assert ranked[0][0] == "responsive"
    assert sum(share for _, share in ranked) == pytest.approx(1)
    assert [share for _, share in ranked] == sorted((s for _, s in ranked), reverse=True)


WRONG_READINGS: list[tuple[dict[str, object], type[QcaError], str]] = [
    ({"choices": ("B",)}, PatternError, "two choice elements or more, found \\['B'\\]"),
    ({"signatures": {"bold": "B"}}, PatternError, "two names or more, found \\['bold'\\]"),
    ({"signatures": {"bold": "X", "calm": "C"}}, UnknownNameError, "found 'X'"),
    ({"stand_ins": {"B": "A"}}, UnknownNameError, "among \\['B', 'C'\\], found 'A'"),
    ({"shared": ("B",)}, QcaError, "once, found \\['B'\\]"),
]


@pytest.mark.parametrize(("changed", "error", "message"), WRONG_READINGS)
def test_a_reading_that_contradicts_itself_is_named(
    changed: dict[str, object], error: type[QcaError], message: str
) -> None:
    good = {"shared": ("A",), "choices": ("B", "C"), "signatures": {"bold": "B", "calm": "C"}}
    with pytest.raises(error, match=message):
        Reading(**(good | changed))  # type: ignore[arg-type]


def test_readings_that_admit_nothing_or_too_much_are_named() -> None:
    with pytest.raises(PatternError, match="admits a set of patterns, found none"):
        admissible_sets(Reading((), ("B", "C"), dict.fromkeys("xyz", "B"), allow_absent=False))
    with pytest.raises(OptionError, match="at most 1000000 candidate sets, found"):
        admissible_sets(Reading((), tuple("BCDEF"), dict.fromkeys("xyz")))


def test_sets_that_cannot_be_compared_are_named() -> None:
    with pytest.raises(PatternError, match="at least one set"):
        name_agreement([[0.5] * 5], chosen=DEFAULT, sets=[], elements=ELEMENTS)
    with pytest.raises(PatternError, match="in set 2, found \\['assertive', 'responsive'\\]"):
        name_agreement([[0.5] * 5], chosen=DEFAULT, sets=[DEFAULT, DEFAULT[:2]], elements=ELEMENTS)
    with pytest.raises(ShapeError, match="expected 5 memberships a unit"):
        name_agreement([[0.5] * 4], chosen=DEFAULT, sets=SETS, elements=ELEMENTS)
