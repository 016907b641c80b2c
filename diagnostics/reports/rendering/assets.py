"""The files that a report may use, and the fetcher that serves nothing else."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME: Final = "asset:"
STYLESHEETS: Final = ("report.css", "letter.css", "dossier.css")
FONTS: Final = ("Regular", "It", "Semibold", "Bold")


def _assets() -> dict[str, tuple[Traversable, str]]:
    fonts = files("font_source_sans_pro") / "files"
    found = {
        f"{weight}.ttf": (fonts / f"SourceSansPro-{weight}.ttf", "font/ttf") for weight in FONTS
    }
    for name in STYLESHEETS:
        found[name] = (files("diagnostics.reports.rendering") / "stylesheets" / name, "text/css")
    return found


ASSETS: Final = _assets()


class ForeignAddressError(ValueError):
    """A report asked for something that is not one of its own assets."""


class AssetFetcher(URLFetcher):
    """Serve the bundled assets by name; no file, no network, no data address.

    WeasyPrint's own fetcher reads local files and calls any server, so a name or a title that
    slipped into the markup could read the machine. Here every other address ends the rendering.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return one bundled asset, or raise ForeignAddressError."""
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in ASSETS:
            raise ForeignAddressError(
                f"expected {SCHEME} and one of {', '.join(sorted(ASSETS))}, found {url[:80]!r}"
            )
        path, content_type = ASSETS[name]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})
