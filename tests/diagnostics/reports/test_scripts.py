"""The check of a deployment says for which scripts the machine has no font."""

import pytest
from django.core import checks

from diagnostics.project.checks import scripts_have_fonts
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.scripts import SCRIPTS, Script, letters_without_font

PLACE = "diagnostics.project.checks.letters_without_font"
PRIVATE = "\U0010fffd"  # in no font of any machine
BOXES = "they are boxes in the reports."


def told(monkeypatch: pytest.MonkeyPatch, letters: str) -> list[checks.CheckMessage]:
    monkeypatch.setattr(PLACE, lambda: frozenset(letters))
    return scripts_have_fonts()


def test_scripts_without_a_font_are_named_with_the_package_that_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert told(monkeypatch, "λ港カไ") == [
        checks.Warning(
            f"No font has letters for Greek: {BOXES}",
            hint="If names are written so: apt-get install fonts-noto-core (on Debian).",
            id="rutin.W004",
        ),
        checks.Info(
            f"No font has letters for Chinese, Japanese, Thai: {BOXES}",
            hint="If names are written so: apt-get install fonts-noto-cjk fonts-thai-tlwg "
            "(on Debian).",
            id="rutin.I001",
        ),
    ]


def test_a_machine_with_all_letters_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "") == []


def test_a_machine_that_writes_no_report_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead() -> frozenset[str]:
        raise RenderError("expected a renderer, found none")

    monkeypatch.setattr(PLACE, dead)

    assert scripts_have_fonts() == [
        checks.Warning(
            "No report can be written here: expected a renderer, found none.", id="rutin.W005"
        )
    ]


def test_the_renderer_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (*(one for one in SCRIPTS if one.is_needed), Script("nobody's", PRIVATE))
    monkeypatch.setattr("diagnostics.reports.rendering.scripts.SCRIPTS", asked)

    assert letters_without_font() == {PRIVATE}


def test_only_the_check_of_a_deployment_has_a_page_written() -> None:
    registry = checks.registry.registry

    assert scripts_have_fonts in registry.deployment_checks
    assert scripts_have_fonts not in registry.registered_checks
