"""The preview of an upload: what confirming it would keep, and what the launch would change."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from survey.import_files.people import PersonRow
from survey.import_files.units import code_key
from survey.models import Campaign, Function, Unit, Upload
from survey.selectors.units.trees import walk_tree
from survey.selectors.units.unit_plans import LaunchChanges, tree_changes
from survey.services.setup.imports import ImportPlan
from survey.services.setup.uploads import plan_of

SHOWN_UNITS: Final = 300  # rows on the preview page
SHOWN_PEOPLE: Final = 5


@dataclass(frozen=True, slots=True)
class PreviewUnit:
    """One unit of the tree as it will be, with the people of it who will be invited."""

    path: str
    code: str
    leader: str
    operations: int
    sales: int


@dataclass(frozen=True, slots=True)
class PreviewPerson:
    """One of the first people as they were read, so that a wrong encoding is seen."""

    name: str
    email: str
    unit: str
    function: str
    language: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything on the preview page."""

    campaign: Campaign
    plan: ImportPlan
    includes_hidden: bool  # whether rows that a workbook hides are read
    first_people: tuple[PreviewPerson, ...]
    units: tuple[PreviewUnit, ...]
    hidden_units: int
    operations: int
    sales: int
    changes: LaunchChanges  # that the launch would make now; none of a rehearsal


def preview_of(upload: Upload) -> Preview:
    """Return what confirming the upload would keep; raises FileProblemsError as plan_of() does."""
    plan = plan_of(upload)
    tree = plan.tree
    organisation = upload.campaign.organisation
    units = organisation.units.on(timezone.localdate()) if tree is None else tree.kept
    rows = tuple(_rows(units, plan))
    functions = Counter(person.function for person in plan.people)
    return Preview(
        campaign=upload.campaign,
        plan=plan,
        includes_hidden=upload.includes_hidden,
        first_people=tuple(map(_person, _telling(plan.people))),
        units=rows[:SHOWN_UNITS],
        hidden_units=max(len(rows) - SHOWN_UNITS, 0),
        operations=functions[Function.OPERATIONS],
        sales=functions[Function.SALES],
        changes=_changes(upload.campaign, plan),
    )


def _telling(people: Sequence[PersonRow]) -> Sequence[PersonRow]:
    """Return a few people, those first whose names have letters that an encoding can spoil."""
    return sorted(people, key=lambda person: person.name.isascii())[:SHOWN_PEOPLE]


def _person(row: PersonRow) -> PreviewPerson:
    return PreviewPerson(row.name, row.email, row.unit, str(row.function.label), row.language)


def _rows(units: Iterable[Unit], plan: ImportPlan) -> Iterator[PreviewUnit]:
    leaders = {code_key(row.code): row.leader_email for row in plan.units or ()}
    people = Counter((code_key(person.unit), person.function) for person in plan.people)
    paths: dict[object, str] = {}
    for unit in walk_tree(units):
        above = paths.get(unit.parent_id, "")
        paths[unit.id] = f"{above} › {unit.name}" if above else unit.name
        key = code_key(unit.code)
        yield PreviewUnit(
            path=paths[unit.id],
            code=unit.code,
            leader=leaders.get(key, ""),
            operations=people[key, Function.OPERATIONS],
            sales=people[key, Function.SALES],
        )


def _changes(campaign: Campaign, plan: ImportPlan) -> LaunchChanges:
    if plan.units is None or plan.tree is None or campaign.is_rehearsal:
        return LaunchChanges()
    return tree_changes(campaign.organisation, plan.units, plan.tree)
