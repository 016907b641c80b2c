"""Seeded inputs of the benchmarks: survey-like memberships and the truth table rows they fill."""

import numpy as np
import pandas as pd

SEED = 20260101


def survey(cases: int, conditions: int, seed: int = SEED) -> pd.DataFrame:
    """Draw memberships of respondents who answer on related scales.

    A common attitude and one of each condition make the scores; the outcome follows the third
    largest of the first five conditions, with noise. No membership comes within 1e-6 of .5.
    """
    generator = np.random.default_rng(seed + conditions)
    attitude = generator.normal(size=(cases, 1))
    scores = 0.9 * attitude + generator.normal(size=(cases, conditions))
    memberships = 1 / (1 + np.exp(-1.6 * scores))
    cause = np.sort(memberships[:, : min(5, conditions)], axis=1)[:, -3]
    noise = generator.normal(scale=0.08, size=cases)
    columns = [f"X{place}" for place in range(1, conditions + 1)]
    frame = pd.DataFrame(memberships, columns=columns)
    frame["Y"] = np.clip(cause + noise, 0.01, 0.99)
    return frame.mask((frame - 0.5).abs() < 1e-6, 0.501)


def dense(conditions: int, seed: int = SEED) -> pd.DataFrame:
    """Draw a crisp outcome for every row of the truth table, present in half of them: no remainder.

    The hardest charts: a random function has no structure to reduce.
    """
    generator = np.random.default_rng(seed + conditions)
    rows = np.arange(1 << conditions)[:, None] >> np.arange(conditions)[::-1] & 1
    columns = [f"X{place}" for place in range(1, conditions + 1)]
    frame = pd.DataFrame(rows.astype(np.float64), columns=columns)
    frame["Y"] = generator.permutation(rows[:, 0]).astype(np.float64)
    return frame
