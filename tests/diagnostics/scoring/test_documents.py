"""Results survive the way into a JSON column and back."""

import json

import pytest

from diagnostics.scoring.documents import DocumentError, from_document, to_document
from diagnostics.scoring.results import (
    ConstructScore,
    Interval,
    LeverResult,
    Profile,
    Relation,
    Source,
)
from qca.patterns.verdicts import Level

SOURCE = Source("general/unit/north", "north", "North", Relation.OWN, False, "10-19")
SCORE = ConstructScore(
    construct="TF",
    score=4.5,
    interval=Interval(4.1, 4.9),
    membership=0.65,
    membership_interval=None,
    level=Level.MORE_IN_THAN_OUT,
    company=5.0,
    band="10-19",
)


def test_a_result_is_the_same_after_json() -> None:
    profile = Profile(SOURCE, (SCORE, SCORE))

    text = json.dumps(to_document(profile))

    assert from_document(Profile, json.loads(text)) == profile


def test_a_whole_number_of_points_comes_back_as_a_float() -> None:
    lever = LeverResult(("AD", "AG"), 1.0, 0.25, "nimble", 0.75, Level.MORE_IN_THAN_OUT)
    document = to_document(lever) | {"points": 1}

    assert from_document(LeverResult, document) == lever
    assert isinstance(from_document(LeverResult, document).points, float)


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match="expected a finite number or None, found nan"):
        to_document(Interval(float("nan"), 1.0))


def test_a_document_with_a_field_too_few_is_refused() -> None:
    with pytest.raises(DocumentError) as refusal:
        from_document(Interval, {"low": 1.0})

    assert str(refusal.value) == "Interval: expected the fields ['high', 'low'], found ['low']"
