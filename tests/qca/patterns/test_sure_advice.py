"""Bottlenecks and levers from draws, against each draw by itself."""

import numpy as np
import pytest

from qca.calibration.anchors import Anchors
from qca.errors import MissingDataError, OptionError, ShapeError, UnknownNameError
from qca.patterns.levers import lever_gains
from qca.patterns.named_patterns import Pattern
from qca.patterns.sure_advice import SureBottleneck, sure_bottlenecks, sure_levers

ELEMENTS = ("TF", "AD", "AG", "RB")
ANCHORS = [Anchors(2, 4.1, 6)] * 4
PATTERNS = (
    Pattern("assertive", {"TF": True, "AD": True, "RB": True}),
    Pattern("responsive", {"TF": True, "AD": True, "AG": True}),
    Pattern("quiet", {"TF": True, "RB": False}),
)
DRAWS = np.random.default_rng(3).normal(4.6, 0.5, (200, 4))


def test_gains_are_those_of_each_draw_averaged() -> None:
    found = {
        one.elements: one
        for one in sure_levers(
            DRAWS,
            patterns=PATTERNS,
            elements=ELEMENTS,
            anchors=ANCHORS,
            steps=[0.3] * 4,
            never_raise=["RB"],
            ceiling=5.0,
        )
    }
    candidates = [("TF",), ("AD",), ("AG",), ("TF", "AD"), ("TF", "AG"), ("AD", "AG")]
    gains = lever_gains(
        np.minimum(DRAWS, 5.0),
        candidates=candidates,
        patterns=PATTERNS,
        elements=ELEMENTS,
        anchors=ANCHORS,
        step=0.3,
        ceiling=5.0,
    )
    below = (DRAWS <= 5.0).all(axis=1)
    alone = sure_levers(
        DRAWS[below],
        patterns=PATTERNS,
        elements=ELEMENTS,
        anchors=ANCHORS,
        steps=[0.3] * 4,
        never_raise=["RB"],
        ceiling=5.0,
    )
    assert set(found) == set(candidates)
    assert {one.elements: one.gain for one in alone} == {
        names: pytest.approx(gains[below, at].mean()) for at, names in enumerate(candidates)
    }
    singles = gains[below, :3]
    leads = [
        float(((singles.argmax(axis=1) == at) & (np.sort(singles)[:, -1] > np.sort(singles)[:, -2]))
              .mean())
        for at in range(3)
    ]  # fmt: skip
    assert [
        one.best for one in sorted(alone[:3], key=lambda one: "TF AD AG".index(one.elements[0]))
    ] == (pytest.approx(leads))


def test_intervals_of_gains_hold_the_middle_of_the_draws() -> None:
    for one in sure_levers(
        DRAWS, patterns=PATTERNS, elements=ELEMENTS, anchors=ANCHORS, steps=[0.3] * 4
    ):
        assert one.low <= one.gain <= one.high
        assert one.points == pytest.approx(0.3 * len(one.elements))


def test_steps_may_differ_and_singles_come_before_pairs_by_gain() -> None:
    found = sure_levers(
        [[4.1, 4.1, 6.0, 6.0]] * 3,
        patterns=[Pattern("both", {"TF": True, "AD": True})],
        elements=ELEMENTS,
        anchors=ANCHORS,
        steps=[0.2, 0.4, 0.1, 0.1],
    )
    assert [(one.elements, one.gain > 0, one.best) for one in found] == [
        (("TF",), False, 0.0),
        (("AD",), False, 0.0),
        (("TF", "AD"), True, 1.0),
    ]
    assert found[-1].points == pytest.approx(0.6)


def test_what_never_holds_back_is_left_out_and_absence_counts_as_what_is_required() -> None:
    draws = [[5.1, 5.0, 5.0, 4.4]] * 3 + [[3.5, 5.0, 5.0, 4.4]]
    held = {"elements": ELEMENTS, "anchors": ANCHORS}
    assert sure_bottlenecks(draws, pattern=PATTERNS[0], never=["RB"], **held) == (  # type: ignore[arg-type]
        SureBottleneck("AD", 0.75),
        SureBottleneck("TF", 0.25),
    )
    assert sure_bottlenecks(draws, pattern=PATTERNS[2], **held) == (  # type: ignore[arg-type]
        SureBottleneck("RB", 0.75),
        SureBottleneck("TF", 0.25),
    )
    only = Pattern("only", {"RB": True})
    assert sure_bottlenecks(draws, pattern=only, never=["RB"], **held) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"steps": [0.3] * 3}, ShapeError),
        ({"steps": [0.3, 0, 0.3, 0.3]}, OptionError),
        ({"never_raise": ["XX"]}, UnknownNameError),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], error: type[Exception]) -> None:
    asked: dict[str, object] = {
        "patterns": PATTERNS,
        "elements": ELEMENTS,
        "anchors": ANCHORS,
        "steps": [0.3] * 4,
    }
    with pytest.raises(error):
        sure_levers(DRAWS, **{**asked, **change})  # type: ignore[arg-type]


def test_draws_that_do_not_fit_are_refused() -> None:
    for draws, error in ((DRAWS[:, :3], ShapeError), (DRAWS[:0], MissingDataError)):
        with pytest.raises(error):
            sure_levers(
                draws, patterns=PATTERNS, elements=ELEMENTS, anchors=ANCHORS, steps=[0.3] * 4
            )
        with pytest.raises(error):
            sure_bottlenecks(draws, pattern=PATTERNS[0], elements=ELEMENTS, anchors=ANCHORS)
