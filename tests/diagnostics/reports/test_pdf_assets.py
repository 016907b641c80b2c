"""The report's fetcher serves bundled assets and refuses everything else."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from diagnostics.reports.rendering.assets import ASSETS, AssetFetcher, ForeignAddressError
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.render import render_pdf

FOREIGN = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "http://127.0.0.1:9/pixel.png",
    "https://example.com/report.css",
    "ftp://127.0.0.1/report.css",
    "data:text/css,body{}",
    "asset:../settings.py",
    "asset:report.css?x=1",
    "asset:REPORT.CSS",
    "report.css",
    "",
]
PAYLOADS = [
    '<img src="{address}" alt="x">',
    '<link rel="stylesheet" href="{address}">',
    '<link rel="attachment" href="{address}">',
    '<object data="{address}"></object>',
    "<style>@import url({address});</style>",
    "<style>@font-face {{ font-family: X; src: url({address}) }} p {{ font-family: X }}</style>",
    "<p style=\"background: url('{address}')\">x</p>",
]
# WeasyPrint leaves these out of the picture without asking, or without passing the refusal on.
LEFT_OUT = [
    '<svg viewBox="0 0 9 9"><image href="{address}" width="9" height="9" /></svg>',
    '<svg viewBox="0 0 9 9"><use href="{address}#x" /></svg>',
]


@pytest.mark.parametrize("address", FOREIGN)
def test_the_fetcher_refuses_foreign_addresses(address: str) -> None:
    with pytest.raises(ForeignAddressError, match="expected asset: and one of"):
        AssetFetcher().fetch(address)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_the_fetcher_serves_every_bundled_asset(name: str) -> None:
    response = AssetFetcher().fetch(f"asset:{name}")
    assert response.read() == ASSETS[name][0].read_bytes()
    assert response.content_type == ASSETS[name][1]


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """Return the address of a local file that no report may read."""
    path = tmp_path / "secret.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>MARKER-7421</text></svg>')
    return path.as_uri()


def page_with(body: str) -> str:
    return f'<html lang="en"><head><title>x</title></head><body>{body}<p>x</p></body></html>'


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_that_names_a_local_file_ends_the_rendering(payload: str, secret: str) -> None:
    with pytest.raises(RenderError, match="expected asset: and one of"):
        render_pdf(page_with(payload.format(address=secret)))


@pytest.mark.parametrize("payload", LEFT_OUT)
def test_pictures_never_carry_a_local_file(payload: str, secret: str) -> None:
    content = render_pdf(page_with(payload.format(address=secret)))
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert text.split() == ["x"]


def test_the_same_markup_gives_the_same_bytes() -> None:
    markup = (
        '<html lang="en"><head><title>x</title>'
        '<link rel="stylesheet" href="asset:report.css"></head><body><h1>Same</h1></body></html>'
    )
    assert render_pdf(markup) == render_pdf(markup)
