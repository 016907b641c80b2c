"""Languages as people write them in lists: tags of any spelling, and names in several languages."""

from collections.abc import Collection
from functools import lru_cache

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext, override

from survey.import_files.characters import text_key


def language_of(written: str, languages: Collection[str]) -> str | None:
    """Return the code among the languages that somebody meant, None for none of them.

    >>> [language_of(written, ["en", "sv"]) for written in ("sv-SE", "SV", "sv_SE.UTF-8", "de")]
    ['sv', 'sv', 'sv', None]
    >>> [language_of(written, ["en", "sv"]) for written in ("Swedish", "svenska")]
    ['sv', 'sv']
    """
    key = text_key(written)
    by_tag = {code.casefold(): code for code in languages}
    tag = key.partition(".")[0].partition("@")[0].replace("_", "-")
    while tag:
        if tag in by_tag:
            return by_tag[tag]
        tag = tag.rpartition("-")[0]
    return next((code for code in languages if key and key in _names(code)), None)


@lru_cache(maxsize=64)
def _names(code: str) -> frozenset[str]:
    """Return a language's name in English, in itself and in the languages of the product."""
    known = LANG_INFO.get(code.lower())
    if known is None or "name" not in known:
        return frozenset()
    names = {known["name"], known["name_local"]}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(gettext(known["name"]))  # Django's own catalogues have them
    return frozenset(map(text_key, names))
