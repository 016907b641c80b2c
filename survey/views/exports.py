"""The import files for download, as CSV or XLSX."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from survey.import_files import writing
from survey.selectors.export_files import (
    PEOPLE_HEADINGS,
    UNIT_HEADINGS,
    campaign_unit_rows,
    people_rows,
    unit_rows,
)
from survey.views.requests import StaffRequest
from survey.views.scope import managed_campaign, managed_organisation

WRITERS: Final = {
    "csv": (writing.as_csv, writing.CSV_TYPE),
    "xlsx": (writing.as_workbook, writing.WORKBOOK_TYPE),
}


@require_safe
@never_cache
def export_units(request: StaffRequest, organisation_id: UUID, kind: str) -> HttpResponse:
    """Send the file of units."""
    organisation = managed_organisation(request, organisation_id)
    return _file("units", kind, UNIT_HEADINGS, unit_rows(organisation))


@require_safe
@never_cache
def export_campaign_units(request: StaffRequest, campaign_id: UUID, kind: str) -> HttpResponse:
    """Send the file of the units that a campaign will have."""
    campaign = managed_campaign(request, campaign_id)
    return _file("units", kind, UNIT_HEADINGS, campaign_unit_rows(campaign))


@require_safe
@never_cache
def export_people(request: StaffRequest, campaign_id: UUID, kind: str) -> HttpResponse:
    """Send the file of people."""
    campaign = managed_campaign(request, campaign_id)
    return _file("people", kind, PEOPLE_HEADINGS, people_rows(campaign))


def _file(
    name: str, kind: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> HttpResponse:
    write, content_type = WRITERS[kind]
    return HttpResponse(
        write(headings, rows),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
