"""Items that run against their construct are named beside the figures of the scales."""

import warnings

import pytest

from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.studies import study_scales
from diagnostics.measurement.wording.scales import measurement_reading
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from tests.diagnostics.example_study import example_rows

WORDS = (
    "Against the other items of their construct: {}. Nothing was turned for that; look whether "
    "they are worded the other way round and should be marked as reversed."
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    """Return the questionnaire that ships."""
    return parse_instrument(read_instrument_file(SHIPPED_INSTRUMENTS[0]))


def study(instrument: Instrument, *turned: str) -> MeasurementResult:
    rows = example_rows(instrument)
    rows[list(turned)] = instrument.scale.points + 1 - rows[list(turned)]
    return study_scales(rows, instrument, dropped=(), sensitive_floor=10)


def opposed(result: MeasurementResult) -> list[str]:
    return [group.opposed for group in measurement_reading(result, constructs={}).groups]


def test_a_negatively_keyed_item_is_named_with_the_scales_and_not_turned(
    instrument: Instrument,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the page says it, so the worker's log need not
        straight, turned = study(instrument), study(instrument, "TF2", "CF1")

    assert opposed(straight) == ["", "", ""]
    assert opposed(turned) == [WORDS.format("TF2, CF1")] * 3
    alphas = [{one.construct: one.alpha for one in s.groups[0].scales} for s in (straight, turned)]
    assert alphas[0]["TF"] is not None
    assert alphas[1]["TF"] is not None
    assert alphas[1]["TF"] < 0.3 < alphas[0]["TF"]
    assert alphas[0]["AD"] == alphas[1]["AD"]
