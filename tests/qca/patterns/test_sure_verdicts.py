"""Statements with their sureness, against the verdict on each draw by itself."""

from collections import Counter

import numpy as np
import pytest

from qca.calibration.anchors import Anchors
from qca.errors import MissingDataError, OptionError, ShapeError
from qca.patterns.judging import judge
from qca.patterns.named_patterns import Pattern
from qca.patterns.sure_verdicts import Possibility, sure_verdict
from qca.patterns.sureness import Sureness, SurenessPolicy
from qca.patterns.verdicts import VerdictKind

ELEMENTS = ("TF", "AD", "AG", "RB", "CF")
ANCHORS = [Anchors(2, 4.1, 6)] * 5
PATTERNS = (
    Pattern("assertive", {"TF": True, "AD": True, "RB": True}),
    Pattern("responsive", {"TF": True, "AD": True, "AG": True}),
    Pattern("nimble", {"TF": True, "AG": True, "RB": True}),
)
STRICT = (
    Pattern("bold", {"TF": True, "AD": True, "AG": False}),
    Pattern("calm", {"TF": True, "AD": False}),
)
INSIDE_ALL = [5.5, 5.5, 5.5, 3.0, 4.0]  # responsive by far
NEVER = ("RB",)


def verdict(draws: object, patterns: tuple[Pattern, ...] = PATTERNS) -> object:
    return sure_verdict(
        draws,  # type: ignore[arg-type]
        patterns=patterns,
        elements=ELEMENTS,
        anchors=ANCHORS,
        never_first=NEVER,
    )


@pytest.mark.parametrize("patterns", [PATTERNS, STRICT], ids=["default", "strict"])
@pytest.mark.parametrize("level", [3.8, 4.2, 4.8])
def test_shares_of_possibilities_are_those_of_the_verdicts_on_each_draw(
    patterns: tuple[Pattern, ...], level: float
) -> None:
    draws = np.random.default_rng(7).normal(level, 0.5, (300, 5))
    counted: Counter[tuple[VerdictKind, str | None]] = Counter()
    for draw in draws:
        one = judge(draw, patterns=patterns, elements=ELEMENTS, anchors=ANCHORS, never_first=NEVER)
        if one.kind in (VerdictKind.ELEMENT_FIRST, VerdictKind.NONE_YET):
            counted[one.kind, one.element] += 1
        else:
            counted[VerdictKind.CLEAR, one.leading] += 1
    found = sure_verdict(
        draws, patterns=patterns, elements=ELEMENTS, anchors=ANCHORS, never_first=NEVER
    )
    assert {(one.kind, one.name): one.share for one in found.possibilities} == {
        key: times / 300 for key, times in counted.items()
    }
    shares = [one.share for one in found.possibilities]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def draws_of(*parts: tuple[list[float], int]) -> list[list[float]]:
    return [scores for scores, times in parts for _ in range(times)]


NIMBLE = [5.5, 3.0, 5.5, 5.5, 4.0]
ASSERTIVE = [5.5, 5.5, 3.0, 5.5, 4.0]
FORESIGHT_LACKS = [3.0, 5.5, 5.5, 5.5, 4.0]
NOTHING_YET = [5.5, 3.0, 2.9, 2.8, 4.0]
ALL_ALIKE = [5.5, 5.2, 5.2, 3.0, 4.0]


@pytest.mark.parametrize(
    ("draws", "kind", "sureness", "share", "patterns", "element"),
    [
        (draws_of((NIMBLE, 9), (ASSERTIVE, 1)), "clear", "plain", 0.9, ("nimble",), None),
        (draws_of((NIMBLE, 8), (ASSERTIVE, 2)), "leaning", "probably", 0.8, ("nimble",), None),
        (
            draws_of((NIMBLE, 6), (ASSERTIVE, 3), (INSIDE_ALL, 1)),
            "not_clear",
            "open",
            0.6,
            ("nimble", "assertive"),
            None,
        ),
        (draws_of((FORESIGHT_LACKS, 10)), "element_first", "plain", 1.0, (), "TF"),
        (
            draws_of((FORESIGHT_LACKS, 15), (NIMBLE, 5)),
            "element_first",
            "probably",
            0.75,
            (),
            "TF",
        ),
        (
            draws_of((NOTHING_YET, 19), (NIMBLE, 1)),
            "none_yet",
            "plain",
            0.95,
            ("responsive",),
            None,
        ),
        (draws_of((FORESIGHT_LACKS, 5), (NIMBLE, 5)), "not_clear", "open", 0.5, ("nimble",), None),
    ],
)
def test_what_is_said_is_the_likeliest_as_surely_as_its_share(
    draws: list[list[float]],
    kind: str,
    sureness: str,
    share: float,
    patterns: tuple[str, ...],
    element: str | None,
) -> None:
    found = sure_verdict(
        draws, patterns=PATTERNS, elements=ELEMENTS, anchors=ANCHORS, never_first=NEVER
    )
    assert (found.kind, found.sureness, found.share, found.patterns, found.element) == (
        kind,
        sureness,
        pytest.approx(share),
        patterns,
        element,
    )


def test_patterns_as_near_as_can_be_are_said_to_be_so_where_that_is_surer() -> None:
    # Adaptability and agility are the lowest in turn, by next to nothing: without either of them
    # the unit is as well off, and with both hardly worse.
    one, other = [5.5, 5.01, 5.0, 5.6, 4.0], [5.5, 5.0, 5.01, 5.6, 4.0]
    found = sure_verdict(
        draws_of((one, 6), (other, 4)),
        patterns=PATTERNS,
        elements=ELEMENTS,
        anchors=ANCHORS,
        never_first=NEVER,
    )
    assert (found.kind, found.sureness, found.share) == (VerdictKind.BETWEEN, Sureness.PLAIN, 1.0)
    assert found.patterns == ("assertive", "nimble", "responsive")
    assert [one.name for one in found.possibilities] == ["assertive", "nimble"]


def test_between_names_no_pattern_that_the_unit_is_not_in() -> None:
    # .51 in one pattern and .49 in the other: nearer than the gap, yet only one of them is had.
    found = sure_verdict(
        [[5.5, 4.13, 4.08, 5.6, 4.0]] * 10, patterns=PATTERNS, elements=ELEMENTS, anchors=ANCHORS
    )
    assert (found.kind, found.patterns) == (VerdictKind.CLEAR, ("assertive",))


def test_a_sensitive_element_never_comes_first() -> None:
    lacks = (Pattern("bold", {"RB": True, "AD": True}), Pattern("calm", {"RB": True, "AG": True}))
    found = verdict([[5.0, 5.0, 5.0, 3.0, 5.0]] * 4, lacks)
    assert found.kind is VerdictKind.NONE_YET  # type: ignore[attr-defined]
    assert found.possibilities == (Possibility(VerdictKind.NONE_YET, None, 1.0),)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("draws", "error"),
    [
        (np.empty((0, 5)), MissingDataError),
        ([[5.0, np.nan, 5.0, 5.0, 5.0]], MissingDataError),
        ([[5.0] * 4], ShapeError),
        ([5.0] * 5, ShapeError),
    ],
)
def test_draws_that_do_not_fit_are_refused(draws: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        verdict(draws)


def test_an_element_that_no_pattern_requires_may_be_unknown() -> None:
    found = verdict([[5.5, 5.5, 3.0, 5.5, np.nan]] * 3)
    assert found.patterns == ("assertive",)  # type: ignore[attr-defined]


@pytest.mark.parametrize("shares", [{"plain": 0.7}, {"plain": 1.1}, {"lever": -0.1}])
def test_shares_that_are_no_shares_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="expected ordered shares"):
        SurenessPolicy(**shares)
