"""The demonstration organisation, scored once for all tests that only read it."""

import pytest

from diagnostics.demonstration.assessing import assess_population
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.population import Population, generate_population
from diagnostics.measurement.results import MeasurementResult
from diagnostics.scoring.results import AssessmentResult
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import read_instrument_file
from survey.policy import RELEASE_FLOOR, SENSITIVE_FLOOR
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import ReleasedTables
from tests.diagnostics.example_study import example_study


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    """Return the default questionnaire."""
    return parse_instrument(read_instrument_file())


@pytest.fixture(scope="session")
def population(instrument: Instrument) -> Population:
    """Return the demonstration organisation of the default seed."""
    return generate_population(DEFAULT_SEED, instrument)


@pytest.fixture(scope="session")
def demonstration() -> AssessmentResult:
    """Return its result, by the default method."""
    return assess_population(DEFAULT_SEED)


@pytest.fixture(scope="session")
def released_tables(population: Population, instrument: Instrument) -> ReleasedTables:
    """Return its release."""
    tables, _ = release(
        population.answers,
        population.tree(),
        instrument,
        floor=RELEASE_FLOOR,
        sensitive_floor=SENSITIVE_FLOOR,
        exclusion_rules=ExclusionRules(),
    )
    return tables


@pytest.fixture(scope="session")
def scale_study() -> MeasurementResult:
    """Return a small scale study."""
    return example_study()
