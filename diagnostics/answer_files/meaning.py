"""What files of answers and units mean: which unit is meant, and what looks wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd
from django.utils.translation import gettext as _

from diagnostics.scoring.method import Method
from survey.import_files.units import code_key
from survey.instrument.content import ConstructRole, Instrument
from survey.release.exclusions import ITEM_ROLES
from survey.release.tables import Counts, ReleasedTables
from survey.release.tree import UnitTree

MANY: Final = 0.5  # share of answers left out from which one looks for a fault of the file
NAMED: Final = 5  # units that a sentence names


def unit_keys(tree: UnitTree) -> dict[str, str]:
    """Return the unit that a cell means: by its code, or by a name that one unit alone has.

    >>> tree = UnitTree(("HQ", "A", "B", "C"), (-1, 0, 0, 0), ("Works", "North", "Crew", "Crew"))
    >>> sorted(unit_keys(tree))
    ['a', 'b', 'c', 'hq', 'north', 'works']
    """
    spelt = Counter(code_key(name) for name in tree.names)
    pairs = zip(tree.keys, tree.names, strict=True)
    names = {code_key(name): key for key, name in pairs if spelt[code_key(name)] == 1}
    return names | {code_key(key): key for key in tree.keys}


def name_warnings(file: str, cells: Sequence[str], tree: UnitTree) -> Iterator[str]:
    """Tell that units were named where their codes were expected."""
    codes = {code_key(key) for key in tree.keys}
    named = list(dict.fromkeys(cell for cell in cells if code_key(cell) not in codes))
    if named:
        yield _(
            "%(file)s: units are named instead of their codes, and taken by name: %(units)s."
        ) % {
            "file": file,
            "units": ", ".join([*named[:NAMED], *(["…"] if named[NAMED:] else [])]),
        }


def scale_warnings(file: str, answers: pd.DataFrame, instrument: Instrument) -> Iterator[str]:
    """Tell that nobody used an end of the scale: the questions may have had another one."""
    roles = (*ITEM_ROLES, ConstructRole.MARKER)
    codes = [item.code for _construct, item in instrument.items(*roles) if item.code in answers]
    given = answers[codes].to_numpy(dtype=float)
    found = pd.Series(given[given == given])
    if found.empty:
        yield _("%(file)s: no statement is answered on any row.") % {"file": file}
        return
    highest, lowest, points = int(found.max()), int(found.min()), instrument.scale.points
    values = {"file": file, "highest": highest, "lowest": lowest, "points": points}
    if highest < points:
        yield (
            _(
                "%(file)s: the highest answer found is %(highest)d, and the scale goes to "
                "%(points)d. If people answered on a scale of %(highest)d points, convert the "
                "answers first: as they are, every score is too low."
            )
            % values
        )
    if lowest > 1:
        yield (
            _(
                "%(file)s: the lowest answer found is %(lowest)d, and the scale begins at 1. If "
                "people answered on another scale, convert the answers first: as they are, every "
                "score is too high."
            )
            % values
        )


def exclusion_warnings(file: str, counts: Counts, instrument: Instrument) -> Iterator[str]:
    """Tell that many answers were left out, by the rule that left them out."""
    excluded = {rule: sum(found.values()) for rule, found in counts.excluded.items()}
    counted = sum(counts.answers.values())
    total = counted + sum(excluded.values())
    checks = ", ".join(
        f"{item.code} = {item.expected}"
        for _construct, item in instrument.items(ConstructRole.CHECK)
    )
    for rule, number in excluded.items():
        if total and number >= MANY * total:
            share = int(100 * number / total)
            yield _rule_words(rule) % {"file": file, "share": share, "checks": checks}
    if total and not counted:
        yield _("%(file)s: no answer is left, so the reports hold no figure.") % {"file": file}


def _rule_words(rule: str) -> str:
    return {
        "attention_check": _(
            "%(file)s: %(share)d %% of the answers fail the attention check (%(checks)s) and are "
            "left out. Look whether its column holds the answers as given."
        ),
        "uniform_share": _(
            "%(file)s: %(share)d %% of the answers are one and the same point nearly everywhere "
            "and are left out. Look whether the columns hold the answers as given."
        ),
    }[rule]


def leader_warnings(file: str, answers: pd.DataFrame) -> Iterator[str]:
    """Tell that nobody is left who counts in a unit."""
    if len(answers) and answers["leads"].all():
        yield _(
            "%(file)s: every row says that the person leads the unit. Leaders count in the company "
            "only, so no unit has figures of its own."
        ) % {"file": file}


def scale_losses(tables: ReleasedTables, instrument: Instrument, method: Method) -> Iterator[str]:
    """Tell which scales are left without a statement, because none fits the others."""
    dropped = set(tables.dropped_items)
    lost = [
        construct.code
        for construct in instrument.constructs
        if construct.code in method.codes and {item.code for item in construct.items} <= dropped
    ]
    if lost and len(lost) == len(method.codes):
        yield _(
            "No scale holds: each statement goes together with the others of its scale too little "
            "and is left out, so the reports hold no score. Look whether the columns are those of "
            "the questionnaire."
        )
    elif lost:
        names = ", ".join(lost)
        yield _(
            "No statement is left of these scales, because none goes together with the others of "
            "its scale: %(scales)s. The reports hold no score of them."
        ) % {"scales": names}
