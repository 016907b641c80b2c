"""Compile the catalogues of translated texts, and tell which languages are whole.

Runs without Django and without GNU gettext: `python -m diagnostics.project.catalogues`.
"""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostics.project.layout import LOCALE_DIR
from survey.disk import write_whole

if TYPE_CHECKING:
    import polib

STATE_NAME: Final = "compiled.json"
CHECKED_BY: Final = "X-Checked-By"  # header of a catalogue: the native speaker who has read it all
PLACEHOLDER: Final = re.compile(r"%(?:\(\w+\))?[#0+-]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")
TAG: Final = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """What was found when a language's catalogue was compiled."""

    digest: str
    messages: int
    missing: int  # neither translated nor free of the mark "fuzzy"
    faults: tuple[str, ...]  # translations that would break the text around them
    checked_by: str  # empty: a draft that no native speaker has checked

    @property
    def is_whole(self) -> bool:
        """Whether the language may be offered."""
        return self.messages > 0 and not self.missing and not self.faults


def read_states(folder: Path = LOCALE_DIR) -> dict[str, CatalogueState]:
    """Return the state of every compiled language; empty if nothing was compiled."""
    try:
        stored = json.loads((folder / STATE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {
        language: CatalogueState(**state | {"faults": tuple(state["faults"])})
        for language, state in stored.items()
    }


def source_languages(folder: Path = LOCALE_DIR) -> tuple[str, ...]:
    """Return the languages that have a catalogue, in alphabetical order."""
    return tuple(sorted(path.parent.parent.name for path in folder.glob("*/*/django.po")))


def source_digest(language: str, folder: Path = LOCALE_DIR) -> str:
    """Return the SHA-256 of a language's catalogue."""
    return hashlib.sha256(_source(language, folder).read_bytes()).hexdigest()


def outdated_languages(folder: Path = LOCALE_DIR) -> tuple[str, ...]:
    """Return the languages whose compiled catalogue is missing or older than its source."""
    states = read_states(folder)
    return tuple(
        language
        for language in source_languages(folder)
        if language not in states
        or states[language].digest != source_digest(language, folder)
        or states[language].is_whole != _compiled(language, folder).exists()
    )


def compile_outdated(folder: Path = LOCALE_DIR) -> dict[str, CatalogueState]:
    """Compile what has changed and return the states of these languages.

    A language that is not whole gets no compiled catalogue, so that no page is half in it.
    """
    changed = {language: _compile(language, folder) for language in outdated_languages(folder)}
    if changed or set(read_states(folder)) - set(source_languages(folder)):
        known = {
            language: asdict(state)
            for language, state in (read_states(folder) | changed).items()
            if _source(language, folder).exists()
        }
        _replace(folder / STATE_NAME, json.dumps(known, indent=1, ensure_ascii=False).encode())
    return changed


def faults_of(entry: "polib.POEntry") -> Iterator[str]:
    """Yield in words what is wrong with a translation: placeholders, tags, outer line breaks."""
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    originals = [entry.msgid, *([entry.msgid_plural] if entry.msgid_plural else [])]
    for translation in translations:
        for kind, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
            accepted = [_marks(pattern, original) for original in originals]
            if _marks(pattern, translation) not in accepted:
                wanted = " ".join(sorted(accepted[-1].elements())) or "none"
                yield f"expected the {kind} {wanted}, found {translation!r}"
        if [translation[:1] == "\n", translation[-1:] == "\n"] != [
            entry.msgid[:1] == "\n",
            entry.msgid[-1:] == "\n",
        ]:
            yield f"expected line breaks at the ends as in the original, found {translation!r}"


def _marks(pattern: re.Pattern[str], text: str) -> Counter[str]:
    found = Counter(pattern.findall(text))
    # A named placeholder may stand twice where a language needs that.
    return Counter({mark: 1 if mark.startswith("%(") else found[mark] for mark in found})


def _compile(language: str, folder: Path) -> CatalogueState:
    import polib  # here, because most starts of the program need no parser

    # Read once: what was parsed must be what the digest is of, even while somebody saves it.
    source = _source(language, folder).read_bytes()
    catalogue = polib.pofile(source.decode())
    entries = [entry for entry in catalogue if not entry.obsolete]
    whole = [entry for entry in entries if entry.translated()]
    state = CatalogueState(
        digest=hashlib.sha256(source).hexdigest(),
        messages=len(entries),
        missing=len(entries) - len(whole),
        faults=tuple(f"{entry.msgid!r}: {fault}" for entry in whole for fault in faults_of(entry)),
        checked_by=catalogue.metadata.get(CHECKED_BY, "").strip(),
    )
    target = _compiled(language, folder)
    if state.is_whole:
        _replace(target, catalogue.to_binary())
    else:
        target.unlink(missing_ok=True)
    return state


def _source(language: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def _compiled(language: str, folder: Path) -> Path:
    return _source(language, folder).with_suffix(".mo")


def _replace(path: Path, content: bytes) -> None:
    # Several processes may compile at once; none may read half a file.
    write_whole(path, content, unfinished=path.with_name(f"{path.name}.{os.getpid()}"))


def _line(language: str, state: CatalogueState) -> str:
    if state.is_whole:
        reading = f"checked by {state.checked_by}" if state.checked_by else "a draft, not checked"
        return f"{language}: all {state.messages} texts are translated ({reading})"
    lines = [f"{language}: not offered; {state.missing} of {state.messages} texts are missing"]
    return "\n    ".join([*lines, *state.faults])


def main() -> None:
    """Compile what has changed and say how each language stands."""
    for language, state in compile_outdated().items():
        print(_line(language, state))


if __name__ == "__main__":
    main()
