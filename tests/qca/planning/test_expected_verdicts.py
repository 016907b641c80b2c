"""What a survey can be expected to show, against companies judged one by one."""

import math

import numpy as np
import pytest

from qca.calibration.anchors import Anchors
from qca.errors import OptionError, QcaError, ShapeError
from qca.patterns.named_patterns import Pattern
from qca.patterns.sure_verdicts import SureVerdict
from qca.patterns.sureness import Sureness
from qca.patterns.verdicts import Verdict, VerdictKind
from qca.planning.expected_verdicts import ExpectedVerdicts, expected_verdicts, is_true
from qca.planning.visible_changes import smallest_visible_change

ELEMENTS = ("TF", "AD", "AG", "RB", "CF")
WITHIN = 1.2 * (0.55 * np.eye(5) + 0.45)
PATTERNS = (
    Pattern("assertive", {"TF": True, "AD": True, "RB": True}),
    Pattern("responsive", {"TF": True, "AD": True, "AG": True}),
    Pattern("nimble", {"TF": True, "AG": True, "RB": True}),
)


def plan(sizes: list[int], share: float, **changes: object) -> tuple[ExpectedVerdicts, ...]:
    asked: dict[str, object] = {
        "share": share,
        "means": [4.7] * 5,
        "within": WITHIN,
        "patterns": PATTERNS,
        "elements": ELEMENTS,
        "anchors": [Anchors(2, 4.1, 6)] * 5,
        "seed": 1,
        "never_first": ("RB",),
        "verdicts": 480,
    }
    return expected_verdicts(sizes, **{**asked, **changes})  # type: ignore[arg-type]


def test_more_answers_and_units_that_differ_more_tell_more_of_them_apart() -> None:
    few, many = plan([10] * 12 + [40] * 12, 0.2)
    (alike,) = plan([40] * 24, 0.02)
    assert (few.size, few.units, many.size, many.units) == (10, 12, 40, 12)
    assert many.plain > few.plain + 0.1
    assert alike.alike > many.alike + 0.3


def test_plain_statements_are_right_more_than_nine_times_in_ten() -> None:
    (found,) = plan([20] * 24, 0.2)
    assert 0.12 < found.plain < 0.6
    assert found.plain_right > 0.9
    assert 0.75 < found.right < found.plain_right


def test_the_same_seed_gives_the_same_plan_and_no_unit_gives_none() -> None:
    once, again = (plan([12, 30], 0.1, verdicts=40) for _ in range(2))
    assert once == again
    assert plan([], 0.1) == ()


def test_sizes_that_are_believed_less_say_less() -> None:
    (all_of_them,) = plan([39] * 16, 0.15)
    (lower_end,) = plan([39] * 16, 0.15, believed=[20] * 16)
    assert lower_end.plain < all_of_them.plain
    assert lower_end.size == 39


def test_where_no_statement_is_made_nothing_is_said_of_how_many_are_right() -> None:
    (found,) = plan([1] * 8, 0.1, verdicts=8)
    assert (found.plain, found.probably) == (0.0, 0.0)
    assert math.isnan(found.plain_right)
    assert math.isnan(found.right)


def said(kind: VerdictKind, *patterns: str, element: str | None = None) -> SureVerdict:
    return SureVerdict(kind, Sureness.PLAIN, 1.0, patterns, "bold", element, ())


@pytest.mark.parametrize(
    ("statement", "truth", "expected"),
    [
        (said(VerdictKind.CLEAR, "a"), Verdict(VerdictKind.BETWEEN, "a", "b"), True),
        (said(VerdictKind.CLEAR, "b"), Verdict(VerdictKind.BETWEEN, "a", "b"), False),
        (said(VerdictKind.LEANING, "a"), Verdict(VerdictKind.NONE_YET, "a"), False),
        (said(VerdictKind.BETWEEN, "b", "a"), Verdict(VerdictKind.BETWEEN, "a", "b"), True),
        (
            said(VerdictKind.BETWEEN, "b", "a"),
            Verdict(VerdictKind.BETWEEN, "a", "b", also=("c",)),
            False,
        ),
        (said(VerdictKind.BETWEEN, "b", "a"), Verdict(VerdictKind.NOT_CLEAR, "a", "b"), False),
        (said(VerdictKind.NONE_YET, "a"), Verdict(VerdictKind.NONE_YET, "b"), True),
        (
            said(VerdictKind.ELEMENT_FIRST, element="TF"),
            Verdict(VerdictKind.ELEMENT_FIRST, "a", element="TF"),
            True,
        ),
        (
            said(VerdictKind.ELEMENT_FIRST, element="TF"),
            Verdict(VerdictKind.ELEMENT_FIRST, "a", element="AG"),
            False,
        ),
        (said(VerdictKind.NOT_CLEAR, "a", "b"), Verdict(VerdictKind.NOT_CLEAR, "b"), True),
    ],
)
def test_a_statement_is_true_where_the_truth_says_so(
    statement: SureVerdict, truth: Verdict, expected: bool
) -> None:
    assert is_true(statement, truth) is expected


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"share": 1.0}, OptionError),
        ({"seed": -1}, OptionError),
        ({"verdicts": 0}, OptionError),
        ({"means": [4.7] * 4}, ShapeError),
        ({"within": np.eye(4)}, ShapeError),
        ({"believed": [1.0]}, ShapeError),
        ({"believed": [0.0, 1.0]}, OptionError),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    changes: dict[str, object], error: type[QcaError]
) -> None:
    share = changes.pop("share", 0.1)
    with pytest.raises(error):
        plan([10, 20], share, **changes)  # type: ignore[arg-type]


def test_a_change_is_seen_with_the_chance_that_is_asked_for() -> None:
    change = smallest_visible_change(1.2, before=20, now=30, tests=6)
    generator = np.random.default_rng(1)
    error = 1.2 * np.sqrt(1 / 20 + 1 / 30)
    seen = np.abs(generator.normal(change, error, 200_000)) > 2.638257 * error  # z(1 - .05 / 12)
    assert seen.mean() == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize(
    "asked",
    [
        {"deviation": -1.0, "before": 9, "now": 9},
        {"deviation": 1.0, "before": 0, "now": 9},
        {"deviation": 1.0, "before": 9, "now": 9, "tests": 0},
        {"deviation": 1.0, "before": 9, "now": 9, "power": 1.0},
    ],
)
def test_a_change_that_cannot_be_planned_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        smallest_visible_change(**asked)  # type: ignore[arg-type]
