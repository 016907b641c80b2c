"""Lists take as many queries for three rows as for one, and a chart of many units stays small."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diagnostics.models import UnitAssessment
from diagnostics.results.selectors.pages import unit_address
from diagnostics.results.wording.company import company_reading
from survey.models import Recipient
from tests.diagnostics.example_results import example_assessment, example_units
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.diagnostics.wording.test_readings import SETTING

LARGEST_CHART = 50_000  # bytes
Rows = Callable[[StoredExample, int], None]


def more_waves(example: StoredExample, number: int) -> None:
    store_example(wave=number)


def more_people(example: StoredExample, number: int) -> None:
    Recipient.objects.create(
        campaign=example.campaign, email=f"person-{number}@example.com", language="en"
    )


LISTS: dict[str, tuple[str, bool, Rows]] = {
    "overview": ("diagnostics:home", False, more_waves),
    "campaigns": ("survey:campaign-list", False, more_waves),
    "analyses": ("diagnostics:analysis-list", False, more_waves),
    "people": ("survey:person-list", True, more_people),
    "downloads": ("diagnostics:download-list", True, more_waves),
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", LISTS)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(page: str) -> None:
    name, of_campaign, add = LISTS[page]
    example = store_example()
    client = client_of(example, is_analyst=page == "analyses")
    address = reverse(name, args=[example.campaign.pk] if of_campaign else [])
    client.get(address)
    add(example, 2)
    few = queries(client, address)

    add(example, 3)
    add(example, 4)

    assert queries(client, address) == few


@pytest.mark.django_db
def test_a_page_takes_as_many_queries_for_many_units_as_for_few() -> None:
    example = store_example()
    store_example(wave=2)
    client = client_of(example)
    company = reverse("diagnostics:company-detail", args=[example.campaign.pk])
    before = queries(client, company)

    UnitAssessment.objects.filter(
        assessment=example.assessment, unit__in=[example.units[k].pk for k in ("umea", "turku")]
    ).delete()

    assert queries(client, company) == before


def test_a_heat_map_of_forty_units_stays_below_50_kilobytes() -> None:
    root, north, oulu, *_ = example_units()
    many = [
        replace(oulu, unit=str(UUID(int=place)), name=f"Field service {place}")
        for place in range(39)
    ]
    reading = company_reading(
        example_assessment((root, replace(north, unit=str(UUID(int=99))), *many)),
        setting=SETTING,
        language="en",
        address=lambda unit: unit_address(UUID(int=0), unit),
    )

    values = {"heat_map": reading.heat_map, "caption": reading.heat_map_caption}
    chart = render_to_string("charts/heat_map.html", values)

    assert len(reading.heat_map.rows) == 40
    assert len(chart.encode()) < LARGEST_CHART


def client_of(example: StoredExample, *, is_analyst: bool = False) -> Client:
    user = example.person("hr@example.com", role="analyst" if is_analyst else "executive")
    if not is_analyst:
        user.memberships.create(organisation=example.campaign.organisation, role="manager")
    client = Client()
    client.force_login(user)
    return client


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(found)
