"""A language made up while the tests run: every text that goes through gettext is marked by it.

It is written from right to left, and longer than English, as many languages are.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real

CODE: Final = "ar-xb"
OPENING, CLOSING = "⟦", "⟧"
KEPT = re.compile(r"(%%|%(?:\(\w+\))?[#0+-]*\d*(?:\.\d+)?[a-zA-Z]|<[^>]*>|&\w+;|\{[^{}]*\}|\n)")
ACCENTS = str.maketrans("aeiouyAEIOUYcnsz", "àéîöûýÀÉÎÖÛÝçñšž")


def pseudo(text: str) -> str:
    """Return a text with marks around it, accents on it and a third more length.

    >>> pseudo("Save %(name)s")
    '⟦Sàvé %(name)s~~⟧'
    """
    if not text.strip():
        return text
    parts = KEPT.split(text)
    parts[::2] = [part.translate(ACCENTS) for part in parts[::2]]
    longer = "~" * (sum(len(part) for part in parts[::2]) // 3 + 1)
    stripped = "".join(parts).rstrip("\n")
    return f"{OPENING}{stripped}{longer}{CLOSING}" + "\n" * (len(text) - len(text.rstrip("\n")))


def in_pseudo_language(content: Any) -> Any:  # noqa: ANN401
    """Return a questionnaire's content with every English text in the made-up language too."""
    if isinstance(content, list):
        return [in_pseudo_language(part) for part in content]
    if not isinstance(content, dict):
        return content
    if "en" not in content:
        return {name: in_pseudo_language(part) for name, part in content.items()}
    text = content["en"]
    if isinstance(text, dict):
        return {**content, CODE: text}
    return {**content, CODE: [pseudo(t) for t in text] if isinstance(text, list) else pseudo(text)}


class PseudoTranslation(trans_real.DjangoTranslation):
    """Translates whatever it is asked, so that it needs no catalogue."""

    def gettext(self, message: str) -> str:
        """Return the marked text; contexts are stripped as gettext does."""
        return pseudo(message.partition("\x04")[2] or message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the marked singular or plural."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo_language() -> Iterator[str]:
    """Offer the made-up language while the block runs and yield its code."""
    with override_settings(LANGUAGES=[*settings.LANGUAGES, (CODE, "Pseudo")]):
        translations: Any = trans_real._translations  # type: ignore[attr-defined]
        translations[CODE] = PseudoTranslation(CODE)
        try:
            yield CODE
        finally:
            translations.pop(CODE, None)
            translation.activate("en")
