"""A dossier as markup, and as a document."""

from contextlib import closing
from threading import Lock
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from diagnostics.dossier.reading import DossierReading
from diagnostics.reports.rendering.processes import RenderProcess

# A web server keeps no renderer of 150 MB for what is asked for once a campaign, and starts one
# at a time, however many ask.
_ONE_AT_A_TIME: Final = Lock()


def dossier_markup(reading: DossierReading) -> str:
    """Return the markup of a dossier."""
    title = _("%(campaign)s: dossier") % {"campaign": reading.setting.campaign}
    return render_to_string("dossier/dossier.html", {"title": title, "reading": reading})


def dossier_document(reading: DossierReading) -> bytes:
    """Return a dossier as a tagged PDF, or raise RenderError; it takes two or three seconds."""
    markup = dossier_markup(reading)
    with _ONE_AT_A_TIME, closing(RenderProcess()) as renderer:
        return renderer.render(markup)
