"""One form of JSON under every fingerprint, made in one place."""

import hashlib

from survey.documents.canonical_json import canonical_json, content_digest
from tests.architecture.sources import modules


def test_canonical_json_sorts_fields_keeps_order_of_lists_and_writes_letters_as_they_are() -> None:
    content = {"b": [2, 1.5, -0.0, True], "a": {"ö": None, "e": "“x”"}}

    assert canonical_json(content) == '{"a":{"e":"“x”","ö":null},"b":[2,1.5,-0.0,true]}'.encode()


def test_a_digest_is_the_sha_256_of_the_canonical_form() -> None:
    content = {"b": 1, "a": [0.1]}

    assert content_digest(content) == hashlib.sha256(b'{"a":[0.1],"b":1}').hexdigest()


def test_no_other_module_makes_a_fingerprint_of_json() -> None:
    both = {
        name
        for name, path in modules().items()
        if {"json.dumps", "hashlib.sha256"} <= set(_calls(path.read_text(encoding="utf-8")))
    }

    # Catalogues, and folders of reports, note the fingerprints of files in a file of their own.
    assert both == {
        "survey.documents.canonical_json",
        "diagnostics.project.catalogues",
        "diagnostics.answer_files.folders",
    }


def _calls(text: str) -> list[str]:
    return [name for name in ("json.dumps", "hashlib.sha256") if f"{name}(" in text]
