"""Waves of two questionnaires are compared where the statements are the same, and nowhere else."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.instrument.unchanged import unchanged_constructs

Change = Callable[[dict[str, Any]], object]
LANGUAGES = ("en", "fi")
EVERY = frozenset({"TF", "AD", "AG", "CF", "RB", "DSO", "CHECK", "MV"})


def changed(change: Change) -> Instrument:
    content = copy.deepcopy(dict(read_instrument_file()))
    change(content)
    return parse_instrument(content)


def item(content: dict[str, Any], construct: int, number: int) -> dict[str, Any]:
    found: dict[str, Any] = content["constructs"][construct]["items"][number]
    return found


def test_no_construct_of_the_first_version_is_asked_alike_in_the_second() -> None:
    first, second = (parse_instrument(read_instrument_file(path)) for path in SHIPPED_INSTRUMENTS)
    assert unchanged_constructs(first, second, languages=LANGUAGES) == frozenset()


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda content: None, EVERY),
        (lambda content: content["title"].update(en="Another title"), EVERY),
        (lambda content: item(content, 0, 0)["text"].update(en="We talk."), EVERY - {"TF"}),
        (lambda content: item(content, 0, 0)["text"].update(fi="Puhumme."), EVERY - {"TF"}),
        # Nobody was asked in Swedish.
        (lambda content: item(content, 0, 0)["text"].update(sv="Vi pratar."), EVERY),
        (lambda content: item(content, 1, 4).pop("reversed"), EVERY - {"AD"}),
        (lambda content: item(content, 4, 0).update(function="sales"), EVERY - {"CF"}),
        (lambda content: content["constructs"][2]["items"].pop(), EVERY - {"AG"}),
        (lambda content: content["constructs"][3]["lead_in"].update(en="Now rules."),
         EVERY - {"RB"}),
        (lambda content: content["constructs"][2]["items"].reverse(), EVERY),
        (lambda content: content["stem"].update(en="In our team …"), frozenset()),
        (lambda content: content["scale"]["labels"]["fi"].reverse(), frozenset()),
    ],
)  # fmt: skip
def test_a_construct_is_the_same_if_every_word_that_was_read_is(
    change: Change, left: frozenset[str]
) -> None:
    before = parse_instrument(read_instrument_file())
    assert unchanged_constructs(before, changed(change), languages=LANGUAGES) == left
