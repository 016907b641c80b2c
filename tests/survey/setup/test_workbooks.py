"""XLSX files: read like CSV, bombs refused quickly, and exports that import again."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from survey.import_files.people import read_people
from survey.import_files.units import read_units
from survey.import_files.writing import as_csv, as_workbook
from survey.models import Campaign, Membership, Organisation, Role, Unit, Upload, User
from survey.selectors.units.unit_plans import units_at_launch
from survey.services.setup.drafts import begin_draft
from tests.survey.staff_scenes import (
    UNITS,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = b"<worksheet " + NAMESPACE + b"><sheetData>"
TAIL = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"
CELL = b"<c><v>1</v></c>"
MIB = 2**20


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten(name: str, part: bytes) -> bytes:
    """Return a small workbook with one part in place of its own."""
    source = zipfile.ZipFile(io.BytesIO(workbook(("code", "name", "parent"))))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in source.namelist():
            if other != name:
                archive.writestr(other, source.read(other))
        archive.writestr(name, part)
    return target.getvalue()


def test_a_workbook_is_read_like_the_same_file_in_csv() -> None:
    lines = [tuple(line.split(",")) for line in UNITS.splitlines()]

    assert read_units(workbook(*lines)) == read_units(UNITS.encode())


def test_codes_that_a_spreadsheet_stored_as_numbers_are_read_as_typed() -> None:
    file = read_units(workbook(("code", "name", "parent"), (1, "Acme", None), (12.0, 2030, 1)))

    assert [(row.code, row.name, row.parent) for row in file.rows] == [
        ("1", "Acme", ""),
        ("12", "2030", "1"),
    ]


def test_problems_name_the_sheet_s_row_and_column_with_blank_rows_counted() -> None:
    data = workbook(("email", "name", "unit", "function"), (), ("nobody", "Nina", "N1", "plumbing"))

    assert [str(problem) for problem in read_people(data, file="people.xlsx").problems] == [
        "people.xlsx, line 3, column 1 (email): expected an e-mail address, found 'nobody'.",
        (
            "people.xlsx, line 3, column 4 (function): expected operations or sales, "
            "found 'plumbing'."
        ),
    ]


BOMBS = {
    "a long run of spaces": (SHEET, HEAD + b" " * (64 * MIB) + TAIL),
    "spaces in a part nobody reads": ("xl/media/image1.bin", b" " * (64 * MIB)),
    "cells without end": (SHEET, HEAD + b"<row>" + b"<c/>" * 2_000_000 + b"</row>" + TAIL),
    "blank cells past the limit": (
        SHEET, HEAD + b"<row>" + b"<c/>" * 150_001 + b"</row>" + TAIL
    ),
    "blank cells just within the limit": (
        SHEET, HEAD + b"<row>" + b"<c/>" * 149_990 + b"</row>" + TAIL
    ),
    "values past the columns": (SHEET, HEAD + b"<row>" + CELL * 51 + b"</row>" + TAIL),
    "values past the rows": (SHEET, HEAD + (b"<row>" + CELL + b"</row>") * 20_002 + TAIL),
    "a row far away": (SHEET, HEAD + b'<row r="999999999999">' + CELL + b"</row>" + TAIL),
    "cells far to the right": (
        SHEET,
        HEAD
        + b"".join(b'<row><c r="XFD%d"><v>1</v></c></row>' % n for n in range(1, 20_000))
        + TAIL,
    ),
    "a false size": (
        SHEET, HEAD.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
        + b"<row>" + CELL + b"</row>" + TAIL,
    ),
    "entities": (SHEET, b'<!DOCTYPE a [<!ENTITY a "aaaa">]>' + HEAD + TAIL),
    "styles without end": (
        "xl/styles.xml", b"<styleSheet " + NAMESPACE + b"><cellXfs>" + b"<xf/>" * 100_000
        + b"</cellXfs></styleSheet>",
    ),
    "texts without end": (
        "xl/sharedStrings.xml", b"<sst " + NAMESPACE + b">" + b"<si><t>a</t></si>" * 300_000
        + b"</sst>",
    ),
    "broken off": (SHEET, HEAD),
    "no sheet": ("xl/workbook.xml", b"<workbook/>"),
    "no XML": (SHEET, b"\x00\x01"),
    "no list of parts": ("[Content_Types].xml", b"<Types/>"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str) -> None:
    data = rewritten(*BOMBS[name])

    file = read_units(data)

    assert file.rows == ()
    assert file.problems != ()


def test_twenty_thousand_people_are_read() -> None:
    people = [(f"p{n}@example.com", f"Person {n}", "N1", "sales") for n in range(20_000)]

    file = read_people(workbook(("email", "name", "unit", "function"), *people), units=["N1"])

    assert (len(file.rows), file.problems) == (20_000, ())


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", 'Åsa, "Öl"']


@pytest.mark.parametrize("value", FORMULAS)
def test_no_cell_of_an_export_is_a_formula_and_both_kinds_import_again(value: str) -> None:
    headings, row = ("code", "name", "parent"), ("A", value, "")

    text = read_units(as_csv(headings, [row]))
    book = as_workbook(headings, [row])

    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert [cell.data_type for cell in sheet[2]][:2] == ["s", "s"]
    assert [unit.name for unit in text.rows] == [unit.name for unit in read_units(book).rows]
    assert [unit.name for unit in text.rows] == [value.strip()]


@pytest.fixture
def manager(db: None, client: Client) -> User:
    user = organisation_with_manager()[1]
    client.force_login(user)
    return user


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_tree_changes_nothing_when_it_is_imported_again(
    client: Client, manager: User, kind: str
) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    address = reverse(f"survey:unit-export-{kind}", args=[campaign.organisation_id])

    units = read_units(client.get(address).content)
    people = read_people(_people_of(client, campaign, kind), units=[row.code for row in units.rows])

    before = read_units(UNITS.encode()).rows
    assert sorted(units.rows, key=lambda row: row.code) == sorted(before, key=lambda row: row.code)
    assert sorted((row.email, row.unit, row.function) for row in people.rows) == sorted(
        (row.email, row.unit, row.function) for row in read_people(people_csv().encode()).rows
    )


def _people_of(client: Client, campaign: Campaign, kind: str) -> bytes:
    address = reverse(f"survey:people-export-{kind}", args=[campaign.id])
    return client.get(address).content


def test_the_people_of_an_open_campaign_are_exported_with_their_units(
    client: Client, manager: User
) -> None:
    campaign = open_campaign_of(manager.memberships.get().organisation)

    rows = read_people(_people_of(client, campaign, "csv")).rows

    assert sorted({(row.unit, len([r for r in rows if r.unit == row.unit])) for row in rows}) == [
        ("N1", 6),
        ("N2", 3),
    ]


@pytest.mark.parametrize("role", [None, Role.EXECUTIVE, Role.ADMINISTRATOR])
def test_exports_are_for_the_organisation_s_managers(
    client: Client, manager: User, role: Role | None
) -> None:
    theirs = open_campaign_of(organisation_with_manager("Theirs", "their@example.com")[0])
    if role is not None:
        Membership.objects.create(organisation=theirs.organisation, user=manager, role=role)

    for kind in ("csv", "xlsx"):
        units = reverse(f"survey:unit-export-{kind}", args=[theirs.organisation_id])
        people = reverse(f"survey:people-export-{kind}", args=[theirs.id])
        assert client.get(units).status_code == client.get(people).status_code == 404


@pytest.mark.parametrize("teams", [1, 3])
def test_an_export_asks_as_often_for_three_teams_as_for_one(
    client: Client, manager: User, teams: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = manager.memberships.get().organisation
    units = "code,name,parent\nC,Acme,\n" + "".join(f"T{n},Team {n},C\n" for n in range(teams))
    campaign = draft_campaign(
        organisation, units=units, people="email,name,unit,function\na@example.com,A,T0,sales\n"
    )

    with django_assert_num_queries(5):
        client.get(reverse("survey:unit-export-csv", args=[campaign.organisation_id]))


def test_workbooks_are_taken_by_the_set_up(client: Client, manager: User) -> None:
    campaign = begin_draft(organisation=Organisation.objects.get(), name="Spring", purpose="Work.")
    files = {
        name: SimpleUploadedFile(f"{name}.xlsx", workbook(*_lines(text)))
        for name, text in (("units", UNITS), ("people", people_csv()))
    }

    answer = client.post(reverse("survey:setup-people", args=[campaign.id]), files)

    upload = Upload.objects.get()
    assert answer.headers["Location"] == reverse("survey:upload-preview", args=[upload.id])
    assert Unit.objects.count() == 0
    client.post(answer.headers["Location"])
    planned = [unit.code for unit in units_at_launch(campaign, timezone.localdate())]
    assert (sorted(planned), campaign.recipients.count()) == (["C", "N", "N1", "N2"], 9)


def _lines(text: str) -> list[tuple[object, ...]]:
    return [tuple(line.split(",")) for line in text.splitlines()]
