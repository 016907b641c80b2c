"""Every template compiles, is small, and holds no inline script or style."""

import re

import pytest
from django.template import Engine

from tests.places import ROOT

TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
MOST_LINES = 80
INLINE = re.compile(r"<script>|\sstyle=\"|\son[a-z]+=|\|safe\b|javascript:")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    assert Engine.get_default().get_template(name).origin.template_name == name


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_small_and_free_of_inline_code(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    assert len(text.splitlines()) <= MOST_LINES
    assert INLINE.findall(text) == []


def test_templates_escape_by_themselves() -> None:
    assert Engine.get_default().autoescape
