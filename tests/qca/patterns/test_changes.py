"""Changes between two independent measurements."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qca.errors import OptionError
from qca.patterns.changes import change_interval

sides = st.tuples(st.floats(1, 7), st.floats(0, 2), st.floats(0, 2))


@given(sides, sides)
def test_the_interval_holds_the_change_and_is_narrower_than_the_ends_say(
    then: tuple[float, float, float], today: tuple[float, float, float]
) -> None:
    (before, below, above), (now, low, high) = then, today

    found = change_interval(
        before,
        now,
        before_interval=(before - below, before + above),
        now_interval=(now - low, now + high),
    )

    change, slack = now - before, 1e-9
    assert change - low - above - slack <= found[0] <= change + slack
    assert change - slack <= found[1] <= change + high + below + slack
    assert found[0] <= change - max(low, above) + slack
    assert found[1] >= change + max(high, below) - slack


def test_it_covers_the_true_change_of_normal_means_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    errors, truth = np.array([0.2, 0.3]), 0.4
    held = 0
    for before, now in generator.normal([4.0, 4.4], errors, size=(4000, 2)).tolist():
        low, high = change_interval(
            before,
            now,
            before_interval=(before - 1.96 * errors[0], before + 1.96 * errors[0]),
            now_interval=(now - 1.96 * errors[1], now + 1.96 * errors[1]),
        )
        held += low <= truth <= high

    assert held / 4000 == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize("value", [2.0, math.nan])
def test_a_measurement_outside_its_interval_is_refused(value: float) -> None:
    with pytest.raises(OptionError, match="within its interval"):
        change_interval(value, 4.0, before_interval=(3.0, 5.0), now_interval=(3.5, 4.5))
