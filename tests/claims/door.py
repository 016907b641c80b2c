"""A world scored through the product's own door: answers, release, assessment."""

from dataclasses import replace
from functools import cache
from typing import Final

from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.method import Method
from diagnostics.scoring.results import AssessmentResult
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tree import NOWHERE, ROOT, UnitTree
from tests.claims.worlds import World, answers_of, drawn, unit_keys

NO_SECOND_PROCESS: Final = 10**9  # units from which it would help; sections run beside each other


@cache
def shipped() -> tuple[Instrument, Method]:
    """Return the questionnaire that ships, and the method that a campaign has by default."""
    instrument = parse_instrument(read_instrument_file())
    return instrument, default_method(instrument)


def scored(world: World, seed: int, *, draws: int | None = None) -> AssessmentResult:
    """Return the assessment of one company of a world.

    draws: of the units' bootstrap; fewer are quicker where only the company is looked at.
    """
    instrument, method = shipped()
    patterns = method.pattern_set.qca_patterns()
    people = drawn(world, patterns, method.elements, seed)
    keys = ("company", *unit_keys(world))
    tree = UnitTree(keys, (NOWHERE, *[ROOT] * world.units), keys)
    tables, rows = release(
        answers_of(world, instrument, people, seed),
        tree,
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    chosen = method if draws is None else replace(method, draws=draws)
    return assess(
        tables, rows, instrument=instrument, method=chosen, worth_sharing=NO_SECOND_PROCESS
    )
