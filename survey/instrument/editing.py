"""Changes of a questionnaire's plain content; every function returns a new content."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from survey.errors import InputError
from survey.instrument.codes import code_problem

Content = Mapping[str, Any]
GENERAL: Final = "general"
BACKGROUND: Final = "background"


@dataclass(frozen=True, slots=True)
class Place:
    """One text that every language needs."""

    key: str
    section: str  # general, the code of a construct, or background
    texts: Mapping[str, str]  # language -> text
    function: str = ""  # of an item that one function only is asked


def places(content: Content) -> Iterator[Place]:
    """Yield every text in the order in which respondents read them."""
    scale = content["scale"]
    yield Place("title", GENERAL, content["title"])
    yield Place("opening", GENERAL, content["opening"])
    if content.get("stem"):
        yield Place("stem", GENERAL, content["stem"])
    for point in range(int(scale["points"])):
        labels = {
            language: texts[point]
            for language, texts in scale["labels"].items()
            if point < len(texts)
        }
        yield Place(f"label {point + 1}", GENERAL, labels)
    yield Place("opt_out", GENERAL, scale["opt_out"])
    for construct in content["constructs"]:
        code = construct["code"]
        yield Place(code, code, construct["name"])
        if construct.get("lead_in"):
            yield Place(f"{code} lead_in", code, construct["lead_in"])
        for item in construct["items"]:
            yield Place(item["code"], code, item["text"], item.get("function", ""))
    for question in content.get("background", ()):
        yield Place(question["code"], BACKGROUND, question["text"])
        for option in question["options"]:
            yield Place(f"{question['code']} {option['code']}", BACKGROUND, option["text"])


def sections(content: Content) -> tuple[str, ...]:
    """Return the sections of the texts, in order."""
    return tuple(dict.fromkeys(place.section for place in places(content)))


def construct_codes(content: Content) -> tuple[str, ...]:
    """Return the codes of the constructs, in order."""
    return tuple(entry["code"] for entry in content["constructs"])


def declared_languages(content: Content) -> tuple[str, ...]:
    """Return the languages that have been begun."""
    return tuple(content.get("translations", content["title"]))


def with_language(content: Content, language: str) -> dict[str, Any]:
    """Return the content with one more language begun."""
    changed = copy.deepcopy(dict(content))
    notes = {code: {"checked": False} for code in declared_languages(content)}
    changed["translations"] = {
        **notes,
        **changed.get("translations", {}),
        language: {"checked": False},
    }
    return changed


def with_check(content: Content, language: str, *, checked: bool) -> dict[str, Any]:
    """Return the content with the note whether a native speaker has checked a language."""
    changed = with_language(content, language)
    changed["translations"][language] = {"checked": checked}
    return changed


def with_texts(content: Content, language: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the content with texts of a language set by place; an empty one is taken out.

    A changed text has not been checked by anybody, so the language is a draft again.
    """
    before = {place.key: place.texts.get(language, "") for place in places(content)}
    changes = {key: text for key, text in texts.items() if before.get(key) not in (None, text)}
    if not changes:
        return copy.deepcopy(dict(content))
    changed = with_check(content, language, checked=False)
    _set_labels(changed["scale"], language, changes)
    for place in places(changed):
        if place.key in changes and not place.key.startswith("label "):
            _set_text(place.texts, language, changes[place.key])
    return changed


def with_item(
    content: Content,
    construct: str,
    *,
    code: str,
    is_reversed: bool,
    function: str,
    language: str,
    text: str,
) -> dict[str, Any]:
    """Return the content with one more item at the end of a construct; function "" is both."""
    if problem := code_problem(code):
        raise InputError(f"{code[:80]}: {problem}.")
    changed = copy.deepcopy(dict(content))
    known = {place.key.upper() for place in places(content)}
    if code.upper() in known:
        raise InputError(_("%(code)s: expected a new code, found it again.") % {"code": code})
    item: dict[str, Any] = {"code": code, "text": {language: text}}
    if is_reversed:
        item["reversed"] = True
    if function:
        item["function"] = function
    _construct(changed, construct)["items"].append(item)
    return changed


def without_item(content: Content, construct: str, code: str) -> dict[str, Any]:
    """Return the content without one of a construct's items; the last one stays."""
    changed = copy.deepcopy(dict(content))
    entry = _construct(changed, construct)
    kept = [item for item in entry["items"] if item["code"] != code]
    if not kept:
        raise InputError(
            _("%(construct)s: expected one item at least, found %(code)s the only one.")
            % {"construct": construct, "code": code}
        )
    entry["items"] = kept
    return changed


def _construct(content: Content, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in content["constructs"] if entry["code"] == code)
    return found


def _set_text(texts: Any, language: str, text: str) -> None:  # noqa: ANN401
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)


def _set_labels(scale: dict[str, Any], language: str, changes: Mapping[str, str]) -> None:
    points = int(scale["points"])
    labels = [*scale["labels"].get(language, ())][:points]
    labels += [""] * (points - len(labels))
    for point in range(points):
        labels[point] = changes.get(f"label {point + 1}", labels[point])
    if any(labels):
        scale["labels"][language] = labels
    else:
        scale["labels"].pop(language, None)
