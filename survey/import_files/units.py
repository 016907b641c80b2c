"""The file of units: code, name, parent, and perhaps the leader's address and name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.cells import CODE_LENGTH, NAME_LENGTH, email_problems, text_problems
from survey.import_files.characters import text_key
from survey.import_files.problems import FileProblemsError, Problem, Remark, again_as_on, quoted
from survey.import_files.records import Reading
from survey.import_files.tables import Line, Table, read_table, without_repeats
from survey.mail.addresses import address_as_sent

REQUIRED: Final = ("code", "name", "parent")
OPTIONAL: Final = ("leader_email", "leader_name")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; an empty parent puts it at the top."""

    code: str
    name: str
    parent: str = ""
    leader_email: str = ""
    leader_name: str = ""


@dataclass(frozen=True, slots=True)
class UnitsFile:
    """What a file of units holds, parents before their children, and what is wrong with it."""

    rows: tuple[UnitRow, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...] = ()
    reading: Reading = field(default=Reading(""), compare=False)
    table: Table | None = field(default=None, compare=False)  # the lines that the rows come from

    def leader_problems(self, refused: Collection[str], found: str) -> tuple[Problem, ...]:
        """Return a problem for each line that names one of these addresses as a leader."""
        if self.table is None or not refused:
            return ()
        return tuple(
            self.table.problem(line, "leader_email", _("somebody who may lead a unit"), found)
            for line in self.table.lines
            if (leader := line.cells.get("leader_email")) and address_as_sent(leader) in refused
        )


def read_units(data: bytes, *, file: str = "units.csv", includes_hidden: bool = False) -> UnitsFile:
    """Return the units and every problem; with problems the rows are not to be used."""
    try:
        table = read_table(
            data, file=file, required=REQUIRED, optional=OPTIONAL, includes_hidden=includes_hidden
        )
    except FileProblemsError as error:
        return UnitsFile((), error.problems, error.remarks)
    table = without_repeats(table)
    problems = table.with_problems([*_cell_problems(table), *_tree_problems(table)])
    rows = () if problems else parents_first([_row(line) for line in table.lines])
    return UnitsFile(rows, tuple(problems), table.remarks, table.reading, table)


def near_code(code: str, known: Mapping[str, str]) -> str:
    """Return an unknown code as messages show it, with the one that it may have been.

    >>> near_code("12", {"0012": "0012"})
    "'12'; if '0012' is meant, its zeros were lost in a spreadsheet"
    """
    bare = code_key(code).lstrip("0")
    near = [theirs for key, theirs in known.items() if bare and key.lstrip("0") == bare]
    if len(near) != 1:
        return quoted(code)
    told = {"code": quoted(code), "near": quoted(near[0])}
    return _("%(code)s; if %(near)s is meant, its zeros were lost in a spreadsheet") % told


def code_key(code: str) -> str:
    """Return a code as it is compared: without regard to case, spaces and composed letters."""
    return text_key(code)


def parents_first(rows: Sequence[UnitRow]) -> tuple[UnitRow, ...]:
    """Return the rows of a whole tree in an order in which no child precedes its parent."""
    children: dict[str, list[UnitRow]] = {}
    for row in rows:
        children.setdefault(code_key(row.parent), []).append(row)
    ordered = list(children.get("", ()))
    for row in ordered:  # grows while it is walked
        ordered.extend(children.get(code_key(row.code), ()))
    return tuple(ordered)


def _row(line: Line) -> UnitRow:
    cells = line.cells
    leader = cells.get("leader_email", "")
    return UnitRow(
        code=cells["code"],
        name=cells["name"],
        parent=cells["parent"],
        leader_email=address_as_sent(leader) if leader else "",
        leader_name=cells.get("leader_name", ""),
    )


def _cell_problems(table: Table) -> Iterator[Problem]:
    for line in table.lines:
        yield from text_problems(table, line, "code", length=CODE_LENGTH, is_required=True)
        yield from text_problems(table, line, "name", length=NAME_LENGTH, is_required=True)
        yield from email_problems(table, line, "leader_email")
        yield from text_problems(table, line, "leader_name", length=NAME_LENGTH)
        if line.cells.get("leader_name") and not line.cells.get("leader_email"):
            expected = _("an address for the leader named beside it")
            yield table.problem(line, "leader_email", expected, _("nothing"))


def _tree_problems(table: Table) -> Iterator[Problem]:
    first_seen: dict[str, int] = {}
    codes = {code_key(line.cells["code"]): line.cells["code"] for line in table.lines}
    for line in table.lines:
        code = line.cells["code"]
        if code and code_key(code) in first_seen:
            found = again_as_on(code, first_seen[code_key(code)])
            yield table.problem(line, "code", _("every code once"), found)
        first_seen.setdefault(code_key(code), line.number)
    for line in table.lines:
        parent = line.cells["parent"]
        if parent and code_key(parent) not in first_seen:
            found = near_code(parent, codes)
            yield table.problem(line, "parent", _("the code of a unit in this file"), found)
    yield from _circle_problems(table)


def _circle_problems(table: Table) -> Iterator[Problem]:
    """Yield one problem for each row that is its own ancestor."""
    # Reversed, so that of two rows with one code the first counts: the second is a fault itself.
    lines = {code_key(line.cells["code"]): line for line in reversed(table.lines)}
    settled = {""}
    for start in lines:
        path: dict[str, None] = {}  # an ordered set
        code = start
        while code not in settled and code not in path:
            path[code] = None
            code = code_key(lines[code].cells["parent"]) if code in lines else ""
        if code in path:
            steps = list(path)
            for step in steps[steps.index(code) :]:
                found = _("%s, which lies below this unit itself") % quoted(
                    lines[step].cells["parent"]
                )
                expected = _("a parent higher up in the tree")
                yield table.problem(lines[step], "parent", expected, found)
        settled.update(path)
