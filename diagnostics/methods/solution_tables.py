"""Reading published solutions: expressions such as A*~B, or a chart with a column a pattern."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from diagnostics.scoring.method import NamedPattern
from survey.import_files.problems import FileProblemsError, Problem, quoted

MOST_PATTERNS: Final = 8
SEPARATORS: Final = ("\t", ";", ",")
# What published charts put into a cell -> present, core; size is told by the sign.
SIGNS: Final[Mapping[str, tuple[bool, bool]]] = {
    "●": (True, True), "⬤": (True, True), "C": (True, True),
    "•": (True, False), "∙": (True, False), "c": (True, False),
    "⊗": (False, True), "⨂": (False, True), "N": (False, True),
    "⊘": (False, False), "⦻": (False, False), "n": (False, False),
}  # fmt: skip
BLANK: Final = frozenset({"", "-", "–", "—"})
TERM: Final = re.compile(r"^[~!]?[A-Za-z][A-Za-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The patterns of a published solution, with names that a person may still change."""

    patterns: tuple[NamedPattern, ...]


def read_solution(text: str, *, elements: Mapping[str, str], file: str) -> ReadTable:
    """Return the patterns of a text, or raise FileProblemsError with every fault's place.

    elements: code -> name; a table may use either. Expressions come one or more to a line, with an
    optional name and a colon before; an element in square brackets is core, without any all are.
    """
    # A tab at a line's beginning stands for an empty first cell.
    lines = [(number, line.strip(" ")) for number, line in enumerate(text.splitlines(), start=1)]
    filled = [(number, line) for number, line in lines if line.strip()]
    separator = _separator([line for _, line in filled])
    reader = _Reader(file, {**{name.casefold(): code for code, name in elements.items()},
                            **{code.casefold(): code for code in elements}})  # fmt: skip
    if not filled:
        reader.fault(0, 0, _("at least one configuration"), _("nothing"))
    found = reader.chart(filled, separator) if separator else reader.expressions(filled)
    if len(found) > MOST_PATTERNS:
        reader.fault(0, 0, _("at most %d configurations") % MOST_PATTERNS, str(len(found)))
    if reader.problems:
        raise FileProblemsError(reader.problems)
    return ReadTable(tuple(found))


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the columns of a chart, "" where the text holds expressions."""
    if len(lines) < 2:
        return ""
    return next((sign for sign in SEPARATORS if all(sign in line for line in lines)), "")


class _Reader:
    """Gathers patterns and faults."""

    def __init__(self, file: str, codes: Mapping[str, str]) -> None:
        self.file, self.codes = file, codes
        self.problems: list[Problem] = []

    def fault(self, line: int, column: int, expected: str, found: str) -> None:
        self.problems.append(Problem(self.file, line, column, "", expected, found))

    def chart(self, lines: Sequence[tuple[int, str]], separator: str) -> list[NamedPattern]:
        """Read a heading with the patterns' names, then a row an element."""
        texts = "\n".join(line for _, line in lines)
        rows = list(csv.reader(io.StringIO(texts), delimiter=separator))
        names = [name.strip() for name in rows[0][1:]]
        asked: list[dict[str, tuple[bool, bool]]] = [{} for _ in names]
        for (number, _line), row in zip(lines[1:], rows[1:], strict=False):
            element = self._element(row[0].strip(), number, 1)
            for place, cell in enumerate(row[1:]):
                sign = cell.strip()
                if place >= len(names):
                    self.fault(number, place + 2, _("a heading above the cell"), quoted(sign))
                elif sign in SIGNS and element:
                    asked[place][element] = SIGNS[sign]
                elif sign not in BLANK and sign not in SIGNS:
                    self.fault(number, place + 2, _("one of the signs %s or nothing")
                               % " ".join(SIGNS), quoted(sign))  # fmt: skip
        for place, (name, conditions) in enumerate(zip(names, asked, strict=True)):
            if not conditions:
                self.fault(lines[0][0], place + 2, _("a configuration of one element or more"),
                           quoted(name))  # fmt: skip
        return [_named(name, one, place) for place, (name, one) in enumerate(
            zip(names, asked, strict=True), start=1) if one]  # fmt: skip

    def expressions(self, lines: Sequence[tuple[int, str]]) -> list[NamedPattern]:
        """Read products, several to a line parted by +, each line with an optional name."""
        found: list[NamedPattern] = []
        for number, line in lines:
            name, _colon, products = line.rpartition(":")
            for product in products.split("+"):
                conditions = dict(self._conditions(product.strip(), number))
                found.append(_named(name.strip(), conditions, len(found) + 1))
        return found

    def _conditions(self, product: str, number: int) -> Iterator[tuple[str, tuple[bool, bool]]]:
        factors = [factor.strip() for factor in re.split(r"[*·]", product)]
        are_marked = any(factor.startswith("[") for factor in factors)
        for factor in factors:
            bare = factor.strip("[]").strip()
            if not TERM.match(bare):
                self.fault(number, 0, _("a product such as A*~B"), quoted(product))
                return
            element = self._element(bare.lstrip("~!"), number, 0)
            if element:
                is_core = factor.startswith("[") or not are_marked
                yield element, (bare[0] not in "~!", is_core)

    def _element(self, name: str, line: int, column: int) -> str:
        code = self.codes.get(name.casefold(), "")
        if not code:
            known = ", ".join(sorted(set(self.codes.values())))
            self.fault(line, column, _("an element (%s)") % known, quoted(name))
        return code


def _named(name: str, conditions: Mapping[str, tuple[bool, bool]], place: int) -> NamedPattern:
    shown = name or _("Configuration %d") % place
    return NamedPattern(
        code=slugify(shown) or f"configuration-{place}",
        name={"en": shown},
        summary={"en": ""},
        function="",
        required={element: present for element, (present, _core) in conditions.items()},
        core=frozenset(element for element, (_present, core) in conditions.items() if core),
    )
