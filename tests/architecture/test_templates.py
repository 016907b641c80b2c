"""Every template compiles, is small, and holds no inline script or style."""

import re

import pytest
from django.template import Engine
from django.utils.module_loading import import_string

from tests.places import ROOT

TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
MOST_LINES = 80
# What a template takes, as its first line names it: module and class.
INPUT = re.compile(r"\b((?:qca|survey|diagnostics)(?:\.[a-z_]+)+\.[A-Z]\w+)")
INLINE = re.compile(r"<script>|\sstyle=\"|\son[a-z]+=|\|safe\b|javascript:")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    assert Engine.get_default().get_template(name).origin.template_name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_small_and_free_of_inline_code(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MOST_LINES
    assert INLINE.findall(text) == []


def test_what_a_template_says_it_takes_is_there() -> None:
    named = {
        found
        for name in NAMES
        for found in INPUT.findall((TEMPLATES / name).read_text(encoding="utf-8"))
    }
    missing = [name for name in sorted(named) if not _is_there(name)]

    assert len(named) > 60
    assert missing == []


def _is_there(name: str) -> bool:
    try:
        import_string(name)
    except ImportError:
        return False
    return True


def test_templates_escape_by_themselves() -> None:
    assert Engine.get_default().autoescape
