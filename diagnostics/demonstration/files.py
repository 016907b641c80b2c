"""The demonstration organisation as the files that `diagnose` reads."""

from pathlib import Path

import pandas as pd

from diagnostics.demonstration.population import generate_population
from survey.instrument.content import Instrument


def write_files(folder: Path, *, seed: int, instrument: Instrument) -> tuple[Path, Path]:
    """Write answers.csv and units.csv and return their paths."""
    population = generate_population(seed, instrument)
    folder.mkdir(parents=True, exist_ok=True)
    answers, units = folder / "answers.csv", folder / "units.csv"
    frame = population.answers.copy()
    frame["leads"] = frame["leads"].map({True: "yes", False: ""})
    frame.to_csv(answers, index=False, float_format="%.0f")
    tree = population.tree()
    parents = [tree.keys[parent] if parent >= 0 else "" for parent in tree.parents]
    pd.DataFrame({"code": tree.keys, "name": tree.names, "parent": parents}).to_csv(
        units, index=False
    )
    return answers, units
