"""The order in which one person meets constructs: another for each, and always the same."""

import copy
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.instrument.pages import questionnaire_pages
from survey.instrument.shape import shape_problems
from tests.survey.small_campaign import open_small_campaign

PEOPLE = [f"person {number}" for number in range(240)]


@pytest.fixture(scope="module")
def default() -> Instrument:
    return parse_instrument(read_instrument_file(SHIPPED_INSTRUMENTS[-1]))


def rank_of(person: str) -> Callable[[str], bytes]:
    return lambda code: sha256(f"{person} {code}".encode()).digest()


def order_of(instrument: Instrument, person: str) -> tuple[str, ...]:
    """Return the construct of each page, with CHECK where the check stands."""
    home = {item.code: construct.code for construct, item in instrument.items()}
    pages = questionnaire_pages(instrument, rank_of(person), function="sales")
    found = ({home[item.code] for item in page.items} for page in pages if page.items)
    return tuple("+".join(sorted(codes)) for codes in found)


def test_four_elements_rotate_and_all_else_keeps_its_place(default: Instrument) -> None:
    orders = {order_of(default, person) for person in PEOPLE}

    assert len(orders) == 24  # all there are
    assert {order[4:] for order in orders} == {("RB", "MV", "DSO")}
    assert {one for order in orders for one in order[:3]} == {"TF", "AD", "AG", "CF"}
    assert {order[3] for order in orders} == {"AD+CHECK", "AG+CHECK", "CF+CHECK", "CHECK+TF"}


def test_each_element_comes_first_for_about_a_quarter(default: Instrument) -> None:
    first = [order_of(default, person)[0] for person in PEOPLE]
    assert {code: 40 <= first.count(code) <= 80 for code in ("TF", "AD", "AG", "CF")} == (
        dict.fromkeys(("TF", "AD", "AG", "CF"), True)
    )


def test_the_first_version_keeps_its_order_for_whoever_has_begun() -> None:
    instrument = parse_instrument(read_instrument_file(SHIPPED_INSTRUMENTS[0]))
    assert {order_of(instrument, person) for person in PEOPLE} == {
        ("TF", "AD", "AG", "RB", "CF+CHECK", "MV", "DSO")
    }


def test_the_stem_stands_over_statements_about_the_unit_only(default: Instrument) -> None:
    pages = questionnaire_pages(default, rank_of("somebody"), function="operations")
    stems = [page.stem.get("en", "") for page in pages]
    asked = "How far do you agree? In our unit …"
    # Four elements, rule-bending, the markers, the outcome, questions about the person.
    assert stems == [asked, asked, asked, asked, asked, "", asked, ""]


@pytest.mark.django_db
def test_a_person_finds_the_same_order_after_coming_back() -> None:
    content = read_instrument_file(SHIPPED_INSTRUMENTS[-1])
    small = open_small_campaign(invitations=1, content=content)
    seen = []
    for _visit in range(2):
        browser = Client()
        browser.get(f"/s/{small.tokens[0]}")
        pages = [browser.get(f"/answer/{number}/").context["page"] for number in range(1, 8)]
        seen.append([[item.code for item in page.items] for page in pages])
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rotates": "yes"}, "TF rotates: expected true / false, found yes."),
        ({"rotates": False}, ""),
    ],
)
def test_whether_a_construct_rotates_is_true_or_false(change: dict[str, Any], problem: str) -> None:
    content = copy.deepcopy(dict(read_instrument_file()))
    content["constructs"][0] |= change
    assert list(shape_problems(content)) == ([problem] if problem else [])


def test_a_stem_is_a_text_by_language() -> None:
    content = {**read_instrument_file(), "stem": "In our unit"}
    assert list(shape_problems(content)) == [
        "stem: expected a text by language, found In our unit."
    ]
