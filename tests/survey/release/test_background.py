"""Counts of background answers: no number below the floor is told, and none can be computed."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.instrument.content import Question
from survey.policy import SENSITIVE_FLOOR
from survey.release.background import background_counts

REST = None  # who told nothing


def question_of(options: int) -> Question:
    return Question("role", {}, tuple((f"o{number}", {}) for number in range(options)))


def told_of(sizes: tuple[int, ...], floor: int = SENSITIVE_FLOOR) -> dict[str, int]:
    """Return what is told where so many chose each option; the last number chose none."""
    question = question_of(len(sizes) - 1)
    names = [*(option for option, _ in question.options), REST]
    people = [{"role": name} for name, n in zip(names, sizes, strict=True) for _ in range(n)]
    return background_counts([question], people, floor=floor).get("role", {})


def test_an_option_of_ten_people_is_told_and_the_rest_is_not() -> None:
    assert told_of((10, 9, 30, 1)) == {"o0": 10, "o2": 30}


def test_the_smallest_option_joins_a_rest_that_would_be_too_small() -> None:
    assert told_of((12, 40, 30, 9)) == {"o1": 40, "o2": 30}
    assert told_of((12, 40, 30, 0)) == {"o1": 40, "o2": 30}
    assert told_of((12, 40, 30, 10)) == {"o0": 12, "o1": 40, "o2": 30}


def test_nothing_is_told_of_a_question_in_which_all_are_alike() -> None:
    assert told_of((500, 0, 0, 0)) == {}
    assert told_of((9, 9, 9, 9)) == {}
    assert background_counts([question_of(2)], [], floor=SENSITIVE_FLOOR) == {}


def test_what_is_no_option_counts_as_told_by_nobody() -> None:
    people = [{"role": "o0"}] * 20 + [{"role": "other"}] * 6 + [{}] * 4

    assert background_counts([question_of(2)], people, floor=10) == {"role": {"o0": 20}}


@given(st.lists(st.integers(0, 45), min_size=2, max_size=8))
@settings(max_examples=400, deadline=None)
def test_no_cell_below_ten_is_told_or_computable_from_the_number_of_people(
    sizes: list[int],
) -> None:
    *chosen, silent = sizes
    told = told_of((*chosen, silent))

    hidden = {f"o{number}": n for number, n in enumerate(chosen) if f"o{number}" not in told}
    assert all(n >= SENSITIVE_FLOOR for n in told.values())
    assert told == {} or sum(hidden.values()) + silent >= SENSITIVE_FLOOR
    # Whatever number below the floor one hidden option has, the same would have been told.
    for name in hidden if told else ():
        rest = sum(hidden.values()) + silent
        for other in range(min(rest, SENSITIVE_FLOOR)):
            world = {**told, **dict.fromkeys(hidden, 0), name: other}
            ordered = [world[f"o{number}"] for number in range(len(chosen))]
            assert told_of((*ordered, rest - other)) == told


def test_a_reader_who_tries_every_company_can_tell_no_hidden_number() -> None:
    """Brute force, for three options and a floor of three: all companies of up to fourteen."""
    floor, most = 3, 14
    worlds: dict[tuple[int, tuple[tuple[str, int], ...]], list[tuple[int, ...]]] = {}
    for sizes in product(range(most + 1), repeat=4):
        if sum(sizes) <= most:
            told = tuple(sorted(told_of(sizes, floor).items()))
            worlds.setdefault((sum(sizes), told), []).append(sizes)

    computable: Counter[str] = Counter()
    for (_, told), possible in worlds.items():
        for place, name in enumerate(("o0", "o1", "o2", "rest")):
            found = {sizes[place] for sizes in possible}
            if told and name not in dict(told) and max(found) < floor and len(found) < floor:
                computable[name] += 1
    assert computable == Counter()
