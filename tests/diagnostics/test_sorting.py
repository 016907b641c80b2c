"""Tables are sorted by what an address asks for, whatever it asks for."""

import pytest
from django.template.loader import render_to_string

from diagnostics.sorting import Column, Heading, SortedTable, sorted_table

Row = tuple[str, int | None]
ROWS: tuple[Row, ...] = (("Bo", 2), ("ann", None), ("Cy", 3), ("Di", 2), ("Al", None))
COLUMNS: dict[str, Column[Row]] = {
    "name": Column(lambda row: row[0].casefold(), "Name", is_descending=False),
    "cases": Column(lambda row: row[1], "Cases"),
}


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["Al", "ann", "Bo", "Cy", "Di"]),
        ("-name", ["Di", "Cy", "Bo", "ann", "Al"]),
        ("cases", ["Cy", "Bo", "Di", "ann", "Al"]),
        ("-cases", ["Bo", "Di", "Cy", "ann", "Al"]),
    ],
)
def test_rows_come_by_the_column_equal_ones_as_they_were_and_empty_ones_last(
    order: str, names: list[str]
) -> None:
    assert [name for name, _ in sorted_table(ROWS, COLUMNS, order=order).rows] == names


@pytest.mark.parametrize("order", ["", "-", "--cases", "CASES", "cases ", "<script>", "-age"])
def test_an_unknown_order_is_the_default(order: str) -> None:
    headings = {"name": Heading("Name", "name", ""), "cases": Heading("Cases", "cases", "")}

    assert sorted_table(ROWS, COLUMNS, order=order) == SortedTable(ROWS, "", headings)
    assert sorted_table(ROWS, COLUMNS, order=order, default="-cases") == sorted_table(
        ROWS, COLUMNS, order="-cases"
    )


@pytest.mark.parametrize(
    ("order", "cases"),
    [
        ("name", Heading("Cases", "cases", "")),
        ("cases", Heading("Cases", "-cases", "descending")),
        ("-cases", Heading("Cases", "cases", "ascending")),
    ],
)
def test_a_second_click_turns_the_order_round(order: str, cases: Heading) -> None:
    assert sorted_table(ROWS, COLUMNS, order=order).headings["cases"] == cases


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (
            {"heading": Heading("", "-n", "descending"), "label": "n", "class": "number",
             "anchor": "rows"},
            ('<th scope="col" class="number" aria-sort="descending"> '
            '<a href="?order=-n#rows">n<span aria-hidden="true"> ↓</span></a> </th>'),
        ),
        (
            {"heading": Heading("", "a&b", ""), "label": "A & B", "find": ""},
            '<th scope="col" > <a href="?order=a%26b&amp;find=">A &amp; B</a> </th>',
        ),
    ],
)  # fmt: skip
def test_a_heading_is_a_link_that_says_how_it_sorts(
    context: dict[str, object], expected: str
) -> None:
    written = render_to_string("components/sort_heading.html", context)

    assert " ".join(written.split()) == expected
