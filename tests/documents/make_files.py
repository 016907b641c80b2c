"""Write the stored example of every kind's newest version, and what older ones are read as.

Run after raising a version:

    DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.documents.make_files

A file that is there already stays: what was stored once is not written again.
"""

import json
from pathlib import Path

import django


def main() -> None:
    """Write what is missing, and every reading of an older version for the eye to compare."""
    django.setup()
    from diagnostics.documents import DOCUMENT_KINDS
    from survey.documents.plain_values import to_document
    from tests.documents.examples import example_of, golden, golden_path, shape_digest

    for kind in DOCUMENT_KINDS:
        path = golden_path(kind, kind.version)
        if not path.exists():
            document = kind.stored(example_of(kind.hint))
            _write(path, {"shape": shape_digest(kind), "document": document})
        for version in range(1, kind.version):
            read = kind.read(golden(kind, version))
            _write(golden_path(kind, version, read=True), to_document(read))


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
