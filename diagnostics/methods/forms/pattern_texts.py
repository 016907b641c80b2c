"""Names and summaries of patterns: one language is edited, the others stay."""

from collections.abc import Iterable

from diagnostics.scoring.method import Texts


def shown_text(texts: Texts, language: str) -> str:
    """Return what a form shows of a text: the language's, else the English.

    >>> shown_text({"en": "Steady"}, "fi")
    'Steady'
    """
    return texts.get(language) or texts.get("en", "")


def kept_texts(text: str, known: Iterable[Texts], language: str) -> Texts:
    """Return a typed text by language; one that was kept stays in all its languages.

    >>> kept_texts("Lugn", [{"en": "Steady", "sv": "Lugn"}], "sv")
    {'en': 'Steady', 'sv': 'Lugn'}
    """
    kept = (texts for texts in known if shown_text(texts, language) == text)
    return next(kept, {"en": text, language: text})
