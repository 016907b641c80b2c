"""Writes the committed reference cases: python -m tests.reference.make_cases.

Data are drawn from seeded generators; results come from tests/qca/by_hand.py and
tests/qca/solved_by_hand.py, plain Python that shares no line with the package.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.qca import by_hand, solved_by_hand

HERE = Path(__file__).parent
NAMES = "ABCDE"
SEARCHES = (
    {"incl_cut": 0.9, "cov_cut": 0.5, "ron_cut": 0.5, "depth": 2},
    {"incl_cut": 0.8, "cov_cut": 0.2, "pri_cut": 0.5, "depth": 2, "relation": "sufficiency"},
)


def draw(seed: int, cases: int, conditions: int, steps: int) -> pd.DataFrame:
    """Memberships in equal steps; the outcome follows A*~B + C with noise."""
    generator = np.random.default_rng(seed)
    x = generator.integers(0, steps + 1, (cases, conditions)) / steps
    cause = np.maximum(np.minimum(x[:, 0], 1 - x[:, 1]), x[:, 2])
    noise = generator.integers(-1, 2, cases) / steps
    frame = pd.DataFrame(x, columns=list(NAMES[:conditions]))
    frame["Y"] = np.clip(cause + noise, 0, 1)
    return frame.set_index(pd.Index([f"c{i:03d}" for i in range(1, cases + 1)], name="case"))


def fit_tables(cases: by_hand.Cases, conditions: Sequence[str], outcome: str) -> dict[str, Any]:
    y = by_hand.outcome_of(cases, outcome)
    literals = [(name, True) for name in conditions] + [(name, False) for name in conditions]
    columns = {
        name if present else f"~{name}": [by_hand.membership(c, {name: present}) for c in cases]
        for name, present in literals
    }
    return {
        "necessity": {name: by_hand.necessity(x, y) for name, x in columns.items()},
        "sufficiency": {name: by_hand.sufficiency(x, y) for name, x in columns.items()},
    }


def search(
    cases: by_hand.Cases, conditions: Sequence[str], job: Mapping[str, Any]
) -> dict[str, Any]:
    """Necessary or sufficient combinations up to the depth, none with a smaller one inside."""
    y = by_hand.outcome_of(cases, job["outcome"])
    necessary = job.get("relation") != "sufficiency"
    found: dict[str, Any] = {}
    known: list[dict[str, bool]] = []
    for literals in by_hand.combinations_of(conditions, job["depth"]):
        inside = any(len(o) < len(literals) and o.items() <= literals.items() for o in known)
        joins = (("*", min), (" + ", max)) if necessary else (("*", min),)
        for join, pick in joins:
            x = [pick(by_hand.membership(c, {n: s}) for n, s in literals.items()) for c in cases]
            fit = by_hand.necessity(x, y) if necessary else by_hand.sufficiency(x, y)
            consistency, relevance, coverage = fit.values()
            if consistency < job["incl_cut"] or coverage < job["cov_cut"]:
                continue
            if (necessary and join == "*") or not inside:
                known.append(literals)
                least = job.get("ron_cut", job.get("pri_cut", 0))
                if relevance >= least:
                    name = solved_by_hand.text(literals).replace("*", join)
                    found[name] = fit
            break
    return found


def described(
    cases: Collection[Mapping[str, float]], conditions: Sequence[str]
) -> dict[str, list[Any]]:
    fuzzy = [any(case[name] not in (0, 1) for case in cases) for name in conditions]
    halved = any(case[name] == 0.5 for case in cases for name in conditions)
    warning = ["Fuzzy causal conditions should not have values of 0.5 in the data."]
    return {
        "fuzzy": fuzzy,
        "noflevels": [2] * len(conditions),
        **({"warnings": warning} if halved else {}),
    }


def analysis(
    cases: Mapping[str, Mapping[str, float]], conditions: Sequence[str], job: Mapping[str, Any]
) -> dict[str, Any]:
    table = by_hand.truth_table_rows(
        cases, conditions, job["outcome"], job["incl_cut"], job["pri_cut"], job["n_cut"]
    )
    near = [row for row in table if row["OUT_if_kept"] != "?"]
    hidden = ("OUT_if_kept", "deviant")
    under = [row for row in near if int(str(row["n"])) < job["n_cut"]]
    solved = {
        f"{kind}.default": solved_by_hand.solution(cases, conditions, job["outcome"], table, kind)
        for kind in job["solutions"]
    }
    return {
        "id": job["id"],
        "tt": {
            "rows": [{k: v for k, v in row.items() if k not in hidden} for row in table],
            "removed": [
                {k: v for k, v in row.items() if k not in ("OUT", "config", "deviant")}
                for row in under
            ],
            "observed_rows_incl_removed": [row["row"] for row in near],
            "DCC": {str(row["row"]): row["deviant"] for row in near if row["deviant"]},
            **described(cases.values(), conditions),
        },
        "minimize": solved,
        "method_check": {"trying everything": solved_by_hand.tied_models(conditions, table)},
    }


def write(name: str, files: Mapping[str, pd.DataFrame], spec: object, out: object) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for file_name, frame in files.items():
        frame.to_csv(folder / file_name, lineterminator="\n")
    for file_name, content in (("spec.json", spec), ("out.json", out)):
        plain = json.dumps(_without_nan(content), indent=1, allow_nan=False)
        (folder / file_name).write_text(plain + "\n", encoding="utf-8")


def _without_nan(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_nan(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(child) for child in value]
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def make_analyses(name: str, data: pd.DataFrame, seed: int, jobs: Sequence[dict[str, Any]]) -> None:
    conditions = [str(column) for column in data.columns[:-1]]
    cases = {str(case): dict(row) for case, row in data.iterrows()}
    listed = list(cases.values())
    searches = [{"outcome": y, **job} for y in ("Y", "~Y") for job in SEARCHES]
    spec = {
        "name": name, "data": "data.csv", "source": "synthetic", "seed": seed,
        "conditions": conditions, "outcome": "Y", "superset": searches, "analyses": jobs,
    }  # fmt: skip
    out = {
        "name": name,
        "fit": {y: fit_tables(listed, conditions, y) for y in ("Y", "~Y")},
        "superset": [{"job": job, "rows": search(listed, conditions, job)} for job in searches],
        "analyses": [analysis(cases, conditions, job) for job in jobs],
    }
    write(name, {"data.csv": data}, spec, out)


def make_calibration(name: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    raw = pd.DataFrame({"S": generator.integers(4, 29, 40) / 4})
    raw.index = pd.Index([f"c{i:03d}" for i in range(1, 41)], name="case")
    scores = raw["S"].tolist()
    jobs: list[dict[str, Any]] = [
        {"thresholds": [2, 4, 6], "idm": 0.95},
        {"thresholds": [6, 4.1, 2], "idm": 0.95},
        {"thresholds": [2, 4.1, 6], "idm": 0.953},
        {"thresholds": [2, 4, 6], "logistic": False, "below": 2, "above": 0.5},
        {"thresholds": [6, 4, 2], "logistic": False},
        {"type": "crisp", "thresholds": [4]},
        {"method": "TFR"},
    ]
    for place, job in enumerate(jobs):
        job.update({"id": f"j{place + 1}", "raw": "raw.csv", "var": "S"})
        job.setdefault("type", "fuzzy")
        job.setdefault("method", "direct")
    results = [
        {"id": job["id"], "values": [by_hand.calibrated(s, scores, job) for s in scores]}
        for job in jobs
    ]
    spec = {"name": name, "data": "raw.csv", "source": "synthetic", "seed": seed,
            "calibration": jobs}  # fmt: skip
    write(name, {"raw.csv": raw}, spec, {"name": name, "calibration": results})


def main() -> None:
    """Write every case anew."""
    both = ["conservative", "parsimonious"]
    plain = {"incl_cut": [0.8], "pri_cut": 0.5, "n_cut": 1}
    make_analyses("own_sixteenths", draw(20250101, 24, 3, 16), 20250101, [
        {"id": "pos", "outcome": "Y", **plain, "solutions": both},
        {"id": "neg", "outcome": "~Y", **plain, "solutions": both},
    ])  # fmt: skip
    two_cuts = {"incl_cut": [0.9, 0.7], "pri_cut": 0, "n_cut": 2}
    make_analyses("own_two_cuts", draw(20250102, 30, 4, 10), 20250102, [
        {"id": "pos", "outcome": "Y", **two_cuts, "solutions": ["conservative"]},
        {"id": "neg", "outcome": "~Y", **two_cuts, "solutions": []},
    ])  # fmt: skip
    make_analyses("own_crisp", draw(20250103, 26, 4, 1), 20250103, [
        {"id": "pos", "outcome": "Y", **plain, "solutions": ["conservative"]},
    ])  # fmt: skip
    make_calibration("own_calibration", 20250104)


if __name__ == "__main__":
    main()
