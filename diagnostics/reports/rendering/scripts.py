"""For which scripts this machine's reports have letters: seen by writing a page of samples."""

from dataclasses import dataclass
from typing import Final

from diagnostics.reports.rendering.letters import font_packages
from diagnostics.reports.rendering.processes import RenderProcess

PAGE: Final = (
    '<html lang="en"><title>Letters</title><link rel="stylesheet" href="asset:report.css">'
    "<body><p>{samples}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Script:
    """A script with some of its letters; those that any report may need are needed."""

    name: str
    samples: str
    is_needed: bool = False


SCRIPTS: Final = (
    Script("Latin", "AzÅäÖßéñøþÐŁőșşĞžếà", is_needed=True),
    Script("Greek", "ΩΆλϊς", is_needed=True),
    Script("Cyrillic", "ЯжЇђўқ", is_needed=True),
    Script("the signs of reports", "−≤≥▲▼", is_needed=True),
    Script("Arabic", "مپچ"),
    Script("Armenian", "Հայ"),
    Script("Chinese", "港湾"),
    Script("Devanagari", "हनम"),
    Script("emoji", "🚢"),
    Script("Georgian", "აბგ"),
    Script("Hebrew", "שלם"),
    Script("Japanese", "カな"),
    Script("Korean", "한국"),
    Script("Thai", "ไทย"),
)


@dataclass(frozen=True, slots=True)
class MissingScripts:
    """Scripts that would be drawn as boxes, and the Debian packages that bring them."""

    names: tuple[str, ...]
    packages: tuple[str, ...]


def letters_without_font() -> frozenset[str]:
    """Return which samples no font has; raises RenderError where no report can be written.

    Takes about two seconds: what is asked is the renderer itself, with its own typeface and the
    order in which it looks through those of the machine.
    """
    renderer = RenderProcess()
    try:
        samples = " ".join(script.samples for script in SCRIPTS)
        return frozenset(renderer.render(PAGE.format(samples=samples)).missing_letters)
    finally:
        renderer.close()


def missing_scripts(letters: frozenset[str], *, needed: bool) -> MissingScripts:
    """Return the scripts, those that are needed or all others, that have one of the letters.

    >>> missing_scripts(frozenset("ไ港"), needed=False)
    MissingScripts(names=('Chinese', 'Thai'), packages=('fonts-noto-cjk', 'fonts-thai-tlwg'))
    >>> missing_scripts(frozenset("ไ港"), needed=True)
    MissingScripts(names=(), packages=())
    """
    found = [
        script for script in SCRIPTS if script.is_needed == needed and letters & set(script.samples)
    ]
    lacking = letters & {letter for script in found for letter in script.samples}
    return MissingScripts(tuple(script.name for script in found), font_packages(lacking))
