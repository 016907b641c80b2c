"""Old documents are brought up to date step by step; others are refused in plain words."""

import copy
from dataclasses import dataclass
from typing import Any

import pytest

from survey.documents.versions import DocumentKind, UnreadableDocumentError


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a unit."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the third version has it: renamed from "team", with a size since the second."""

    unit: str
    size: int | None
    parts: tuple[Part, ...]


def with_size(content: Any) -> Any:  # noqa: ANN401
    return {**content, "size": None}


def with_unit(content: Any) -> Any:  # noqa: ANN401
    return {"unit": content["team"], **{key: content[key] for key in ("size", "parts")}}


KIND: DocumentKind[Unit] = DocumentKind("unit", "A unit", Unit, (with_size, with_unit))
FIRST = {"team": "North", "parts": [{"name": "TF", "score": 4}]}
SECOND = {"kind": "unit", "version": 2, "content": {**FIRST, "size": 12}}
THIRD = {"kind": "unit", "version": 3, "content": {
    "unit": "North", "size": 12, "parts": [{"name": "TF", "score": 4.0}]}}  # fmt: skip


def refusal_of(document: object) -> str:
    with pytest.raises(UnreadableDocumentError) as refusal:
        KIND.read(document)
    return str(refusal.value)


def test_every_version_is_read_as_todays_and_stays_as_it_is() -> None:
    before = copy.deepcopy((FIRST, SECOND, THIRD))

    found = [KIND.read(document) for document in (FIRST, SECOND, THIRD)]

    whole = Unit("North", 12, (Part("TF", 4.0),))
    assert found == [Unit("North", None, (Part("TF", 4.0),)), whole, whole]
    assert KIND.stored(whole) == THIRD
    assert before == (FIRST, SECOND, THIRD)


def test_a_newer_version_is_refused_with_the_versions_that_are_known() -> None:
    assert refusal_of({**THIRD, "version": 4}) == (
        "unit: version 4, where versions 1 to 3 are known; at the top: expected a known version, "
        "found a newer"
    )


def test_another_kind_and_no_version_at_all_are_refused() -> None:
    assert refusal_of({**THIRD, "kind": "company"}) == (
        "unit: version 3, where versions 1 to 3 are known; at the top: expected this kind, "
        "found another one"
    )
    for version in (0, True, "3", None):
        assert refusal_of({**THIRD, "version": version}) == (
            "unit: a version that cannot be told, where versions 1 to 3 are known; at the top: "
            "expected a version from 1 on"
        )


def test_a_refusal_says_where_a_document_does_not_fit_and_quotes_nothing() -> None:
    secret = {"name": "TF", "score": "a secret"}
    parts = [{"name": "TF", "score": 1.0}, secret]

    assert refusal_of({**THIRD, "content": {"unit": "N", "size": 1, "parts": parts}}) == (
        "unit: version 3, where versions 1 to 3 are known; at parts[1].score: expected a number, "
        "found a text"
    )
    assert refusal_of({**THIRD, "content": {"unit": "N", "secret": 1, "parts": []}}) == (
        "unit: version 3, where versions 1 to 3 are known; at the top: expected the fields unit, "
        "size, parts, found missing: size, unknown: 1"
    )
    assert refusal_of({"parts": ["a secret"]}) == (
        "unit: version 1, where versions 1 to 3 are known; at the top: expected to be brought "
        "up to date, met KeyError"
    )
    for document in (None, (), "a secret"):
        assert "secret" not in refusal_of(document)
