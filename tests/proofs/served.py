"""Numbers in what was served, each by a name that stays when its value changes."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from tests.proofs.crawl import OK, Output, unpacked

UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
Numbers = dict[tuple[str, ...], str]


def without_new_ids(
    served: Mapping[str, Output], known: frozenset[bytes]
) -> dict[str, list[bytes]]:
    """Return statuses and contents by address, with no id but those known before the release."""

    def masked(text: bytes) -> bytes:
        return UUID.sub(lambda found: found[0] if found[0] in known else b"[new]", text)

    contents: dict[str, list[bytes]] = {}
    for address, output in served.items():
        # An archive tells when each of its files was written: what is in it counts.
        whole = [
            f"{output.status} {output.kind} {name} ".encode() + masked(content)
            for name, content in sorted(unpacked(output).items())
        ]
        contents.setdefault(masked(address.encode()).decode(), []).extend(whole)
    return {address: sorted(found) for address, found in contents.items()}


def numbers_of(served: Mapping[str, Output]) -> Numbers:
    """Return the numbers in tables of pages, in CSV and in JSON files."""
    found: Numbers = {}
    for address, output in served.items():
        if output.status != OK:
            continue
        place = (
            UUID.sub(b"", address.encode()).decode()
            if output.kind == "application/json"
            else address
        )
        for name, content in unpacked(output).items():
            if name.endswith(".csv"):
                found |= {(place, name, *key): value for key, value in _of_csv(content)}
            elif output.kind == "application/json":
                found |= {(place, *key): value for key, value in _of_json(json.loads(content))}
            elif output.kind == "text/html":
                found |= {(place, *key): value for key, value in _of_page(content)}
    return found


def _of_csv(content: bytes) -> Iterator[tuple[tuple[str, ...], str]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for row in rows[1:]:
        labels = tuple(cell for cell in row if not NUMBER.fullmatch(cell))
        for column, cell in zip(rows[0], row, strict=False):
            if NUMBER.fullmatch(cell):
                yield (*labels, column), cell


def _of_json(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_json(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _of_json(inner, (*path, str(place)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, str(value)


class _Tables(HTMLParser):
    """The rows of a page's tables."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self._table = -1
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._table += tag == "table"
        if tag == "tr":
            self.rows.append((self._table, []))
        if tag in ("td", "th") and self.rows:
            self.rows[-1][1].append("")
            self._is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1][1][-1] += f" {data.strip()}"


def _of_page(content: bytes) -> Iterator[tuple[tuple[str, ...], str]]:
    parser = _Tables()
    parser.feed(content.decode())
    for table, cells in parser.rows:
        for column, cell in enumerate(cells[1:], start=1):
            # Two numbers are the ends of an interval: drawn anew, not added up.
            if len(found := NUMBER.findall(cell)) == 1:
                yield (str(table), cells[0].strip(), str(column)), found[0]
