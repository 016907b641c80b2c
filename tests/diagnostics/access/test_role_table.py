"""The printed table of roles is the code's, and is what the product does for each person."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from diagnostics.access import DOWNLOADS, FURTHER_REPORTS, ResultRight
from diagnostics.models import Download, Report
from survey.access import CampaignRight, Reach, Right
from survey.models import Role
from tests.diagnostics.access.attempts import ATTEMPTS, OF_NO_COMPANY, SHARED, SIGNED_IN, Visit
from tests.diagnostics.access.role_table import INSTEAD, NO, YES, printed_table
from tests.diagnostics.access.scene import ELSEWHERE, LEADERS, OUTSIDERS, Scene, build_scene

RIGHTS: tuple[Right, ...] = (*CampaignRight, *ResultRight)
TABLE = {line.words: line for line in printed_table()}
LED = {
    Reach.NOWHERE: set(),
    Reach.OWN: {"leader"},
    Reach.NEAR: {"leader", "leader above", "leader below"},
    Reach.COMPANY: {"leader", "leader above", "leader below", "leader elsewhere"},
}
# One worker makes the scene that all of these share, not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("roles")]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: object) -> Iterator[Scene]:
    """Return the company, made once; nothing of it stays when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build_scene()
        transaction.set_rollback(True)


def test_the_printed_table_is_the_table_of_the_code() -> None:
    printed = [
        (line.words, {who for who, cell in line.cells.items() if cell != NO}, line.why)
        for line in printed_table()
    ]

    assert printed == [
        (right.words, {str(role) for role in right.roles} | LED[right.leaders], right.why)
        for right in RIGHTS
    ]
    assert {cell for line in printed_table() for cell in line.cells.values()} == {YES, NO, INSTEAD}


def test_every_kind_of_file_asks_for_a_right() -> None:
    assert set(DOWNLOADS) == set(Download.Kind.values)
    assert set(FURTHER_REPORTS) == set(Report.Kind.values) - {
        Report.Kind.UNIT,
        Report.Kind.COMPANY,
    }


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.name)
def test_each_line_is_what_the_product_does(scene: Scene, right: Right) -> None:
    cells = TABLE[right.words].cells
    expected = {**cells, "deputy": cells["leader"], **dict.fromkeys(OUTSIDERS, NO)}

    found = {
        person: {str(attempt): attempt(scene, person) for attempt in ATTEMPTS[right]}
        for person in scene.people
    }

    assert set(LEADERS) | set(Role.values) | set(OUTSIDERS) == set(expected)
    table = {
        person: {str(attempt): cell for attempt in ATTEMPTS[right]}
        for person, cell in expected.items()
    }
    of_no_company = {name: YES for name in table[ELSEWHERE] if name in OF_NO_COMPANY}
    assert found == {**table, ELSEWHERE: table[ELSEWHERE] | of_no_company}


def test_the_page_of_downloads_is_there_for_whoever_has_a_file_on_it(scene: Scene) -> None:
    (route,) = SHARED
    having = {str(role) for right in DOWNLOADS.values() for role in right.roles}

    visits = (Visit(route), Visit(route, of_research=True))
    found = {who for who in scene.people for visit in visits if visit(scene, who) == YES}
    assert found == having


@pytest.mark.parametrize("route", sorted(SIGNED_IN))
def test_what_is_for_everybody_signed_in_is_there_for_somebody_without_a_role(
    scene: Scene, route: str
) -> None:
    assert Visit(route)(scene, "nobody") == YES
