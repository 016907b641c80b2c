"""The demonstration organisation released and scored, without a database."""

from diagnostics.demonstration.population import generate_population
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from survey.instrument.content import parse_instrument
from survey.instrument.files import read_instrument_file
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release


def assess_population(seed: int) -> AssessmentResult:
    """Return the result of a seed's organisation by the default method."""
    instrument = parse_instrument(read_instrument_file())
    population = generate_population(seed, instrument)
    method = default_method(instrument)
    tables, rows = release(
        population.answers,
        population.tree(),
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    return assess(tables, rows, instrument=instrument, method=method)
