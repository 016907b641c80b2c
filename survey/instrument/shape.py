"""What a questionnaire's plain content must look like; every problem names its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from survey.instrument.codes import code_problems
from survey.instrument.content import FUNCTIONS, VARIANT, ConstructRole

# Of options and of the questionnaire itself; the others are survey.instrument.codes'.
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
LONGEST: Final = 1000  # characters of one text
MOST_ENTRIES: Final = 200  # of one list
FIELDS: Final = {
    "": ({"code", "version", "title", "opening", "scale", "constructs"},
         {"background", "translations", "stem"}),
    "scale": ({"points", "labels", "opt_out"}, set()),
    "construct": ({"code", "role", "name", "items"}, {"lead_in", "source", "sensitive", "rotates"}),
    "item": ({"code", "text"}, {"reversed", "expected", "function"}),
    "question": ({"code", "text", "options"}, set()),
    "option": ({"code", "text"}, set()),
}  # fmt: skip
Problems = Iterator[str]


def shape_problems(content: Any) -> Problems:  # noqa: ANN401 - it comes from a file
    """Yield in words what is not as it must be, with its place; nothing if all is well."""
    whole = _("Questionnaire")
    fields = list(_fields(whole, content, ""))
    yield from fields
    if fields:
        return
    yield from _code(whole, content["code"])
    yield from _number(f"{whole}, version", content["version"], 1, 10_000)
    yield from _texts("title", content["title"])
    yield from _texts("opening", content["opening"])
    yield from _texts("stem", content.get("stem", {}))
    yield from _scale(content["scale"])
    for number, entry in enumerate(_entries("constructs", content["constructs"]), start=1):
        yield from _construct(_named("constructs", number, entry), entry)
    for number, entry in enumerate(_entries("background", content.get("background", [])), start=1):
        yield from _question(_named("background", number, entry), entry)
    yield from code_problems(content)
    yield from _lists(content)
    yield from _translations(content.get("translations", {}))


def variant_problem(text: str) -> str:
    """Return what is wrong with the wording per function in a text; empty if nothing is."""
    if text.count("{") == text.count("}") == len(VARIANT.findall(text)):
        return ""
    return _("expected {operations | sales} in every pair of braces, found %(text)s") % {
        "text": text[:80]
    }


def _named(place: str, number: int, entry: Any) -> str:  # noqa: ANN401
    code = entry.get("code") if isinstance(entry, Mapping) else None
    return code if isinstance(code, str) else f"{place} {number}"


def _wrong(place: str, expected: str, found: Any) -> str:  # noqa: ANN401
    return _("%(place)s: expected %(expected)s, found %(found)s.") % {
        "place": place,
        "expected": expected,
        "found": str(found)[:80] or _("nothing"),
    }


def _fields(place: str, entry: Any, kind: str) -> Problems:  # noqa: ANN401
    if not isinstance(entry, Mapping):
        yield _wrong(place, _("named fields"), entry)
        return
    needed, optional = FIELDS[kind]
    missing = sorted(needed - entry.keys())
    unknown = sorted(str(name) for name in entry.keys() - needed - optional)
    if missing:
        yield _wrong(place, _("the fields %(names)s") % {"names": ", ".join(missing)}, "")
    if unknown:
        yield _wrong(place, _("no other fields"), ", ".join(unknown))


def _code(place: str, code: Any) -> Problems:  # noqa: ANN401
    if not isinstance(code, str) or not CODE.fullmatch(code):
        yield _wrong(place, _("a code of at most 24 letters, digits, - and _"), code)


def _number(place: str, number: Any, least: int, most: int) -> Problems:  # noqa: ANN401
    if type(number) is not int or not least <= number <= most:
        expected = _("a whole number from %(least)d to %(most)d") % {"least": least, "most": most}
        yield _wrong(place, expected, number)


def _texts(place: str, texts: Any) -> Problems:  # noqa: ANN401
    if not isinstance(texts, Mapping):
        yield _wrong(place, _("a text by language"), texts)
        return
    for language, text in texts.items():
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            yield _wrong(place, _("a language's code, such as en"), language)
        elif not isinstance(text, str) or len(text) > LONGEST:
            expected = _("a text of at most %(most)d characters") % {"most": LONGEST}
            yield _wrong(f"{place} ({language})", expected, text)
        elif variant_problem(text):
            yield f"{place} ({language}): {variant_problem(text)}."


def _entries(place: str, entries: Any) -> list[Any]:  # noqa: ANN401
    return entries if isinstance(entries, list) and len(entries) <= MOST_ENTRIES else []


def _lists(content: Mapping[str, Any]) -> Problems:
    lists = [
        ("constructs", content["constructs"], 1),
        ("background", content.get("background", []), 0),
    ]
    lists += [
        (_named("constructs", number, entry), entry.get("items"), 1)
        for number, entry in enumerate(_entries("", content["constructs"]), start=1)
        if isinstance(entry, Mapping)
    ]
    for place, entries, least in lists:
        if not isinstance(entries, list) or not least <= len(entries) <= MOST_ENTRIES:
            expected = _("a list of %(least)d to %(most)d entries") % {
                "least": least, "most": MOST_ENTRIES,
            }  # fmt: skip
            yield _wrong(place, expected, len(entries) if isinstance(entries, list) else entries)


def _scale(scale: Any) -> Problems:  # noqa: ANN401
    fields = list(_fields("scale", scale, "scale"))
    yield from fields
    if fields:
        return
    yield from _number("scale points", scale["points"], 2, 11)
    yield from _texts("scale opt_out", scale["opt_out"])
    labels = scale["labels"]
    if not isinstance(labels, Mapping):
        yield _wrong("scale labels", _("labels by language"), labels)
        return
    for language, texts in labels.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            yield _wrong(f"scale labels ({language})", _("a list of texts"), texts)


def _construct(place: str, entry: Any) -> Problems:  # noqa: ANN401
    fields = list(_fields(place, entry, "construct"))
    yield from fields
    if fields:
        return
    if entry["role"] not in set(ConstructRole):
        yield _wrong(f"{place} role", " / ".join(ConstructRole), entry["role"])
    yield from _texts(place, entry["name"])
    yield from _texts(f"{place} lead_in", entry.get("lead_in", {}))
    if not isinstance(entry.get("source", ""), str):
        yield _wrong(f"{place} source", _("a text"), entry["source"])
    if not isinstance(entry.get("rotates", False), bool):
        yield _wrong(f"{place} rotates", "true / false", entry["rotates"])
    for number, item in enumerate(_entries(place, entry["items"]), start=1):
        yield from _item(_named(f"{place} items", number, item), item)
    yield from _functions(place, entry)


def _functions(place: str, entry: Mapping[str, Any]) -> Problems:
    """Everybody answers checks and markers, and something of every element and the outcome."""
    items = [item for item in _entries(place, entry["items"]) if isinstance(item, Mapping)]
    asked = [item.get("function") for item in items]
    if entry["role"] in (ConstructRole.CHECK, ConstructRole.MARKER):
        if any(asked):
            yield _wrong(place, _("items that both functions are asked"), _("one for one function"))
        return
    for function in FUNCTIONS:
        if asked and all(one == function for one in asked):
            expected = _("an item that both functions are asked, or one for each")
            yield _wrong(place, expected, _("items for %(function)s only") % {"function": function})


def _item(place: str, item: Any) -> Problems:  # noqa: ANN401
    fields = list(_fields(place, item, "item"))
    yield from fields
    if fields:
        return
    yield from _texts(place, item["text"])
    if not isinstance(item.get("reversed", False), bool):
        yield _wrong(f"{place} reversed", "true / false", item["reversed"])
    if item.get("function") is not None and item["function"] not in FUNCTIONS:
        yield _wrong(f"{place} function", " / ".join(FUNCTIONS), item["function"])
    if item.get("expected") is not None:
        yield from _number(f"{place} expected", item["expected"], 1, 11)


def _question(place: str, entry: Any) -> Problems:  # noqa: ANN401
    fields = list(_fields(place, entry, "question"))
    yield from fields
    if fields:
        return
    yield from _texts(place, entry["text"])
    for number, option in enumerate(_entries(place, entry["options"]), start=1):
        where = f"{place} {_named('', number, option)}"
        wrong = list(_fields(where, option, "option"))
        yield from wrong or [*_code(where, option["code"]), *_texts(where, option["text"])]
    yield from _repeated_options(place, entry["options"])


def _repeated_options(place: str, options: Any) -> Problems:  # noqa: ANN401
    entries = [option for option in _entries(place, options) if isinstance(option, Mapping)]
    codes = [str(option["code"]) for option in entries if "code" in option]
    folded = [code.casefold() for code in codes]
    for number, code in enumerate(codes):
        if folded[number] in folded[:number]:
            yield _wrong(place, _("every option once, whatever its case"), code)


def _translations(entry: Any) -> Problems:  # noqa: ANN401
    if not isinstance(entry, Mapping) or not all(isinstance(v, Mapping) for v in entry.values()):
        yield _wrong("translations", _("a note by language"), entry)
