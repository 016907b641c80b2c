"""The demonstration organisation as files: for `diagnose`, and for the set-up of a campaign."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from diagnostics.demonstration.population import generate_population
from survey.instrument.content import Instrument


@dataclass(frozen=True, slots=True)
class DemonstrationFiles:
    """Where the files lie: answers and units go to `diagnose`, units and people to a campaign."""

    answers: Path
    units: Path
    people: Path


def write_files(folder: Path, *, seed: int, instrument: Instrument) -> DemonstrationFiles:
    """Write answers.csv, units.csv and people.csv; the people are those of the units, invented."""
    population = generate_population(seed, instrument)
    folder.mkdir(parents=True, exist_ok=True)
    files = DemonstrationFiles(folder / "answers.csv", folder / "units.csv", folder / "people.csv")
    frame = population.answers.copy()
    frame["leads"] = frame["leads"].map({True: "yes", False: ""})
    frame.to_csv(files.answers, index=False, float_format="%.0f")
    tree = population.tree()
    parents = [tree.keys[parent] if parent >= 0 else "" for parent in tree.parents]
    pd.DataFrame({"code": tree.keys, "name": tree.names, "parent": parents}).to_csv(
        files.units, index=False
    )
    columns = ["email", "name", "unit", "function"]
    people = [[getattr(person, column) for column in columns] for person in population.people]
    pd.DataFrame(people, columns=columns).to_csv(files.people, index=False)
    return files
