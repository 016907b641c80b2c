"""Letters without a font: told by the renderer, in the file, and where somebody can act."""

import pytest

from diagnostics.reports.rendering.letters import font_packages, letter_warning
from diagnostics.reports.rendering.render import HIDDEN, render_pdf
from tests.diagnostics.reports.test_report_files import text_of

PRIVATE = "\U0010fffd"  # in no font of any machine
SENTENCE = "Some letters are boxes"
PAGE = (
    "<html lang='en'><title>t</title><link rel=stylesheet href=asset:report.css>"
    "<body><p>{text}</p><p{hidden}>{sentence}</p></body></html>"
)


def test_a_letter_without_a_glyph_is_told_and_stands_in_the_imprint() -> None:
    content = render_pdf(PAGE.format(text=f"Pumps {PRIVATE}", hidden=HIDDEN, sentence=SENTENCE))

    assert content.missing_letters == PRIVATE
    assert SENTENCE in text_of(content).replace("\0", "")


def test_a_report_whose_letters_all_have_glyphs_says_nothing() -> None:
    content = render_pdf(PAGE.format(text="Åsa, насос", hidden=HIDDEN, sentence=SENTENCE))

    assert content.missing_letters == ""
    assert SENTENCE not in text_of(content)


@pytest.mark.parametrize(
    ("letters", "packages"),
    [
        ("港湾クレーン", ("fonts-noto-cjk",)),
        ("한국어", ("fonts-noto-cjk",)),
        ("ไทย", ("fonts-thai-tlwg",)),
        ("🚢🔧", ("fonts-noto-color-emoji",)),
        ("🇫🇮", ("fonts-noto-color-emoji",)),
        ("עברית", ("fonts-noto-core",)),
        ("हिन्दी", ("fonts-noto-core",)),
        (PRIVATE, ("fonts-noto-core",)),
        ("ไ🚢", ("fonts-noto-color-emoji", "fonts-thai-tlwg")),
        ("", ()),
    ],
)
def test_each_script_names_its_debian_package(letters: str, packages: tuple[str, ...]) -> None:
    assert font_packages(letters) == packages


def test_the_warning_names_letters_and_packages() -> None:
    assert letter_warning("ไ港") == (
        "No font on this machine has these letters: ไ港. They are boxes in the reports. On Debian: "
        "apt-get install fonts-noto-cjk fonts-thai-tlwg, and then have the reports written again."
    )
