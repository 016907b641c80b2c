"""Reports from readings, without a database: their markup, and the documents made of it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.reports.appendix import AppendixReading
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.results.wording.actions import NO_ACTIONS, ActionPlan
from diagnostics.results.wording.functions import FunctionsReading
from diagnostics.wording.page_parts import CompanyReading, UnitReading

WholeReading = CompanyReading | FunctionsReading | AppendixReading


def unit_markup(reading: UnitReading, plan: ActionPlan = NO_ACTIONS) -> str:
    """Return the markup of a unit's report, at most six pages, with the actions it noted."""
    with override(reading.language):
        title = _("%(unit)s: unit report") % {"unit": reading.unit}
        context = {"title": title, "reading": reading, "plan": plan}
        return render_to_string("report/unit.html", context)


def company_markup(reading: CompanyReading) -> str:
    """Return the markup of the company summary."""
    with override(reading.language):
        title = _("%(company)s: company report") % {"company": reading.setting.organisation}
        return _markup("report/company.html", title, reading)


def functions_markup(reading: FunctionsReading) -> str:
    """Return the markup of the comparison of functions."""
    with override(reading.language):
        title = _("%(company)s: operations and sales") % {"company": reading.setting.organisation}
        return _markup("report/functions.html", title, reading)


def appendix_markup(reading: AppendixReading) -> str:
    """Return the markup of the research appendix."""
    with override(reading.language):
        title = _("%(company)s: research appendix") % {"company": reading.setting.organisation}
        return _markup("report/appendix.html", title, reading)


def unit_report(reading: UnitReading, plan: ActionPlan = NO_ACTIONS) -> bytes:
    """Return a unit's report, or raise RenderError."""
    return shared_pool().render(unit_markup(reading, plan))


def company_report(reading: CompanyReading) -> bytes:
    """Return the company summary, or raise RenderError."""
    return shared_pool().render(company_markup(reading))


def _markup(template: str, title: str, reading: WholeReading) -> str:
    return render_to_string(template, {"title": title, "reading": reading})
