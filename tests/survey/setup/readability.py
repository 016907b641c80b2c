"""Flesch-Kincaid's grade of short English sentences, for tests of a questionnaire's wording.

Kincaid, Fishburne, Rogers, Chissom (1975): .39 words a sentence + 11.8 syllables a word - 15.59.
Syllables are counted by spelling: groups of vowels, less a silent e. A word that the rule counts
wrongly stands in EXCEPTIONS, by ear.
"""

import re
from typing import Final

WORDS: Final = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
SENTENCE_ENDS: Final = re.compile(r"[.!?]+(?:\s|$)")
VOWELS: Final = re.compile(r"[aeiouy]+")
SILENT: Final = re.compile(r"(?:[^aeiouy](?<!l)es?|[^aeioudty]ed)$")  # jobs "done", "stretched"
KEPT: Final = re.compile(r"(?:[cgsxz]|[cs]h)es$")  # "services", "changes", "reaches"
EXCEPTIONS: Final = {
    "being": 2, "everybody": 4, "guidelines": 2, "idea": 3, "people": 2, "priorities": 4,
    "rules": 1, "sale": 1, "sales": 1, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2,
    "statements": 2, "while": 1, "whole": 1,
}  # fmt: skip


def syllables(word: str) -> int:
    """Return how many syllables an English word has.

    >>> [syllables(word) for word in ("technology", "services", "change", "used", "people")]
    [4, 3, 1, 1, 2]
    """
    word = word.lower().removesuffix("'s").removesuffix("'")
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    found = len(VOWELS.findall(word))
    if SILENT.search(word) and not KEPT.search(word):
        found -= 1
    return max(found, 1)


def word_count(text: str) -> int:
    """Return how many words a text has."""
    return len(WORDS.findall(text))


def grade(text: str) -> float:
    """Return the school grade that a text can be read from.

    >>> round(grade("The cat sat on the mat."), 2)
    -1.45
    """
    words = WORDS.findall(text)
    sentences = max(len(SENTENCE_ENDS.findall(text)), 1)
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
