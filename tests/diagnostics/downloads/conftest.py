"""The demonstration's exports, with what repeats them in R."""

from pathlib import Path

import pandas as pd
import pytest

from diagnostics.demonstration.population import Population
from diagnostics.exports.answers import answer_table
from diagnostics.exports.figures import figure_tables
from diagnostics.exports.files import csv_file
from diagnostics.exports.reproduction import FOLDER, Files, analysis_files, verdict_files
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.scales import Scales, scales_of
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import ReleasedTables

Released = tuple[ReleasedTables, pd.DataFrame, AssessmentResult, Scales]


@pytest.fixture(scope="session")
def released(population: Population, instrument: Instrument) -> Released:
    """Return the demonstration's release, its rows, its result and its scales."""
    method = default_method(instrument, draws=200)
    tables, rows = release(
        population.answers,
        population.tree(),
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    result = assess(tables, rows, instrument=instrument, method=method)
    return tables, rows, result, scales_of(instrument, tables.dropped_items)


@pytest.fixture(scope="session")
def analyses(released: Released) -> Files:
    """Return the folder of the file of answers."""
    _, rows, result, scales = released
    return analysis_files(result, rows, scales)


@pytest.fixture(scope="session")
def verdicts(released: Released) -> Files:
    """Return the folder of the file of released figures."""
    tables, _, result, _ = released
    return verdict_files(result, {key: key for key in tables.tree.keys})


@pytest.fixture(scope="session")
def bundles(
    tmp_path_factory: pytest.TempPathFactory,
    released: Released,
    instrument: Instrument,
    analyses: Files,
    verdicts: Files,
) -> Path:
    """Return a folder in which both files lie unpacked."""
    tables, rows, result, _ = released
    root = tmp_path_factory.mktemp("bundles")
    codes = {key: key for key in tables.tree.keys}
    figures = figure_tables(result, tables, instrument, codes=codes, language="en")
    exported = {
        "answers": ([answer_table(rows, instrument, language="en")], analyses),
        "figures": (figures, verdicts),
    }
    for name, (contents, script) in exported.items():
        files = {f"{table.name}.csv": csv_file(table) for table in contents}
        files |= {f"{FOLDER}/{part}": content for part, content in script.items()}
        for part, content in files.items():
            path = root / name / part
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return root
