"""The dry run of an import: both files read, checked against each other, nothing saved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from survey.import_files.people import PersonRow, read_people
from survey.import_files.problems import FileProblemsError, Problem
from survey.import_files.units import UnitRow, read_units
from survey.models import Organisation
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
) -> ImportPlan:
    """Return the plan, or raise FileProblemsError with every problem of both files.

    Without a file of units those that the draft has planned already stay.
    """
    day = on or timezone.localdate()
    existing = tuple(organisation.units.on(day).select_related("parent"))
    problems: list[Problem] = []
    rows: tuple[UnitRow, ...] | None = None if planned is None else tuple(planned)
    codes: Sequence[str] | None = [unit.code for unit in existing if unit.code]
    if units is not None:
        units_file = read_units(units.content, file=units.name)
        rows, problems = units_file.rows, list(units_file.problems)
        # With a faulty tree every person would seem to work nowhere; that would hide the cause.
        codes = None if problems else [row.code for row in rows]
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
    people_file = read_people(people.content, file=people.name, units=codes, languages=languages)
    problems += people_file.problems
    if problems:
        raise FileProblemsError(problems)
    tree = (
        None
        if rows is None
        else plan_tree(organisation=organisation, rows=rows, on=day, root_name=root_name)
    )
    return ImportPlan(rows, tree, people_file.rows)
