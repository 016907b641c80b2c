"""Rows of people, and the search for them in everything that a product may write them as."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from openpyxl import load_workbook

from diagnostics.models import AnalysisCases
from survey.instrument.content import parse_instrument
from survey.models import Campaign, Response
from survey.selectors.releases import released_rows

# A number that is no part of a name, nor of an id.
NUMBER = re.compile(r"(?<![\w.-])-?\d{1,9}(?:\.\d+)?(?!\w|[.-]\w)")
PACKED = ("<f8", ">f8", "<f4", "i1", "<i2", "<i4", "<i8")
SPSS_BIAS = 100  # what a compressed SPSS file adds to a small number, one byte each
WORKBOOK = "xl/workbook.xml"


Needle = str | bytes  # numbers in a row, or bytes as they are


@dataclass(frozen=True, slots=True)
class Planted:
    """What must not be left: of each person the row in every form, and the scores of cases."""

    people: tuple[frozenset[Needle], ...]
    scores: frozenset[Needle]

    def found_in(self, contents: Mapping[str, bytes], form: str = "") -> tuple[int, int]:
        """Return how many people and scores lie in contents of one kind, packed ones among them."""
        wanted = self.scores.union(*self.people)
        found: set[Needle] = set()
        # What is served to several people alike is looked through once.
        for part in {part for name, part in _all_parts(contents) if name.endswith(form)}:
            numbers = numbers_in(part)
            found |= {one for one in wanted if _lies_in(one, numbers, part)}
        people = sum(not found.isdisjoint(person) for person in self.people)
        return people, len(found & self.scores)


def _lies_in(needle: Needle, numbers: str, part: bytes) -> bool:
    return needle in numbers if isinstance(needle, str) else needle in part


def planted_rows(campaign: Campaign) -> Planted:
    """Return the rows of those who left nothing out, and the scores that are kept of cases."""
    codes = [str(one) for one in released_rows(campaign) if one not in ("pool", "function")]
    labels = parse_instrument(campaign.instrument.content).scale.labels["en"]
    # PostgreSQL stores the keys of an object by length, then by letters.
    orders = (codes, sorted(codes, key=lambda code: (len(code), code)))
    people = []
    for response in Response.objects.filter(campaign=campaign):
        if response.answers.keys() >= set(codes):
            needles: set[Needle] = {
                response.pk.bytes, response.pk.hex.encode(), str(response.pk).encode(),
                ",".join(labels[response.answers[code] - 1] for code in codes).encode(),
            }  # fmt: skip
            for order in orders:
                needles |= _forms([response.answers[code] for code in order])
            people.append(frozenset(needles))
    return Planted(tuple(people), frozenset(_scores(campaign)))


def _forms(row: list[int]) -> set[Needle]:
    """Return a row as numbers of a text, and packed in every way."""
    packed = {np.array(row).astype(kind).tobytes() for kind in PACKED}
    return {_joined(row), *packed, bytes(value + SPSS_BIAS for value in row)}


def numbers_in(content: bytes) -> str:
    """Return the numbers of a text in their order, each written alike."""
    found = NUMBER.findall(content.decode("latin-1"))
    return _joined(float(number) for number in found)


def _joined(numbers: Iterable[float]) -> str:
    return f",{','.join(f'{number:g}' for number in numbers)},"


def _scores(campaign: Campaign) -> Iterator[Needle]:
    """Yield the scores that are kept of each case, packed as they are, and as numbers."""
    for kept in AnalysisCases.objects.filter(analysis__campaign=campaign):
        packed = np.frombuffer(bytes(kept.scores), dtype="<f8").reshape(-1, len(kept.columns))
        for row in packed:
            yield row.tobytes()
            yield _joined(row.tolist())


def _all_parts(contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, content in contents.items():
        yield from _parts(name, content)


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a content, and what is packed in it; of a workbook its cells, row by row."""
    yield name, content
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if WORKBOOK in archive.namelist():
            yield name, _cells(content)
        for inner in archive.namelist():
            yield from _parts(inner, archive.read(inner))


def _cells(content: bytes) -> bytes:
    book = load_workbook(io.BytesIO(content), read_only=True)
    lines = [
        ",".join("" if cell is None else str(cell) for cell in row)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    return "\n".join(lines).encode()
