"""Proof 6, files: uploads made to hurt are refused soon, and no export computes anything."""

import csv
import io
import resource
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

import openpyxl
import pyreadstat

from diagnostics.exports.files import FORMULA_SIGNS, csv_file, sav_file, xlsx_file
from survey.import_files.writing import as_csv, as_workbook
from survey.services.setup.imports import read_people, read_units
from tests.diagnostics.downloads.test_exports import DAY, PAYLOADS, texts
from tests.proofs.figures import Figure, Size, at_least, at_most, exactly, seconds_at_most
from tests.survey.setup.test_workbooks import BOMBS, rewritten

REFUSED_SECONDS, REFUSED_MEGABYTES = 2.0, 200.0
FILES: Final = 40
BEGINNINGS: Final = (*FORMULA_SIGNS, "\t", "\r", "\n")


def measure(size: Size) -> list[Figure]:
    """Read files made to burn time or memory, then export texts that are formulas."""
    files = [*_poison(), *(rewritten(*BOMBS[name]) for name in list(BOMBS)[:: size.of(5, 1)])]
    return [*poisoned_files(files, at_least_files=size.of(20, FILES)), *formulas()]


def poisoned_files(files: list[bytes], at_least_files: int) -> list[Figure]:
    """Read every file as units and as people; each must be refused soon."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest, taken = 0.0, 0
    for content in files:
        for read in (read_units, read_people):
            begun = process_time()
            taken += len(read(content).rows)
            slowest = max(slowest, process_time() - begun)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        at_least("files made to hurt", len(files), at_least_files),
        exactly("rows taken from them", taken, 0),
        seconds_at_most(
            "seconds of computing to refuse the slowest", round(slowest, 3), REFUSED_SECONDS
        ),
        at_most("megabytes that refusing them took", round(grown, 1), REFUSED_MEGABYTES),
    ]


def formulas() -> list[Figure]:
    """Export every payload as CSV, XLSX and SPSS, and look for what a program would compute."""
    rows = [(payload,) for payload in PAYLOADS]
    csv_files = (csv_file(texts(PAYLOADS)), as_csv(["text"], rows))
    workbooks = (xlsx_file([texts(PAYLOADS)], title="=1+1", day=DAY), as_workbook(["text"], rows))
    cells = [cell for content in csv_files for cell in _csv_cells(content)]
    computed = sum(cell.startswith(BEGINNINGS) for cell in cells)
    computed += sum(map(_formulas_of, workbooks))
    return [
        at_least("payloads exported as CSV, XLSX and SPSS", len(set(PAYLOADS)), 200),
        exactly("cells that a spreadsheet would compute", computed, 0),
        exactly("payloads that the CSV files lost", 2 * len(PAYLOADS) - len(cells), 0),
        exactly("payloads that the SPSS file lost", len(PAYLOADS) - len(_sav_cells()), 0),
    ]


def _csv_cells(content: bytes) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))][1:]


def _formulas_of(workbook: bytes) -> int:
    """Return the formulas and links of a workbook, and the cells that are missing."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        markup = parts.read("xl/worksheets/sheet1.xml")
    marks = sum(markup.count(mark) for mark in (b"<f>", b"<f ", b"hyperlink"))
    return marks + sum(cell.data_type == "f" for cell in cells) + len(PAYLOADS) - len(cells)


def _sav_cells() -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "texts.sav")
        path.write_bytes(sav_file(texts(PAYLOADS), day=DAY))
        frame, _ = pyreadstat.read_sav(path)
    return [str(cell) for cell in frame["text"]]


def _poison() -> Iterator[bytes]:
    heading = b"code;name;parent\n"
    yield from (b"", b"\x00" * 5_000_000, b"\xff\xfe" * 10, b"\xef\xbb\xbf", b"\n" * 1_000_000)
    yield from (secrets.token_bytes(size) for size in (10, 10_000, 4_000_000))
    yield heading + b"a" * 6_000_000
    yield heading + b"x;y;\n" * 900_000
    yield b";".join(b"c%d" % column for column in range(100_000))
    yield heading + b'"' + b"a" * 4_900_000
    yield heading + b'"' * 4_900_000
    yield heading + b";" * 4_900_000
    yield b"\xd0\xcf\x11\xe0" + b"\x00" * 1_000_000
    yield b"\xff\xfe" + (";" * 2_000_000).encode("utf-16-le")
    yield b"\xfe\xff" + b"\xd8\x00" * 1_000_000
    yield heading + b"=cmd|' /C calc'!A0;\x00;\n" * 100_000
    yield b"%PDF-1.7\n" + b"0 " * 1_000_000
    yield b"<!DOCTYPE html><table>" + b"<tr><td>x" * 400_000
    yield _archive({f"part{number}.xml": b"<x/>" for number in range(20_000)})
    yield _archive({"xl/workbook.xml": _archive({"a": bytes(1_000_000)})})
    yield _archive({"../../etc/passwd": b"x", "[Content_Types].xml": b"<Types/>"})
    yield from (_archive({name: bytes(200_000_000)}) for name in ("xl/workbook.xml", "content.xml"))


def _archive(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()
