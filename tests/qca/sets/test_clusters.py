"""Pooled, between and within figures against sums by hand, and laws."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca import errors
from qca.errors import QcaError
from qca.sets.clusters import cluster_fit
from qca.sets.fit import necessity, sufficiency

cases = st.lists(
    st.tuples(st.floats(0.01, 1), st.floats(0.01, 1), st.sampled_from("abc")),
    min_size=1,
    max_size=15,
)


def test_figures_of_an_unbalanced_panel_are_those_by_hand() -> None:
    # Unit u is in both clusters, v in the first only; the second cluster has u alone.
    found = cluster_fit(
        [0.5, 1.0, 0.8], [0.4, 0.5, 1.0], clusters=["a", "a", "b"], units=["u", "v", "u"]
    )

    assert (found.clusters, found.units) == (("a", "b"), ("u", "v"))
    assert (found.cluster_cases.tolist(), found.unit_cases.tolist()) == ([2, 1], [2, 1])
    assert found.consistency.pooled == pytest.approx(1.7 / 2.3)
    assert found.consistency.between == pytest.approx([0.9 / 1.5, 1.0])
    assert found.consistency.within == pytest.approx([1.2 / 1.3, 0.5])
    assert found.coverage.between == pytest.approx([1.0, 0.8])
    # Shares of 1.6 are 0.375 and 0.625, each 0.125 from a half.
    assert found.consistency.between_distance == pytest.approx(0.125 * 2**0.5)


def test_cases_of_one_cell_are_added_up_before_the_minimum_is_taken() -> None:
    found = cluster_fit([1.0, 0.0], [0.0, 1.0], clusters=["a", "a"], units=["u", "u"])

    assert (found.consistency.pooled, found.consistency.between.tolist()) == (0.0, [1.0])


def test_a_cluster_without_members_counts_as_perfect() -> None:
    found = cluster_fit([0.0, 0.5], [0.7, 0.5], clusters=["a", "b"])

    assert found.consistency.between.tolist() == [1.0, 1.0]
    assert found.consistency.between_distance == 0.0


def test_a_set_that_nobody_belongs_to_is_consistent_and_covers_nothing() -> None:
    found = cluster_fit([0.0, 0.0], [0.7, 0.5], clusters=["a", "b"])

    assert (found.consistency.pooled, found.coverage.pooled) == (1.0, 0.0)


@given(cases)
def test_one_cluster_has_the_pooled_figures(found: list[tuple[float, float, str]]) -> None:
    x, y, _ = (list(column) for column in zip(*found, strict=True))
    fit, alone = cluster_fit(x, y, clusters=[1] * len(x)), sufficiency(x, y)

    assert fit.consistency.between == pytest.approx([fit.consistency.pooled], abs=1e-7)
    assert fit.consistency.pooled == pytest.approx(alone.consistency)
    assert fit.coverage.pooled == pytest.approx(alone.coverage)


@given(cases)
def test_each_cluster_of_persons_has_the_fit_of_its_own_cases(
    found: list[tuple[float, float, str]],
) -> None:
    x, y, labels = (np.array(column) for column in zip(*found, strict=True))
    fit = cluster_fit(x, y, clusters=labels.tolist(), relation="necessity")
    alone = [necessity(x[labels == name], y[labels == name]) for name in fit.clusters]

    assert fit.consistency.between == pytest.approx([o.consistency for o in alone], abs=1e-7)
    assert fit.coverage.between == pytest.approx([o.coverage for o in alone], abs=1e-7)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: cluster_fit([0.1, 0.2], [0.3, 0.4], clusters=["a"]),
            errors.ShapeError,
            "expected a cluster for each of 2 cases, found 1",
        ),
        (
            lambda: cluster_fit([0.1, 0.2], [0.3, 0.4], clusters=["a", None]),
            errors.MissingDataError,
            "expected a cluster for every case, found none for case 2",
        ),
        (
            lambda: cluster_fit([0.1, 0.2], [0.3, 0.4], clusters="ab", units=[float("nan"), 1]),
            errors.MissingDataError,
            "expected a unit for every case, found none for case 1",
        ),
        (
            lambda: cluster_fit([0.1, 0.2], [0.3, 1.4], clusters="ab"),
            errors.MembershipRangeError,
            "expected memberships of the outcome in [0, 1], found 1.4 in case 2",
        ),
        (
            lambda: cluster_fit([0.1], [0.3], clusters="a", relation="both"),  # type: ignore[arg-type]
            errors.OptionError,
            "expected one of ('sufficiency', 'necessity'), found 'both'",
        ),
    ],
)
def test_bad_labels_and_memberships_are_named(
    call: Callable[[], object], error: type[QcaError], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()

    assert (type(caught.value), str(caught.value)) == (error, message)
