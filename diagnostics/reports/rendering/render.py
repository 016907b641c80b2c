"""Turn the markup of a report into a tagged PDF; the same markup gives the same bytes."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from diagnostics.reports.rendering.assets import AssetFetcher
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.letters import RenderedPdf, distinct_letters
from diagnostics.reports.rendering.tags import complete_tags

logger = logging.getLogger("weasyprint")
UNKNOWN: Final = ".notdef glyph"  # how its warning of a letter without a glyph begins
HIDDEN: Final = ' hidden data-of="letters"'  # of the imprint's sentence about such letters


def render_pdf(markup: str) -> RenderedPdf:
    """Return a PDF/UA-1 document; title, language and dates are those of the markup's head.

    Takes what time and memory the markup asks for: use it through `processes`, which set limits.
    """
    content, missing = _written(markup)
    if missing and HIDDEN in markup:
        content, _ = _written(markup.replace(HIDDEN, ""))
    return RenderedPdf.of(content, missing)


def _written(markup: str) -> tuple[bytes, str]:
    identifier = hashlib.sha256(markup.encode()).digest()[:16]
    noted: set[str] = set()
    try:
        with _unknown_letters(noted):
            document = HTML(string=markup, url_fetcher=AssetFetcher())
            content: bytes = document.write_pdf(
                pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=complete_tags
            )
    except FatalURLFetchingError as error:
        raise RenderError(f"expected bundled assets only, found {error.__cause__}") from error
    return content, distinct_letters(noted)


class _LetterHandler(logging.Handler):
    """Note the letters that WeasyPrint warns of."""

    def __init__(self, noted: set[str]) -> None:
        super().__init__(logging.WARNING)
        self.noted = noted

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(UNKNOWN) and record.args:
            self.noted.add(str(next(iter(record.args))))


@contextmanager
def _unknown_letters(noted: set[str]) -> Iterator[None]:
    """Note the letters that are warned of in the body, and print nothing of them."""
    before = logger.level, logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [_LetterHandler(noted)], False
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        level, logger.handlers, logger.propagate = before
        logger.setLevel(level)
