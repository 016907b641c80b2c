"""The heat map is sorted by any column and searched, and units without figures come last."""

import pytest

from diagnostics.charts.heat_map import HeatMap, HeatRow, heat_cells
from diagnostics.charts.heat_map_order import ordered
from diagnostics.sorting import Heading

CODES = ("TF", "quick")


def row(name: str, depth: int, note: str, *memberships: float) -> HeatRow:
    cells = heat_cells(CODES, dict(zip(CODES, memberships, strict=False)))
    return HeatRow(name, depth, "10–19", note, "", cells)


HEAT_MAP = HeatMap(
    ("Foresight",),
    ("Quick",),
    (
        row("North", 0, "Quick: not yet", 0.40, 0.30),
        row("Oulu", 1, "Between Quick and Slow", 1.00, 0.90),
        row("Inari", 1, "Part of “North”"),
        row("åland", 0, "Quick: well inside", 0.95, 0.30),
    ),
    CODES,
)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["North", "Oulu", "Inari", "åland"]),
        ("TF", ["Oulu", "åland", "North", "Inari"]),
        ("-TF", ["North", "åland", "Oulu", "Inari"]),
        ("quick", ["Oulu", "North", "åland", "Inari"]),
        ("name", ["Inari", "North", "Oulu", "åland"]),
        ("-name", ["åland", "Oulu", "North", "Inari"]),
        ("<script>", ["North", "Oulu", "Inari", "åland"]),
    ],
)
def test_units_come_in_the_order_asked_for(order: str, names: list[str]) -> None:
    found = ordered(HEAT_MAP, order=order)

    assert [row.name for row in found.heat_map.rows] == names
    depths = {row.depth for row in found.heat_map.rows}
    assert depths == ({0, 1} if order in {"", "<script>"} else {0})


def test_a_second_click_turns_the_order_round() -> None:
    once, twice = ordered(HEAT_MAP, order="TF"), ordered(HEAT_MAP, order="-TF")

    assert (once.elements, once.patterns) == (
        (Heading("Foresight", "-TF", "descending"),),
        (Heading("Quick", "quick", ""),),
    )
    assert twice.elements == (Heading("Foresight", "TF", "ascending"),)
    assert ordered(HEAT_MAP, order="name").unit == Heading("", "-name", "ascending")


def test_a_search_looks_into_names_and_verdicts() -> None:
    found = ordered(HEAT_MAP, text=" between ")

    assert [row.name for row in found.heat_map.rows] == ["Oulu"]
    assert (found.text, found.left_out) == (" between ", 3)
