"""What the documents point to is there: files, headings, decision records, names of settings."""

import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.places import ROOT

RECORDS = ROOT / "docs" / "decisions"
AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DOCUMENTS = (*(ROOT / name for name in AT_THE_TOP), *sorted((ROOT / "docs").rglob("*.md")))
# Where a name in capitals may be defined: settings, constants, variables of make and of scripts.
CODE = ("diagnostics", "survey", "qca", ".ci")
SUFFIXES = {".py", ".yaml", ""}
OF_OTHERS = {"SSL_CERT_FILE", "LICENSE"}  # read by Python's own ssl module; a file's name

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")
CAPITALS = re.compile(r"`([A-Z][A-Z0-9_]+)(?:=[^`\n]*)?`")
WORD = re.compile(r"\b[A-Z][A-Z0-9_]+\b")
NUMBERED = re.compile(r"(\d{3})-[a-z0-9]+(?:-[a-z0-9]+)*\.md")


def names(paths: tuple[Path, ...]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def prose(path: Path) -> str:
    """Return a document without the blocks of code in it."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def links(text: str) -> list[str]:
    """Return the targets of a text's links that do not lead to other sites."""
    found = LINK.findall(INLINE_CODE.sub("", text))
    return [target for target in found if not ELSEWHERE.match(target)]


def slugs(text: str) -> set[str]:
    """Return the anchors that forges give to the headings of a text."""
    found: set[str] = set()
    for heading in HEADING.findall(text):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = next(n for n in range(len(found) + 1) if _numbered(slug, n) not in found)
        found.add(_numbered(slug, number))
    return found


def _numbered(slug: str, number: int) -> str:
    return f"{slug}-{number}" if number else slug


def broken_links(document: Path, root: Path = ROOT) -> list[str]:
    """Return the links that lead to no file of the project, or to no heading of it."""
    return [link for link in links(prose(document)) if not _leads_somewhere(link, document, root)]


def _leads_somewhere(link: str, document: Path, root: Path) -> bool:
    name, _, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.is_relative_to(root) or not target.exists():
        return False
    return not anchor or (target.suffix == ".md" and anchor in slugs(prose(target)))


def records() -> tuple[Path, ...]:
    return tuple(sorted(path for path in RECORDS.glob("*.md") if path.name != "README.md"))


def unknown_names(text: str) -> list[str]:
    """Return the names in capitals that a text marks as code and that no code has."""
    return [name for name in CAPITALS.findall(text) if name not in words_of_code() | OF_OTHERS]


@cache
def words_of_code() -> frozenset[str]:
    """Return every word in capitals that stands in the code, the scripts or the Makefile."""
    files = chain([ROOT / "Makefile"], *((ROOT / folder).rglob("*") for folder in CODE))
    texts = (path.read_text(encoding="utf-8") for path in files if _is_code(path))
    return frozenset(chain.from_iterable(WORD.findall(text) for text in texts))


def _is_code(path: Path) -> bool:
    return path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in path.parts


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_decision_records_are_numbered_without_a_gap() -> None:
    numbers = [match.group(1) for path in records() if (match := NUMBERED.fullmatch(path.name))]

    assert numbers == [f"{number:03d}" for number in range(1, len(records()) + 1)]


@pytest.mark.parametrize("record", records(), ids=names(records()))
def test_a_decision_record_has_context_decision_and_consequences(record: Path) -> None:
    title, *headings = HEADING.findall(prose(record))

    assert headings == ["Context", "Decision", "Consequences"]
    assert title.startswith(f"{record.name[:3]} ")


def test_the_index_lists_every_decision_record_once_with_its_title() -> None:
    index = re.findall(r"^\| \[(\d{3})\]\((\S+)\) \| (.+?) \|$", prose(RECORDS / "README.md"), re.M)

    assert [(name, f"{number} {title}") for number, name, title in index] == [
        (record.name, HEADING.findall(prose(record))[0]) for record in records()
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_setting_and_constant_that_a_document_names_is_in_the_code(document: Path) -> None:
    assert unknown_names(prose(document)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One thing\n\n## Two: it's `three`\n\n# One thing\n")
    (tmp_path / "first.md").write_text(
        "[a](other.md) [b](other.md#one-thing-1) [c](other.md#two-its-three) [d](#here)\n"
        "[e](gone.md) [f](../outside.md) [g](https://example.com/x) `[h](code.md)`\n"
        "```\n[i](block.md)\n```\n# Here\n![j](gone.png) [k](other.md#two)\n"
    )

    assert broken_links(tmp_path / "first.md", tmp_path) == [
        "gone.md", "../outside.md", "gone.png", "other.md#two",
    ]  # fmt: skip


def test_a_name_that_no_code_has_is_found() -> None:
    text = "`KEY_DIR`, `BEHIND_PROXY=1`, `KEY_FOLDER`, KEY_FILE, `DEBUGGING=1` and `GET /s/`"

    assert unknown_names(text) == ["KEY_FOLDER", "DEBUGGING"]


ARCHITECTURE = ROOT / "docs" / "ARCHITECTURE.md"
CHANGE = re.compile(r"^\| ([^|]+) \| `([^`|]+)` \| `([^`|]+)` \|$", re.MULTILINE)
PATH = re.compile(r"`((?:qca|survey|diagnostics|templates|docs|tests)/[\w./-]*)`")


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = PATH.findall(ARCHITECTURE.read_text(encoding="utf-8"))

    assert len(named) > 40
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("what", "path", "name"), CHANGE.findall(ARCHITECTURE.read_text()))
def test_what_one_would_change_stands_where_the_architecture_says(
    what: str, path: str, name: str
) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    written = (
        rf"^\s*(?:def |class )?{re.escape(name)}\b" if path.endswith(".py") else re.escape(name)
    )

    assert re.search(written, text, re.MULTILINE), f"{what}: no {name} in {path}"


def test_the_architecture_answers_at_least_twenty_five_questions() -> None:
    assert len(CHANGE.findall(ARCHITECTURE.read_text(encoding="utf-8"))) >= 25
