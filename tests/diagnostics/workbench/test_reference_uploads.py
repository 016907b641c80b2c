"""Reference cases uploaded through the page: every number on it is that of R's QCA."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diagnostics.models import Analysis, UploadedMatrix
from survey.models import Membership, Organisation, Role, User
from tests.places import SHARED_REFERENCE

OPEN = SHARED_REFERENCE / "open"
CASES = [
    "classic_LF", "classic_CVF", "classic_Emme", "classic_HC", "classic_Krook", "o01_tiny",
    "o03_sixvalue", "o05_half", "o06_contradictions", "o07_empty", "o09_cyclic", "o11_survey",
    "o14_crisp", "o17_atcut",
]  # fmt: skip
FIGURES = ("inclS", "PRI", "covS", "covU")
Figures = list[Any]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not OPEN.exists(), reason="the shared reference cases are not here"),
]


class Tables(HTMLParser):
    """The rows of a page's tables: marks of row and table, and the text of every cell."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[tuple[dict[str, str | None], list[str]]] = []
        self._table: dict[str, str | None] = {}
        self._is_cell = self._is_foot = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = dict(attrs)
        elif tag == "tr":
            self.rows.append(({**self._table, **dict(attrs)}, []))
        elif tag == "tfoot":
            self._is_foot = True
        elif tag in {"td", "th"} and self.rows:
            self._is_cell = True
            self.rows[-1][1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._is_cell = False
        elif tag == "tfoot":
            self._is_foot = False
            self.rows.pop()

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1][1][-1] += data.strip()


def printed(cells: list[str]) -> Figures:
    """Return the figures of cells of the page; a dash is None."""
    return [None if cell == "–" else float(cell) for cell in cells]


def of_r(*values: object) -> Figures:
    """Return figures of R to the page's three decimals; NaN and NA are None."""
    return [
        pytest.approx(value, abs=0.000501) if isinstance(value, int | float) else None
        for value in values
    ]


def table_on(tables: Tables) -> dict[int, tuple[str, int, Figures]]:
    """Return the truth table: number -> output, cases, consistency and PRI."""
    return {
        int(marks["data-row"] or 0): (cells[-5], int(cells[-4]), printed(cells[-3:-1]))
        for marks, cells in tables.rows
        if "data-row" in marks
    }


def necessity_on(tables: Tables) -> dict[str, Figures]:
    """Return necessity: condition and outcome -> consistency, relevance, coverage."""
    return {
        str(marks["data-necessity"]): printed(cells[2:5])
        for marks, cells in tables.rows
        if "data-necessity" in marks
    }


def models_on(tables: Tables, kind: str) -> dict[frozenset[str], dict[str, Figures]]:
    """Return the models of a solution: terms -> term -> its four figures."""
    found: dict[str, dict[str, Figures]] = {}
    for marks, cells in tables.rows:
        name = marks.get("data-model") or ""
        if name.startswith(f"{kind} ") and cells and cells[1] != "Consistency":
            found.setdefault(name, {})[cells[0]] = printed(cells[1:5])
    return {frozenset(terms): terms for terms in found.values()}


@pytest.fixture
def analyst() -> Client:
    organisation = Organisation.objects.create(name="Nordlift Service")
    user = User.objects.create_user("ann@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=organisation, user=user, role=Role.ANALYST)
    client = Client()
    client.force_login(user)
    return client


def uploaded(client: Client, name: str, content: bytes) -> UploadedMatrix:
    file = SimpleUploadedFile(name, content)
    organisation = Organisation.objects.get()
    client.post(
        reverse("diagnostics:matrix-upload"), {"organisation": organisation.pk, "file": file}
    )
    return UploadedMatrix.objects.get()


def filled(matrix: UploadedMatrix, spec: dict[str, Any], job: dict[str, Any]) -> dict[str, str]:
    """Return the form of one reference analysis as a person would fill it in."""
    conditions = job.get("conditions") or spec["conditions"]
    expected = job.get("dir_exp") or ["-"] * len(conditions)
    data = {
        "title": job["id"], "outcome": job["outcome"].lstrip("~"),
        "inclusion": str(job["incl_cut"][0]), "pri": str(job["pri_cut"]),
        "frequency": str(job["n_cut"]), "constant": "r",
    }  # fmt: skip
    if job["outcome"].startswith("~"):
        data["is_negated"] = "on"
    if job["incl_cut"][1:]:
        data["lower_inclusion"] = str(job["incl_cut"][1])
    if len(expected) != len(conditions):
        terms = expected[0].split(" + ")
        data["joint"] = " + ".join(term for term in terms if "*" in term)
        data["as_r"] = "on"
        singles = {term.lstrip("~"): "01"[not term.startswith("~")] for term in terms}
        expected = [singles.get(name, "-") for name in conditions]
    for name, value in zip(conditions, expected, strict=True):
        place = matrix.columns.index(name)
        data |= {f"use-{place}": "on", f"expect-{place}": str(value)}
    return data


def comparable(spec: dict[str, Any], results: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the analyses that R codes by the published definition (flags.json names the others)."""
    for job, result in zip(spec["analyses"], results, strict=True):
        if "rows" in result["tt"] and not result["tt"].get("rows_miscoded_by_recycling_bug"):
            yield job, result


def assert_solutions(tables: Tables, minimised: dict[str, Any]) -> None:
    """Set the three solutions on the page against R's."""
    for kind in ("conservative", "parsimonious"):
        solved = minimised[f"{kind}.default"]
        found = models_on(tables, kind)
        if "error" in solved:
            assert found == {}
            continue
        assert set(found) == {frozenset(model) for model in solved["models"]}
        if len(found) == 1:
            (terms,) = found.values()
            fits = solved["fit"]["overall"]["terms"]
            assert terms == {
                term: of_r(*(fit[key] for key in FIGURES)) for term, fit in fits.items()
            }
    middle = minimised["intermediate.default"]
    if "error" not in middle:
        assert set(models_on(tables, "intermediate")) == {
            frozenset(model) for pair in middle["i_sol"].values() for model in pair["models"]
        }


@pytest.mark.parametrize("name", CASES)
def test_truth_tables_necessity_and_solutions_are_those_of_r(analyst: Client, name: str) -> None:
    spec = json.loads((OPEN / name / "spec.json").read_text())
    found = json.loads((OPEN / name / "out.json").read_text())
    matrix = uploaded(analyst, spec["data"], (OPEN / name / spec["data"]).read_bytes())
    create = reverse("diagnostics:analysis-create", args=[matrix.pk])
    for job, result in comparable(spec, found["analyses"]):
        answer = analyst.post(create, filled(matrix, spec, job))
        assert answer.status_code == 302, (job["id"], answer.context["form"].errors)
        page = reverse("diagnostics:analysis-detail", args=[Analysis.objects.latest("number").pk])
        tables = Tables(analyst.get(page).content.decode())

        assert table_on(tables) == {
            row["row"]: (row["OUT"], row["n"], of_r(row["incl"], row["PRI"]))
            for row in result["tt"]["rows"]
            if row["n"] > 0 or row["OUT"] != "?"
        }, job["id"]
        fits = found["fit"][job["outcome"]]["necessity"]
        shown = necessity_on(tables)
        for condition in job.get("conditions") or spec["conditions"]:
            fit = fits[condition]
            expected = of_r(fit["inclN"], fit["RoN"], fit["covN"])
            assert shown[f"{condition} {job['outcome']}"] == expected
        if result.get("minimize"):
            assert_solutions(tables, result["minimize"])
