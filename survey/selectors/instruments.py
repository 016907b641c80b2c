"""Questionnaire versions as their pages show them: texts side by side, what is missing."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from survey.instrument.content import for_function, parse_instrument
from survey.instrument.editing import (
    BACKGROUND,
    GENERAL,
    Content,
    Place,
    declared_languages,
    places,
    sections,
)
from survey.models import Function, InstrumentVersion, Organisation


@dataclass(frozen=True, slots=True)
class LanguageState:
    """How far one language of a version is."""

    code: str
    name: str
    done: int
    total: int
    is_checked: bool

    @property
    def is_complete(self) -> bool:
        """Whether campaigns may offer it."""
        return self.done == self.total


@dataclass(frozen=True, slots=True)
class SectionState:
    """One section of the texts, and how many it lacks by language."""

    code: str
    name: str
    missing: tuple[tuple[str, int], ...]  # language, number of texts


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """One version with all it needs to be looked through and worked on."""

    version: InstrumentVersion
    languages: tuple[LanguageState, ...]
    sections: tuple[SectionState, ...]
    begun: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text in the language translated from, as both functions read it."""

    key: str
    text: str
    by_function: tuple[tuple[str, str], ...]  # function, wording; empty where they are the same
    function: str  # name of the one that is asked, "" for both


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as the list of a construct's items shows it."""

    code: str
    is_reversed: bool
    text: str
    by_function: tuple[tuple[str, str], ...]
    function: str


def instruments_of(organisation: Organisation) -> QuerySet[InstrumentVersion]:
    """Return what ships with the product and what the organisation has made."""
    return InstrumentVersion.objects.filter(
        Q(organisation=None) | Q(organisation=organisation)
    ).order_by("code", "-version")


def complete_languages(version: InstrumentVersion) -> tuple[str, ...]:
    """Return the languages in which no text is missing."""
    return parse_instrument(version.content).languages


def language_states(content: Content) -> tuple[LanguageState, ...]:
    """Return how far every language is that has been begun."""
    instrument = parse_instrument(content)
    names = dict(settings.LANGUAGES) | dict(settings.TRANSLATIONS)
    texts = tuple(places(content))
    return tuple(
        LanguageState(
            code=code,
            name=str(names.get(code, code)),
            done=sum(1 for place in texts if place.texts.get(code)),
            total=len(texts),
            is_checked=code in instrument.checked,
        )
        for code in instrument.declared
    )


def instrument_page(version: InstrumentVersion) -> InstrumentPage:
    """Return the page of one version."""
    content = version.content
    begun = declared_languages(content)
    texts = tuple(places(content))
    return InstrumentPage(
        version=version,
        languages=language_states(content),
        sections=tuple(
            SectionState(code, section_name(content, code), _missing(texts, code, begun))
            for code in sections(content)
        ),
        begun=begun,
    )


def section_name(content: Content, section: str) -> str:
    """Return a section's name in words."""
    names = {GENERAL: _("Title, opening and scale"), BACKGROUND: _("Background questions")}
    if section in names:
        return names[section]
    return parse_instrument(content).construct(section).name.get("en") or section


def source_texts(content: Content, section: str, language: str) -> tuple[SourceText, ...]:
    """Return a section's texts in the language that is translated from."""
    return tuple(
        SourceText(place.key, *_told(place.texts.get(language, ""), place.function))
        for place in places(content)
        if place.section == section
    )


def item_rows(content: Content, section: str) -> tuple[ItemRow, ...]:
    """Return a construct's items in English, else in the first language begun."""
    language = source_language(content, "")
    construct = next(entry for entry in content["constructs"] if entry["code"] == section)
    return tuple(
        ItemRow(
            item["code"],
            bool(item.get("reversed")),
            *_told(item["text"].get(language, ""), item.get("function", "")),
        )
        for item in construct["items"]
    )


def wordings(text: str) -> tuple[tuple[str, str], ...]:
    """Return how each function reads a text; nothing where all read the same."""
    if "{" not in text:
        return ()
    return tuple((str(label), for_function(text, code)) for code, label in Function.choices)


def _told(text: str, function: str) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return a text as it is read, by function where that differs, and who alone is asked."""
    if not function:
        return text, wordings(text), ""
    return for_function(text, function), (), str(Function(function).label)


def source_language(content: Content, target: str) -> str:
    """Return the language to translate from: English, else the first other one."""
    others = [code for code in declared_languages(content) if code != target]
    return "en" if "en" in others else next(iter(others), target)


def own_instrument(organisation: Organisation, instrument_id: UUID) -> InstrumentVersion | None:
    """Return a version that the organisation may see."""
    return instruments_of(organisation).filter(pk=instrument_id).first()


def _missing(
    texts: tuple[Place, ...], section: str, languages: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    inside = [place for place in texts if place.section == section]
    return tuple(
        (code, sum(1 for place in inside if not place.texts.get(code))) for code in languages
    )
