"""Proof 6, reports: whoever asks for whichever unit gets exactly what the table of roles says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from diagnostics.models import Report, UnitAssessment
from diagnostics.reports.services.files import queue_reports
from survey.models import CampaignUnit, Leadership, Organisation, Role, Unit, User
from tests.diagnostics.stored_example import StoredExample, store_example
from tests.proofs.figures import Figure, Size, at_least, exactly

ROUTES = ("unit-detail", "team-sheet", "unit-report")
FOUND, LED_ON, HIDDEN = 200, 302, 404  # from the company as a unit to the company's page
PUBLISHED, TOO_SMALL = "oulu", "inari"  # units of the example, to make others after


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody signed in, and the units that the table of roles gives to them."""

    user: User
    units: frozenset[str]


def measure(size: Size) -> list[Figure]:
    """Let every reader ask for every page and report of every unit."""
    example = store_example()
    _grow(example, size.of(0, 14))
    _store_reports(example)
    asked = shown = refused = 0
    # Who gets in is decided before a page is made; what the pages say is proof 3's business.
    with (
        patch("diagnostics.results.views.pages.unit_page", return_value=None),
        patch("diagnostics.results.views.pages.render", return_value=HttpResponse()),
    ):
        for reader in _readers(example, size.of(6, 1)):
            for unit, snapshot in example.units.items():
                for route in ROUTES:
                    asked += 1
                    address = reverse(
                        f"diagnostics:{route}", args=[example.campaign.pk, snapshot.pk]
                    )
                    status = _status(reader.user, address)
                    shown += unit not in reader.units and status != HIDDEN
                    may = unit in reader.units and route == ROUTES[0]
                    refused += may and status not in (FOUND, LED_ON)
    return [
        at_least("pairs of a reader and a page or report of a unit", asked, size.of(200, 5_000)),
        exactly("of them shown to somebody who must not see them", shown, 0),
        exactly("pages refused to somebody who may see them", refused, 0),
    ]


def _status(user: User, address: str) -> int:
    """Return what a view answers; its middleware has a test for every address of the site."""
    request = RequestFactory().get(address)
    request.user = user
    request.htmx = False  # type: ignore[attr-defined]
    request.LANGUAGE_CODE = "en"
    found = resolve(address)
    try:
        return int(found.func(request, **found.kwargs).status_code)
    except Http404:
        return HIDDEN


def _grow(example: StoredExample, number: int) -> None:
    """Add units below those that are there, every third too small to be published."""
    assert example.assessment is not None
    for place in range(number):
        code = f"extra{place}"
        parent = list(example.units.values())[place // 2]
        unit = Unit.objects.create(
            organisation=example.campaign.organisation, code=code, name=code, parent=parent.unit
        )
        example.units[code] = CampaignUnit.objects.create(
            campaign=example.campaign, unit=unit, parent=parent, code=code, name=code,
            position=len(example.units),
        )  # fmt: skip
        model = example.units[TOO_SMALL if place % 3 == 0 else PUBLISHED]
        source = UnitAssessment.objects.get(assessment=example.assessment, unit=model)
        UnitAssessment.objects.create(
            assessment=example.assessment,
            unit=example.units[code],
            is_own_profile=source.is_own_profile,
            is_own_verdict=source.is_own_verdict,
            result=_renamed(source.result, str(model.pk), str(example.units[code].pk)),
        )


def _renamed(result: Any, old: str, new: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(result).replace(old, new))


def _store_reports(example: StoredExample) -> None:
    """Put a small file in the place of every report."""
    assert example.assessment is not None
    queue_reports(assessment_id=example.assessment.pk)
    for report in Report.objects.filter(assessment=example.assessment):
        report.file.save(f"{report.pk}.pdf", ContentFile(b"%PDF-1.7"), save=False)
        report.state = Report.State.DONE
        report.save()


def _readers(example: StoredExample, step: int) -> Iterator[Reader]:
    """Yield people of every role, and leaders and deputies of every unit that the step meets."""
    names, published = list(example.units), _published(example)
    for role in ("", *Role.values):
        sees = {Role.EXECUTIVE: names, Role.ANALYST: names[:1]}.get(role, [])  # type: ignore[call-overload]
        yield Reader(example.person(f"role-{role}@example.com", role=role), frozenset(sees))
    for name in names[::step]:
        for kind in ("leader", "deputy"):
            user = example.person(f"{kind}-{name}@example.com", leads=name, kind=kind)
            yield Reader(user, _seen_from(example, published, name))
        manager = example.person(f"both-{name}@example.com", role=Role.MANAGER, leads=name)
        yield Reader(manager, _seen_from(example, published, name))
    yield from (Reader(user, frozenset()) for user in _people_of_other_times_and_places(example))


def _people_of_other_times_and_places(example: StoredExample) -> Iterator[User]:
    today = timezone.localdate()
    past = example.person("past@example.com", leads=PUBLISHED)
    Leadership.objects.filter(user=past).update(
        since=date(2024, 1, 1), until=today - timedelta(days=1)
    )
    coming = example.person("coming@example.com", leads=PUBLISHED)
    Leadership.objects.filter(user=coming).update(since=today + timedelta(days=1))
    other = Organisation.objects.create(name="Somebody else")
    for role in Role.values:
        stranger = User.objects.create_user(f"stranger-{role}@example.com", "x" * 12)
        stranger.memberships.create(organisation=other, role=role)
        yield stranger
    yield from (past, coming)


def _published(example: StoredExample) -> frozenset[str]:
    own = UnitAssessment.objects.filter(assessment=example.assessment, is_own_profile=True)
    keys = set(own.values_list("unit_id", flat=True))
    return frozenset(code for code, unit in example.units.items() if unit.pk in keys)


def _seen_from(example: StoredExample, published: frozenset[str], name: str) -> frozenset[str]:
    """Own unit, published units below, nearest published unit above, and the company."""
    above = _above(example, name)
    nearest = [code for code in above if code in published][:1]
    below = {code for code in published if name in _above(example, code)}
    return frozenset({name, *below, *nearest, *above[-1:]})


def _above(example: StoredExample, name: str) -> list[str]:
    chain, unit = [], example.units[name]
    while unit.parent is not None:
        unit = unit.parent
        chain.append(unit.code)
    return chain
