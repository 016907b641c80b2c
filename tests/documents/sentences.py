"""What a page says of a document that it cannot read."""

import html

import pytest

from diagnostics.documents import DOCUMENT_KINDS
from tests.documents.damage import DAMAGES, Damage, of_a_newer_version

NEWER = (
    "stored by another version of Rutin (version {stored} of its form; this one reads {known}). "
    "Nothing is lost: ask whoever looks after the server to bring Rutin up to date."
)
MISFIT = (
    "stored in a form that this version of Rutin cannot read. Nothing is lost, it stays as it "
    "is: ask whoever looks after the server, whose log says what does not fit."
)
every_damage = pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)


def sentence(title: str, damage: Damage) -> str:
    return f"{title}: {newer(title) if damage is of_a_newer_version else MISFIT}"


def newer(title: str) -> str:
    """What is said of a document that `of_a_newer_version` made of today's."""
    known = next(kind.version for kind in DOCUMENT_KINDS if kind.title == title)
    return NEWER.format(stored=known + 2, known="1" if known == 1 else f"1–{known}")


def says(text: str, title: str, damage: Damage) -> bool:
    return sentence(title, damage) in html.unescape(text)
