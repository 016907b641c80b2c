"""Results survive the way into a JSON column and back."""

import json
from collections.abc import Mapping

import pytest

from diagnostics.scoring.results import (
    ConstructScore,
    Interval,
    LeverResult,
    Profile,
    Relation,
    Source,
)
from qca.patterns.verdicts import Level
from survey.documents.plain_values import DocumentError, from_document, to_document

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

    assert str(refusal.value) == ("expected the fields low, high, found missing: high, unknown: 0")


def scored(**changes: object) -> dict[str, object]:
    return {"scores": [to_document(SCORE) | changes]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"source": None}, "source: expected named fields, found nothing"),
        ({"scores": {}}, "scores: expected a list, found named fields"),
        ({"scores": [5]}, "scores[0]: expected named fields, found a whole number"),
        (scored(score="4"), "scores[0].score: expected a number, found a text"),
        (scored(score=True), "scores[0].score: expected a number, found true or false"),
        (scored(band=3), "scores[0].band: expected a text, found a whole number"),
        (
            {"source": to_document(SOURCE) | {"relation": "cousin"}},
            "source.relation: expected one of own, one_child, wider, found another text",
        ),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_place(
    change: dict[str, object], problem: str
) -> None:
    with pytest.raises(DocumentError) as refusal:
        from_document(Profile, to_document(Profile(SOURCE, (SCORE,))) | change)

    assert str(refusal.value) == problem


def test_a_mapping_names_the_place_of_a_misfit_and_not_its_key() -> None:
    with pytest.raises(DocumentError) as refusal:
        from_document(Mapping[str, int], {"what somebody wrote": 1, "more": None})

    assert str(refusal.value) == "{1}: expected a whole number, found nothing"
