"""What any version stored is read as today's values, and no stored type changes unnoticed."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from diagnostics.documents import DOCUMENT_KINDS
from survey.documents.plain_values import to_document
from survey.documents.versions import DocumentKind
from tests.documents.examples import (
    FOLDER,
    example_of,
    golden,
    golden_path,
    golden_shape,
    shape_digest,
)

every_kind = pytest.mark.parametrize("kind", DOCUMENT_KINDS, ids=lambda kind: kind.name)


@every_kind
def test_a_stored_type_changes_only_together_with_its_version(kind: DocumentKind[Any]) -> None:
    assert shape_digest(kind) == golden_shape(kind, kind.version), (
        f"{kind.name} is not what version {kind.version} stored: add an upgrade from it to "
        "diagnostics.documents, then run tests.documents.make_files"
    )


@every_kind
def test_todays_document_is_stored_and_read_whole(kind: DocumentKind[Any]) -> None:
    example = example_of(kind.hint)

    assert kind.stored(example) == golden(kind, kind.version)
    assert kind.read(golden(kind, kind.version)) == example


@every_kind
def test_a_document_from_before_there_were_versions_is_version_one(
    kind: DocumentKind[Any],
) -> None:
    document = golden(kind, 1)

    assert kind.read(document["content"]) == kind.read(document)


@every_kind
def test_every_older_version_is_read_as_what_was_agreed_and_stays_as_it_is(
    kind: DocumentKind[Any],
) -> None:
    for version in range(1, kind.version):
        document = golden(kind, version)
        before = copy.deepcopy(document)
        path = golden_path(kind, version, read=True)

        assert to_document(kind.read(document)) == json.loads(path.read_text(encoding="utf-8"))
        assert document == before


def test_kinds_have_names_of_their_own_and_a_file_for_every_version() -> None:
    files = {path.relative_to(FOLDER) for path in FOLDER.glob("v*/*.json")}
    expected = {
        path.relative_to(FOLDER)
        for kind in DOCUMENT_KINDS
        for version in range(1, kind.version + 1)
        for path in [golden_path(kind, version), golden_path(kind, version, read=True)][
            : 1 if version == kind.version else 2
        ]
    }

    assert len({kind.name for kind in DOCUMENT_KINDS}) == len(DOCUMENT_KINDS)
    assert files == expected


@every_kind
def test_the_next_version_reads_what_this_one_stored(kind: DocumentKind[Any]) -> None:
    document = golden(kind, kind.version)

    def wrapped(content: Any) -> Any:  # noqa: ANN401 - as a next version might have it
        return {"kept": content}

    hint = dict[str, kind.hint]  # type: ignore[name-defined]
    following = replace(kind, hint=hint, upgrades=(*kind.upgrades, wrapped))

    assert following.version == kind.version + 1
    assert following.read(document) == {"kept": example_of(kind.hint)}
    assert following.read(following.stored({})) == {}
