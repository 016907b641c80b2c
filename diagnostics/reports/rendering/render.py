"""Turn the markup of a report into a tagged PDF; the same markup gives the same bytes."""

import hashlib

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from diagnostics.reports.rendering.assets import AssetFetcher
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.tags import complete_tags


def render_pdf(markup: str) -> bytes:
    """Return a PDF/UA-1 document; title, language and dates are those of the markup's head.

    Takes what time and memory the markup asks for: use it through `processes`, which set limits.
    """
    identifier = hashlib.sha256(markup.encode()).digest()[:16]
    try:
        document = HTML(string=markup, url_fetcher=AssetFetcher())
        content: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=complete_tags
        )
    except FatalURLFetchingError as error:
        raise RenderError(f"expected bundled assets only, found {error.__cause__}") from error
    return content
