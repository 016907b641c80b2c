"""The verdict on a unit: every rule, its edge, its order, and the borderline check."""

import math

import numpy as np
import pytest

from qca.calibration.anchors import Anchors, scores_at
from qca.errors import OptionError, ShapeError
from qca.patterns.borderline import judge_with_borderline
from qca.patterns.judging import judge, shared_elements
from qca.patterns.named_patterns import Pattern
from qca.patterns.verdicts import (
    Level,
    Verdict,
    VerdictKind,
    VerdictPolicy,
    stability,
)
from tests.qca.patterns.default_patterns import ABSOLUTE, DEFAULT, ELEMENTS, STRICT


def scores(*memberships: float) -> np.ndarray:
    """Scores that calibrate to these memberships in TF, AD, AG, RB, CF."""
    return np.array([scores_at(m, ABSOLUTE[:1])[0] for m in memberships])


def verdict_on(
    unit: np.ndarray, draws: np.ndarray | None = None, patterns: tuple[Pattern, ...] = DEFAULT
) -> Verdict:
    return judge(unit, draws, patterns=patterns, elements=ELEMENTS, anchors=ABSOLUTE)


def mixed_draws(share: float, leading: np.ndarray, other: np.ndarray) -> np.ndarray:
    """1,000 draws of which a share looks like the first unit."""
    return np.where(np.arange(1000)[:, np.newaxis] < share * 1000, leading, other)


ASSERTIVE = scores(0.9, 0.8, 0.3, 0.7, 0.5)
RESPONSIVE = scores(0.9, 0.8, 0.7, 0.3, 0.5)


def test_unreleased_unit_gets_its_profile_only() -> None:
    found = judge(ASSERTIVE, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, released=False)

    assert found.kind is VerdictKind.PROFILE_ONLY
    assert (found.leading, found.second, found.level, found.element) == (None, None, None, None)
    assert math.isnan(found.membership)


def test_unit_without_known_scores_gets_its_profile_only() -> None:
    assert verdict_on(np.full(5, math.nan)).kind is VerdictKind.PROFILE_ONLY


def test_element_that_every_pattern_requires_comes_first_where_it_is_lowest() -> None:
    found = verdict_on(scores(0.4, 0.6, 0.5, 0.7, 0.1))

    assert (found.kind, found.element) == (VerdictKind.ELEMENT_FIRST, "TF")
    assert found.leading == "assertive"
    assert found.membership == pytest.approx(0.4)


def test_element_that_every_pattern_requires_comes_first_even_if_an_unneeded_one_is_lower() -> None:
    # AD is lower than TF, but the leading pattern does without AD; TF holds every pattern down.
    found = verdict_on(scores(0.4, 0.3, 0.6, 0.7, 0.1))

    assert (found.kind, found.element, found.leading) == (
        VerdictKind.ELEMENT_FIRST,
        "TF",
        "nimble",
    )


def test_customer_focus_never_comes_first_unless_every_pattern_requires_it() -> None:
    with_focus = tuple(Pattern(p.name, {**p.required, "CF": True}) for p in DEFAULT)
    unit = scores(0.9, 0.8, 0.7, 0.6, 0.1)

    assert verdict_on(unit).kind is not VerdictKind.ELEMENT_FIRST
    assert verdict_on(unit, patterns=with_focus).element == "CF"


def test_unit_outside_every_pattern_is_told_the_nearest() -> None:
    found = verdict_on(scores(0.9, 0.4, 0.3, 0.45, 0.5))

    assert (found.kind, found.leading, found.level) == (
        VerdictKind.NONE_YET,
        "assertive",
        Level.NOT_YET,
    )


def test_membership_of_exactly_one_half_is_inside() -> None:
    found = verdict_on(scores(0.9, 0.5, 0.1, 0.8, 0.5))

    assert found.membership == pytest.approx(0.5, abs=1e-12)
    assert (found.kind, found.level) == (VerdictKind.NOT_CLEAR, Level.MORE_IN_THAN_OUT)


def test_two_patterns_too_close_to_call_are_named_both() -> None:
    found = verdict_on(scores(0.9, 0.8, 0.62, 0.66, 0.5))

    assert (found.kind, found.leading, found.second) == (
        VerdictKind.BETWEEN,
        "assertive",
        "responsive",
    )
    assert found.gap == pytest.approx(0.04)


def test_gap_is_taken_where_the_patterns_first_differ() -> None:
    # Foresight is the lowest of all three patterns, so the next coordinate decides.
    found = verdict_on(scores(0.6, 0.9, 0.7, 0.8, 0.5))

    assert (found.leading, found.second) == ("assertive", "responsive")
    assert found.gap == pytest.approx(0.1)


def test_identical_patterns_of_values_are_between() -> None:
    found = verdict_on(scores(0.6, 0.9, 0.9, 0.9, 0.5))

    assert (found.kind, found.gap) == (VerdictKind.BETWEEN, 0.0)


def test_gap_of_exactly_the_threshold_is_no_longer_between() -> None:
    found = verdict_on(scores(0.9, 0.8, 0.60, 0.65, 0.5), np.tile(ASSERTIVE, (10, 1)))

    assert found.kind is VerdictKind.CLEAR


@pytest.mark.parametrize(
    ("share", "kind"),
    [
        (1.0, VerdictKind.CLEAR),
        (0.8, VerdictKind.CLEAR),
        (0.799, VerdictKind.LEANING),
        (0.6, VerdictKind.LEANING),
        (0.599, VerdictKind.NOT_CLEAR),
    ],
)
def test_stability_decides_between_clear_leaning_and_not_clear(
    share: float, kind: VerdictKind
) -> None:
    found = verdict_on(ASSERTIVE, mixed_draws(share, ASSERTIVE, RESPONSIVE))

    assert (found.kind, found.leading, found.stability) == (kind, "assertive", share)


def test_rules_are_tried_in_order() -> None:
    shaky = mixed_draws(0.5, ASSERTIVE, RESPONSIVE)

    held_back = verdict_on(scores(0.3, 0.35, 0.34, 0.33, 0.5), shaky)
    outside = verdict_on(scores(0.9, 0.35, 0.34, 0.33, 0.5), shaky)
    close = verdict_on(scores(0.9, 0.8, 0.62, 0.66, 0.5), shaky)

    assert [v.kind for v in (held_back, outside, close)] == [
        VerdictKind.ELEMENT_FIRST,
        VerdictKind.NONE_YET,
        VerdictKind.BETWEEN,
    ]


def test_draw_without_known_memberships_counts_against_the_leader() -> None:
    draws = [[0.9, 0.8, 0.3, 0.7, 0.5], [math.nan] * 5]

    assert stability(draws, leading=0, patterns=DEFAULT, elements=ELEMENTS) == 0.5


def test_only_pattern_has_no_rival() -> None:
    found = verdict_on(ASSERTIVE, np.tile(ASSERTIVE, (5, 1)), patterns=DEFAULT[:1])

    assert (found.kind, found.second, found.gap, found.stability) == (
        VerdictKind.CLEAR,
        None,
        math.inf,
        1.0,
    )


def test_element_required_alike_by_all_is_shared() -> None:
    assert shared_elements(DEFAULT, ELEMENTS) == ("TF",)
    assert shared_elements(STRICT, ELEMENTS) == ("TF",)
    assert shared_elements(DEFAULT[:1], ELEMENTS) == ("TF", "AD", "RB")


@pytest.mark.parametrize(
    ("membership", "level"),
    [
        (0.80, Level.WELL_INSIDE),
        (0.7999, Level.MORE_IN_THAN_OUT),
        (0.50, Level.MORE_IN_THAN_OUT),
        (0.4999, Level.NOT_YET),
    ],
)
def test_membership_is_put_into_words(membership: float, level: Level) -> None:
    assert VerdictPolicy().level(membership) is level


def test_unit_just_inside_is_borderline_by_its_crossover() -> None:
    unit = np.array([6.0, 4.15, 2.0, 6.0, 4.0])
    draws = np.tile(unit, (20, 1))

    found = judge_with_borderline(
        unit, draws, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE
    )

    assert (found.kind, found.borderline) == (VerdictKind.CLEAR, True)
    assert found.turning_points == ("crossover +0.1",)


def test_unit_far_from_every_edge_is_not_borderline() -> None:
    unit = np.array([6.0, 5.5, 2.0, 6.0, 4.0])

    found = judge_with_borderline(
        unit,
        np.tile(unit, (20, 1)),
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        other_lens=[Anchors(2.2, 4.3, 6.2)] * 5,
    )

    assert (found.borderline, found.turning_points) == (False, ())


def test_other_lens_that_turns_the_leader_makes_borderline() -> None:
    # Relative to the company, rule-bending is high and adaptability low.
    unit = np.array([6.0, 5.5, 5.0, 4.0, 4.0])
    lens = [Anchors(2, 4.1, 6), Anchors(4, 5.6, 7), Anchors(2, 4, 6), Anchors(1, 3, 5), ABSOLUTE[4]]

    found = judge_with_borderline(
        unit,
        np.tile(unit, (20, 1)),
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        other_lens=lens,
    )

    assert (found.kind, found.leading) == (VerdictKind.CLEAR, "responsive")
    assert found.turning_points == ("other lens",)


def test_anchor_of_one_element_can_be_doubted_by_itself() -> None:
    unit = scores(0.9, 0.8, 0.60, 0.66, 0.5)

    found = judge_with_borderline(
        unit,
        np.tile(unit, (20, 1)),
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        together=False,
    )

    assert found.kind is VerdictKind.CLEAR
    assert found.turning_points == ("AG crossover -0.1", "RB crossover +0.1")


def test_other_lens_may_say_less_of_the_same_pattern() -> None:
    # Against the company the unit is nowhere near a pattern; the order of patterns is the same.
    found = judge_with_borderline(
        ASSERTIVE,
        np.tile(ASSERTIVE, (20, 1)),
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        other_lens=[Anchors(4, 6, 7)] * 5,
    )

    assert (found.kind, found.leading) == (VerdictKind.CLEAR, "assertive")
    assert found.turning_points == ()


@pytest.mark.parametrize("sign", [True, False])
def test_element_that_nobody_is_told_to_raise_never_comes_first(sign: bool) -> None:
    patterns = (
        Pattern("bold", {"RB": sign, "TF": True}),
        Pattern("calm", {"RB": sign, "AD": True}),
    )
    unit = scores(0.9, 0.8, 0.3, 0.2 if sign else 0.8, 0.5)

    free = verdict_on(unit, patterns=patterns)
    told = judge(unit, patterns=patterns, elements=ELEMENTS, anchors=ABSOLUTE, never_first={"RB"})

    # What every pattern wants absent is nothing to work on first either.
    assert (free.kind, free.element) == (
        (VerdictKind.ELEMENT_FIRST, "RB") if sign else (VerdictKind.NONE_YET, None)
    )
    assert (told.kind, told.element, told.leading) == (VerdictKind.NONE_YET, None, "bold")


def test_borderline_counts_changes_of_stability_words() -> None:
    # A tenth of the draws changes sides with one crossover: the share goes from .85 to .75.
    edge = scores(0.9, 0.8, 0.60, 0.62, 0.5)
    draws = mixed_draws(0.75, ASSERTIVE, RESPONSIVE)
    draws[850:950] = edge

    found = judge_with_borderline(
        ASSERTIVE,
        draws,
        patterns=DEFAULT,
        elements=ELEMENTS,
        anchors=ABSOLUTE,
        together=False,
    )

    assert (found.kind, found.stability) == (VerdictKind.CLEAR, 0.85)
    assert found.turning_points == ("AG crossover -0.1", "RB crossover +0.1")


def test_profile_only_is_never_borderline() -> None:
    found = judge_with_borderline(
        ASSERTIVE, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, released=False
    )

    assert (found.kind, found.borderline) == (VerdictKind.PROFILE_ONLY, False)


def test_wrong_input_is_named() -> None:
    with pytest.raises(OptionError, match="ordered thresholds"):
        VerdictPolicy(clear=0.5)
    with pytest.raises(ShapeError, match="one unit"):
        verdict_on(np.tile(ASSERTIVE, (2, 1)))
    with pytest.raises(OptionError, match="anchor step"):
        judge_with_borderline(
            ASSERTIVE, patterns=DEFAULT, elements=ELEMENTS, anchors=ABSOLUTE, anchor_step=0
        )
