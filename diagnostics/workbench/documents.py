"""The appendix of an analysis as a document."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.reports.rendering.letters import RenderedPdf
from diagnostics.reports.rendering.processes import shared_pool
from diagnostics.workbench.wording.appendix import AnalysisAppendix


def analysis_markup(reading: AnalysisAppendix) -> str:
    """Return the markup of an analysis' appendix."""
    with override(reading.language):
        title = _("%(analysis)s: appendix") % {"analysis": reading.title}
        return render_to_string("report/analysis.html", {"title": title, "reading": reading})


def analysis_document(reading: AnalysisAppendix) -> RenderedPdf:
    """Return an analysis' appendix, or raise RenderError."""
    return shared_pool().render(analysis_markup(reading))
