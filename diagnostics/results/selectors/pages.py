"""What a result page shows to one user: the reading, its report, and where else to go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from diagnostics.access import (
    further_kinds,
    kinds_for,
    led_units,
    sees_every_unit,
    visible_units,
)
from diagnostics.charts.heat_map_order import OrderedHeatMap, ordered
from diagnostics.models import Assessment, Report
from diagnostics.results.selectors.actions import action_plan
from diagnostics.results.selectors.assessments import assessment_result, current_assessment
from diagnostics.results.selectors.invited_functions import invited_functions
from diagnostics.results.selectors.provenance import setting_of
from diagnostics.results.selectors.scorings import scoring_state
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.results.wording.actions import NO_ACTIONS, ActionPlan
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.functions import compares_functions
from diagnostics.results.wording.unit import unit_reading
from diagnostics.wording.page_parts import CompanyReading, UnitReading
from survey.models import Campaign, CampaignUnit, User
from survey.selectors.answer_life import are_answers_over
from survey.selectors.campaign_states import has_figures
from survey.selectors.passphrases import waits_for_passphrase

Place = tuple[str, str]  # label, address
Parents = Mapping[UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page with a reading of the company or of one unit."""

    reading: CompanyReading | UnitReading
    trail: tuple[Place, ...]
    places: tuple[Place, ...]
    report: Report | None
    report_url: str
    sheet_url: str = ""  # of the unit's team sheet, where there are figures to talk about
    downloads_url: str = ""  # of files of the whole company, where the reader may have any
    plan: ActionPlan = NO_ACTIONS
    action_url: str = ""  # of the form of a new action, for those who lead the unit
    further_reports: tuple[tuple[Report, str], ...] = ()  # of the company, with their addresses
    units: OrderedHeatMap | None = None  # of the company's page
    functions_url: str = ""  # of the comparison of functions, where there is one
    is_research: bool = False  # nothing is told of units


def company_page(
    user: User, campaign: Campaign, *, language: str, order: str = "", text: str = ""
) -> ResultPage | None:
    """Return the company's page, None while the release is not scored.

    order, text: how the units are to be sorted, and what to look for, as `ordered` takes it.
    """
    assessment = current_assessment(campaign)
    if assessment is None:
        return None
    visible = {unit.pk: unit for unit in visible_units(user, campaign)}
    all_units = sees_every_unit(user, campaign)
    result = assessment_result(assessment, units=None if all_units else list(visible))
    reading = company_reading(
        result,
        setting=setting_of(assessment, language=language),
        language=language,
        visible=frozenset(str(pk) for pk in visible),
        address=lambda unit: unit_address(campaign.pk, unit),
    )
    root = next((unit for unit in visible.values() if unit.parent_id is None), None)
    if root is not None:
        trend = unit_trend_reading(assessment, result, root, language=language)
        reading = replace(reading, trend=trend)
    report = _report(assessment, root, Report.Kind.COMPANY, language) if all_units else None
    return ResultPage(
        reading=reading,
        units=ordered(reading.heat_map, order=order, text=text),
        trail=((_("Overview"), reverse("diagnostics:home")),),
        places=(),
        report=report,
        report_url=reverse("diagnostics:company-report", args=[campaign.pk]),
        downloads_url=reverse("diagnostics:download-list", args=[campaign.pk])
        if kinds_for(user, campaign)
        else "",
        functions_url=reverse("diagnostics:function-comparison", args=[campaign.pk])
        if all_units and compares_functions(result)
        else "",
        further_reports=tuple(
            (found, reverse("diagnostics:further-report", args=[campaign.pk, kind]))
            for kind in further_kinds(user, campaign)
            if (found := _report(assessment, root, kind, language)) is not None
        ),
        is_research=campaign.gives_rows,
    )


def waiting_page(user: User, campaign: Campaign) -> dict[str, Any]:
    """Return what the page takes that says why there are no results, now or ever."""
    return {
        "campaign": campaign,
        "waits_for_passphrase": waits_for_passphrase(campaign),
        "has_figures": has_figures(campaign),
        "are_answers_over": are_answers_over(campaign),
        "scoring": scoring_state(user, campaign),
    }


def has_own_page(user: User, campaign: Campaign, unit: CampaignUnit) -> bool:
    """Whether a visible unit has a page beside the company's: the company has for who leads it."""
    return unit.parent_id is not None or led_units(user, campaign).filter(pk=unit.pk).exists()


def unit_page(
    user: User, campaign: Campaign, unit: CampaignUnit, *, language: str
) -> ResultPage | None:
    """Return a unit's page for a user who may see it, None while the release is not scored."""
    assessment = current_assessment(campaign)
    if assessment is None:
        return None
    visible = {entry.pk: entry for entry in visible_units(user, campaign)}
    parents: Parents = dict(campaign.units.values_list("pk", "parent_id"))
    result = assessment_result(assessment, units=[unit.pk])
    reading = unit_reading(
        result,
        str(unit.pk),
        setting=setting_of(assessment, language=language),
        language=language,
        functions=invited_functions(campaign, unit.pk),
    )
    trend = unit_trend_reading(assessment, result, unit, language=language)
    sheet_url = reverse("diagnostics:team-sheet", args=[campaign.pk, unit.pk])
    leads = led_units(user, campaign).filter(pk=unit.pk).exists()
    return ResultPage(
        reading=replace(reading, trend=trend),
        trail=_trail(campaign, unit, visible, parents),
        places=tuple(
            (entry.name, unit_address(campaign.pk, entry.pk))
            for entry in visible.values()
            if _nearest_visible(entry.pk, visible, parents) == unit.pk
        ),
        report=_report(assessment, unit, Report.Kind.UNIT, language),
        report_url=reverse("diagnostics:unit-report", args=[campaign.pk, unit.pk]),
        sheet_url=sheet_url if reading.profile else "",
        plan=action_plan(assessment, unit, language=language, may_change=leads),
        action_url=reverse("diagnostics:action-create", args=[campaign.pk, unit.pk])
        if leads
        else "",
        is_research=campaign.gives_rows,
    )


def further_report(user: User, campaign: Campaign, *, kind: str, language: str) -> Report | None:
    """Return a report of the company that a user may read, there or on its way."""
    assessment = current_assessment(campaign)
    if assessment is None or kind not in further_kinds(user, campaign):
        return None
    root = visible_units(user, campaign).filter(parent=None).first()
    report = _report(assessment, root, kind, language)
    return report if report is not None and report.is_wanted else None


def visible_report(
    user: User, campaign: Campaign, *, unit_id: UUID | None, language: str
) -> Report | None:
    """Return a report that a user may read: a unit's, or the company's without one.

    It is there or on its way; one that is being written again still has its former file.
    """
    assessment = current_assessment(campaign)
    if assessment is None:
        return None
    if unit_id is None:
        unit = visible_units(user, campaign).filter(parent=None).first()
        allowed = sees_every_unit(user, campaign)
        report = _report(assessment, unit, Report.Kind.COMPANY, language) if allowed else None
    else:
        unit = visible_units(user, campaign).filter(pk=unit_id).first()
        report = _report(assessment, unit, Report.Kind.UNIT, language)
    return report if report is not None and report.is_wanted else None


def readable_report(user: User, campaign: Campaign, report_id: UUID) -> Report | None:
    """Return a report that a user may read, whether it is there or not."""
    found = Report.objects.filter(pk=report_id, assessment=current_assessment(campaign)).first()
    if found is None or not visible_units(user, campaign).filter(pk=found.unit_id).exists():
        return None
    allowed = {Report.Kind.UNIT, *further_kinds(user, campaign)}
    if sees_every_unit(user, campaign):
        allowed.add(Report.Kind.COMPANY)
    return found if found.kind in allowed else None


def unit_address(campaign_id: UUID, unit_id: UUID | str) -> str:
    """Return the address of a unit's page."""
    return reverse("diagnostics:unit-detail", args=[campaign_id, unit_id])


def _report(
    assessment: Assessment, unit: CampaignUnit | None, kind: str, language: str
) -> Report | None:
    """The report in the reader's language, else in the campaign's first."""
    if unit is None:
        return None
    found = {report.language: report for report in assessment.reports.filter(unit=unit, kind=kind)}
    first = next((code for code in assessment.campaign.languages if code in found), None)
    return found.get(language) or found.get(first or "") or next(iter(found.values()), None)


def _trail(
    campaign: Campaign,
    unit: CampaignUnit,
    visible: dict[UUID, CampaignUnit],
    parents: Parents,
) -> tuple[Place, ...]:
    places: list[Place] = []
    above = parents[unit.pk]
    while above is not None:
        if above in visible and parents[above] is not None:
            places.insert(0, (visible[above].name, unit_address(campaign.pk, above)))
        above = parents[above]
    company = reverse("diagnostics:company-detail", args=[campaign.pk])
    return (
        (_("Overview"), reverse("diagnostics:home")),
        (campaign.organisation.name, company),
        *places,
    )


def _nearest_visible(unit: UUID, visible: Collection[UUID], parents: Parents) -> UUID | None:
    above = parents[unit]
    while above is not None and above not in visible:
        above = parents[above]
    return above
