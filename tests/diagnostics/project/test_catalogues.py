"""Translations: compiled without tools of the system, and offered only when they are whole."""

import gettext
from pathlib import Path

import polib
import pytest
from django.conf import settings

from diagnostics.project.catalogues import (
    LOCALE_DIR,
    compile_outdated,
    outdated_languages,
    read_states,
    source_languages,
)

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Checked-By: %s\\n"
"""
WHOLE = """
msgid "Good day, %(name)s"
msgstr "God dag, %(name)s"

msgid "%(count)s unit"
msgid_plural "%(count)s units"
msgstr[0] "%(count)s enhet"
msgstr[1] "%(count)s enheter"
"""


def write_catalogue(folder: Path, entries: str, *, checked_by: str = "") -> None:
    source = folder / "sv" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(HEADER % checked_by + entries, encoding="utf-8")


def test_a_whole_catalogue_is_compiled_once_and_read_by_gettext(tmp_path: Path) -> None:
    write_catalogue(tmp_path, WHOLE, checked_by="Åsa Öberg")
    assert outdated_languages(tmp_path) == ("sv",)

    state = compile_outdated(tmp_path)["sv"]

    assert (state.messages, state.missing, state.faults) == (2, 0, ())
    assert (state.is_whole, state.checked_by) == (True, "Åsa Öberg")
    assert compile_outdated(tmp_path) == {}
    assert read_states(tmp_path) == {"sv": state}
    texts = gettext.translation("django", tmp_path, ["sv"])
    assert texts.gettext("Good day, %(name)s") == "God dag, %(name)s"
    assert texts.ngettext("%(count)s unit", "%(count)s units", 2) == "%(count)s enheter"


def test_a_language_whose_catalogue_is_gone_is_forgotten(tmp_path: Path) -> None:
    write_catalogue(tmp_path, WHOLE)
    compile_outdated(tmp_path)

    (tmp_path / "sv" / "LC_MESSAGES" / "django.po").unlink()

    assert compile_outdated(tmp_path) == {}
    assert read_states(tmp_path) == {}


@pytest.mark.parametrize(
    ("entries", "missing", "faults"),
    [
        ("", 0, ()),
        ('\nmsgid "Save"\nmsgstr ""\n', 1, ()),
        ('\n#, fuzzy\nmsgid "Save"\nmsgstr "Spara"\n', 1, ()),
        ('\nmsgid "%s unit"\nmsgid_plural "%s units"\nmsgstr[0] "%s enhet"\nmsgstr[1] ""\n', 1, ()),
        (
            '\nmsgid "Good day, %(name)s"\nmsgstr "God dag, %(nam)s"\n',
            0,
            ("'Good day, %(name)s': expected the placeholders %(name)s, found 'God dag, %(nam)s'",),
        ),
        (
            '\nmsgid "<b>Stop</b>"\nmsgstr "<b>Stopp"\n',
            0,
            ("'<b>Stop</b>': expected the tags </b> <b>, found '<b>Stopp'",),
        ),
    ],
)
def test_a_language_that_is_not_whole_is_not_compiled(
    tmp_path: Path, entries: str, missing: int, faults: tuple[str, ...]
) -> None:
    write_catalogue(tmp_path, WHOLE)
    compile_outdated(tmp_path)

    write_catalogue(tmp_path, entries)
    state = compile_outdated(tmp_path)["sv"]

    assert (state.missing, state.faults, state.is_whole) == (missing, faults, False)
    assert list(tmp_path.rglob("*.mo")) == []
    assert outdated_languages(tmp_path) == ()


def test_our_catalogues_have_no_faults_and_no_guesses() -> None:
    compile_outdated()

    assert source_languages() == ("de", "fi", "sv")
    assert {language: state.faults for language, state in read_states().items()} == {
        "de": (),
        "fi": (),
        "sv": (),
    }
    for path in LOCALE_DIR.glob("*/*/django.po"):
        assert polib.pofile(str(path)).fuzzy_entries() == [], path


def test_only_whole_languages_are_offered() -> None:
    whole = {language for language, state in read_states().items() if state.is_whole}

    assert {code for code, _ in settings.LANGUAGES} == {"en", *whole}
    assert whole == {path.parent.parent.name for path in LOCALE_DIR.glob("*/*/django.mo")}
