"""The dry run of an import: both files read, checked against each other, nothing saved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from survey.import_files.people import PersonRow, read_people
from survey.import_files.problems import FileProblemsError, Problem, Remark
from survey.import_files.records import Reading
from survey.import_files.units import UnitRow, UnitsFile, read_units
from survey.models import Organisation
from survey.selectors.accounts.roles_apart import readers_of_rows
from survey.selectors.units.tree_plans import TreePlan, plan_tree

__all__ = ["ImportPlan", "NamedFile", "check_files", "read_people", "read_units"]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """An uploaded file's name and content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What confirming would keep; without units the draft uses the organisation's tree."""

    units: tuple[UnitRow, ...] | None
    tree: TreePlan | None
    people: tuple[PersonRow, ...]
    remarks: tuple[Remark, ...] = ()  # what the readers tell of both files
    readings: tuple[Reading, ...] = ()  # how they were read

    @property
    def has_hidden_rows(self) -> bool:
        """Whether a workbook hides rows, so that there is something to choose."""
        return any(remark.is_of_hidden_rows for remark in self.remarks)

    @property
    def leader_addresses(self) -> frozenset[str]:
        """Addresses that the units file names as leaders."""
        return frozenset(row.leader_email for row in self.units or () if row.leader_email)


def check_files(
    *,
    organisation: Organisation,
    units: NamedFile | None,
    people: NamedFile,
    languages: Collection[str] = ("en",),
    root_name: str = "",
    planned: Sequence[UnitRow] | None = None,
    on: date | None = None,
    includes_hidden: bool = False,
) -> ImportPlan:
    """Return the plan, or raise FileProblemsError with every problem of both files.

    Without a file of units those that the draft has planned already stay.
    """
    day = on or timezone.localdate()
    existing = tuple(organisation.units.on(day).select_related("parent"))
    problems: list[Problem] = []
    remarks: tuple[Remark, ...] = ()
    readings: tuple[Reading, ...] = ()
    rows: tuple[UnitRow, ...] | None = None if planned is None else tuple(planned)
    codes: Sequence[str] | None = [unit.code for unit in existing if unit.code]
    if units is not None:
        units_file = read_units(units.content, file=units.name, includes_hidden=includes_hidden)
        rows, problems = units_file.rows, list(units_file.problems)
        problems += _leader_problems(organisation, units_file)
        remarks, readings = units_file.remarks, (units_file.reading,)
        # With a faulty tree every person would seem to work nowhere; that would hide the cause.
        codes = None if units_file.problems else [row.code for row in rows]
    elif rows is not None:
        codes = [row.code for row in rows]
    elif not existing:
        problems.append(
            Problem(
                "units", 0, 0, "",
                _("a file of units, since there is no tree yet"), _("no file"),
            )
        )  # fmt: skip
        codes = None
    people_file = read_people(
        people.content, file=people.name, units=codes, languages=languages,
        domains=organisation.mail_domains, includes_hidden=includes_hidden,
    )  # fmt: skip
    problems += people_file.problems
    remarks += people_file.remarks
    if problems:
        raise FileProblemsError(problems, remarks)
    tree = (
        None
        if rows is None
        else plan_tree(organisation=organisation, rows=rows, on=day, root_name=root_name)
    )
    return ImportPlan(rows, tree, people_file.rows, remarks, (*readings, people_file.reading))


def _leader_problems(organisation: Organisation, file: UnitsFile) -> tuple[Problem, ...]:
    """Return the lines that make an analyst a leader, who would have answers and figures."""
    named = {row.leader_email for row in file.rows}
    found = _("an analyst, who reads single answers and so no figures of units")
    return file.leader_problems(readers_of_rows(organisation, named), found)
