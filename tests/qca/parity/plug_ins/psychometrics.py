"""Psychometrics against psych, multilevel and lavaan.

Closed formulas agree to 1e-9. What R finds by iteration agrees as far as R's own stopping rule
goes: `MINRES` for psych's factor of minimum residuals, `LIKELIHOOD` for lavaan, `MIXED` for nlme.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from qca.psychometrics import (
    FactorModel,
    Omega,
    agreement,
    alpha,
    confirmatory_factors,
    correlations,
    heterotrait_monotrait,
    intraclass_correlation,
    item_statistics,
    item_table,
    mixed_intraclass_correlation,
    omega,
    sampling_adequacy,
    scale_means,
    single_factor_share,
    sphericity,
    uniform_variance,
)
from qca.psychometrics.correlations import Missing
from qca.psychometrics.omega import LEAST_UNIQUENESS
from tests.qca.parity.reference_case import (
    TOLERANCE,
    Case,
    Comparison,
    Quantity,
    attempt,
    failure,
    guarded,
)

MINRES = 5e-5
LIKELIHOOD = 1e-5
MIXED = 5e-3
TWO = 2
# psych keeps uniquenesses from .005 on; there its search may end before the loadings settle.
AT_BOUND = np.sqrt(1 - LEAST_UNIQUENESS) - 1e-9
HEYWOOD = "a loading at the bound (Heywood case): psych stops before the loadings settle"
NOT_IDENTIFIED = "one factor is not identified by two items; ours refuses it"
LONE_ITEM = "of two items one is left, which has no alpha; psych gives its correlation"
ITEM_FIGURES = {
    "n": "n",
    "mean": "mean",
    "sd": "deviation",
    "raw_r": "total",
    "std_r": "standardised_total",
    "r_cor": "corrected_total",
    "r_drop": "rest",
    "alpha_if_dropped": "alpha_without",
    "std_alpha_if_dropped": "standardised_alpha_without",
}
FIT_FIGURES = {
    "chisq": "chi_square",
    "df": "degrees",
    "pvalue": "p",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "srmr": "srmr",
    "npar": "parameters",
    "logl": "log_likelihood",
    "ntotal": "respondents",
}


def compare(case: Case) -> Iterator[Comparison]:
    """Yield every psychometric quantity of a case."""
    if not case.spec.get("psychometrics"):
        return
    frame, scales = case.frame(), case.spec["scales"]
    for scale, columns in scales.items():
        at: Quantity = ("scales", scale)
        yield from _guarded(case, at, _compare_scale(case, scale, frame[columns]))
    for how in ("listwise", "fiml"):
        at = (f"cfa_full_ml_{how}",)
        if at[0] in case.expected:
            yield from _guarded(case, at, _compare_factors(case, at, frame, scales, how))
    for missing in ("pairwise", "listwise"):
        at = (f"htmt_{missing}",)
        yield from _guarded(case, at, _compare_validity(case, frame, scales, missing))
    at = ("composite_cor_pairwise",)
    yield from _guarded(case, at, _compare_composites(case, frame, scales))
    for scale, columns in scales.items() if "agreement" in case.expected else ():
        at, groups = ("agreement", scale), frame[case.spec["group"]]
        yield from _guarded(case, at, _compare_agreement(case, scale, frame[columns], groups))


def _guarded(case: Case, at: Quantity, comparisons: Iterator[Comparison]) -> Iterator[Comparison]:
    yield from guarded(at, _at(case.expected, at), comparisons)


def _at(expected: Any, path: Quantity) -> Any:  # noqa: ANN401
    """The part of the results at a path, None where there is none."""
    for part in path:
        expected = expected.get(part) if isinstance(expected, dict) else None
    return expected


def _compare_composites(
    case: Case, frame: pd.DataFrame, scales: dict[str, list[str]]
) -> Iterator[Comparison]:
    if "composite_cor_pairwise" not in case.expected:
        return
    means = np.column_stack([scale_means(frame[columns], share=1) for columns in scales.values()])
    yield Comparison(
        ("composite_cor_pairwise",),
        case.expected["composite_cor_pairwise"],
        _named_matrix(list(scales), correlations(means)),
    )


def _compare_scale(case: Case, scale: str, items: pd.DataFrame) -> Iterator[Comparison]:
    expected, at = case.expected["scales"][scale], ("scales", scale)
    complete = items.dropna()
    yield Comparison((*at, "n"), expected["n"], len(items))
    yield Comparison((*at, "n_complete"), expected["n_complete"], len(complete))
    for missing in ("pairwise", "listwise"):
        inner = (*at, missing)
        reliability = _compare_reliability(expected[missing], inner, items, missing)
        yield from _guarded(case, inner, reliability)
    for how in ("listwise", "fiml"):
        inner = (*at, f"cfa_ml_{how}")
        if inner[-1] not in expected:
            continue
        if items.shape[1] == TWO:
            yield Comparison(inner, reason=NOT_IDENTIFIED)
            continue
        factors = _compare_factors(case, inner, items, {scale: list(items.columns)}, how)
        yield from _guarded(case, inner, factors)
    means = {"listwise": scale_means(complete), "available": scale_means(items)}
    for how, values in means.items():
        figures = {"mean": np.nanmean(values), "sd": np.nanstd(values, ddof=1)}
        for figure, found in figures.items():
            key = f"{figure}_{how}"
            yield Comparison((*at, "composite", key), expected["composite"][key], float(found))


def _compare_reliability(
    expected: dict[str, Any], at: Quantity, items: pd.DataFrame, missing: Missing
) -> Iterator[Comparison]:
    found, statistics = alpha(items, missing=missing), item_statistics(items, missing=missing)
    figures = {
        "raw_alpha": found.raw,
        "std_alpha": found.standardised,
        "G6": found.guttman_six,
        "average_r": found.mean_correlation,
        "median_r": found.median_correlation,
    }
    yield Comparison((*at, "alpha"), expected["alpha"], figures)
    by_item = {
        item: {
            key: np.asarray(getattr(statistics, name))[row].item()
            for key, name in ITEM_FIGURES.items()
        }
        for row, item in enumerate(items.columns)
    }
    if len(by_item) == TWO:
        yield from _without_drops(expected["items"], by_item, (*at, "items"))
    else:
        yield Comparison((*at, "items"), expected["items"], by_item)
    table = item_table(items, missing=missing)
    eigenvalues = np.linalg.eigvalsh(correlations(table))[::-1].tolist()
    yield Comparison((*at, "eigen_R"), expected["eigen_R"], eigenvalues)
    yield from _compare_omega(expected, at, items, missing)


def _without_drops(
    expected: dict[str, Any], found: dict[str, dict[str, Any]], at: Quantity
) -> Iterator[Comparison]:
    """Items of a scale of two: what is left without one is a single item."""
    for item, figures in expected.items():
        for key, value in figures.items():
            reason = LONE_ITEM if key in ("alpha_if_dropped", "std_alpha_if_dropped") else ""
            yield Comparison((*at, item, key), value, found[item][key], reason=reason)


def _compare_omega(
    expected: dict[str, Any], at: Quantity, items: pd.DataFrame, missing: Missing
) -> Iterator[Comparison]:
    """Omega where psych and ours settle on the same loadings; the standardised alpha always."""
    if "psych_omega_nf1" in expected and "alpha" in expected["psych_omega_nf1"]:
        wanted = expected["psych_omega_nf1"]["alpha"]
        k, total = items.shape[1], correlations(item_table(items, missing=missing)).sum()
        standardised = float((1 - k / total) * k / (k - 1))
        yield Comparison((*at, "psych_omega_nf1", "alpha"), wanted, standardised)
    factor = attempt(lambda: omega(items, missing=missing))
    reason = NOT_IDENTIFIED if items.shape[1] == TWO else ""
    if isinstance(factor, Omega) and np.abs(factor.loadings).max() >= AT_BOUND:
        reason = HEYWOOD
    if reason:
        for key in {"omega_total_minres1", "psych_omega_nf1"} & set(expected):
            yield Comparison((*at, key), reason=reason)
        return
    if not isinstance(factor, Omega):
        yield Comparison((*at, "omega_total_minres1"), expected["omega_total_minres1"], factor)
        return
    minres = {
        "loadings": dict(zip(items.columns, factor.loadings.tolist(), strict=True)),
        "omega_over_R": factor.of_correlations,
        "omega_cr": factor.of_model,
    }
    yield Comparison((*at, "omega_total_minres1"), expected["omega_total_minres1"], minres, MINRES)
    if "psych_omega_nf1" in expected:
        inner = (*at, "psych_omega_nf1")
        wanted = expected["psych_omega_nf1"]
        yield Comparison((*inner, "omega_tot"), wanted["omega_tot"], factor.total, MINRES)


def _compare_factors(
    case: Case, at: Quantity, frame: pd.DataFrame, scales: dict[str, list[str]], how: str
) -> Iterator[Comparison]:
    expected = _at(case.expected, at)
    model = attempt(
        lambda: confirmatory_factors(
            frame, scales, missing="listwise" if how == "listwise" else "full_information"
        )
    )
    if not isinstance(model, FactorModel):
        yield Comparison(at, failure(expected), model)
        return
    factors = {
        name: {
            "std_loadings": {
                item: model.loadings[model.items.index(item)].item() for item in scales[name]
            },
            "CR_std": model.reliability[row].item(),
            "AVE_std": model.extracted[row].item(),
            "omega_unstd": model.raw_reliability[row].item(),
            "AVE_unstd": model.raw_extracted[row].item(),
        }
        for row, name in enumerate(model.factors)
    }
    yield Comparison((*at, "factors"), expected["factors"], factors, LIKELIHOOD)
    figures = {key: getattr(model.fit, name) for key, name in FIT_FIGURES.items()}
    yield Comparison((*at, "fit"), expected["fit"], figures, LIKELIHOOD)
    latent = _named_matrix(model.factors, model.correlations) if len(scales) > 1 else None
    yield Comparison((*at, "latent_cor"), expected["latent_cor"], latent, LIKELIHOOD)


def _compare_validity(
    case: Case, frame: pd.DataFrame, scales: dict[str, list[str]], missing: Missing
) -> Iterator[Comparison]:
    names = [column for columns in scales.values() for column in columns]
    table = item_table(frame[names], missing=missing)
    correlation = correlations(table)
    places = [[names.index(column) for column in columns] for columns in scales.values()]
    kinds = {
        "htmt_abs": heterotrait_monotrait(correlation, places),
        "htmt_raw": heterotrait_monotrait(correlation, places, absolute=False),
        "htmt2": heterotrait_monotrait(correlation, places, geometric=True),
    }
    pairs = {
        f"{first}|{second}": {kind: values[i, j].item() for kind, values in kinds.items()}
        for i, first in enumerate(scales)
        for j, second in enumerate(scales)
        if i < j
    }
    yield Comparison((f"htmt_{missing}",), case.expected[f"htmt_{missing}"], pairs)
    adequacy = sampling_adequacy(correlation)
    by_item = dict(zip(names, adequacy.items.tolist(), strict=True))
    yield Comparison(
        (f"kmo_{missing}",),
        case.expected[f"kmo_{missing}"],
        {"MSA": adequacy.overall, "MSAi": by_item},
    )
    share = {"first_eigen_share": single_factor_share(correlation)}
    yield Comparison((f"harman_{missing}",), case.expected[f"harman_{missing}"], share)
    if missing == "listwise":
        test = sphericity(correlation, respondents=len(table))
        figures = {"chisq": test.chi_square, "p.value": test.p, "df": test.degrees}
        yield Comparison(("bartlett_listwise",), case.expected["bartlett_listwise"], figures)


def _compare_agreement(
    case: Case, scale: str, items: pd.DataFrame, groups: pd.Series
) -> Iterator[Comparison]:
    expected, at = case.expected["agreement"][scale], ("agreement", scale)
    chance = uniform_variance(case.spec["points"])
    found = agreement(items, groups.tolist(), chance_variance=chance)
    complete = items.dropna()
    means, kept = scale_means(complete), groups[complete.index].tolist()
    of_mean = agreement(means[:, np.newaxis], kept, chance_variance=chance)
    icc = intraclass_correlation(means, kept)
    mixed = mixed_intraclass_correlation(means, kept)
    figures: dict[str, tuple[object, float]] = {
        "ranvar": (chance, TOLERANCE),
        "rwg_j": (_by_group(found.groups, found.james), TOLERANCE),
        "gsize": (_by_group(found.groups, found.sizes), TOLERANCE),
        "rwg_j_mean": (float(np.nanmean(found.james)), TOLERANCE),
        "rwg_j_median": (float(np.nanmedian(found.james)), TOLERANCE),
        "rwg_j_lindell": (_by_group(found.groups, found.lindell), TOLERANCE),
        "rwg_of_scale_mean": (_by_group(of_mean.groups, of_mean.james), TOLERANCE),
        "ICC1": (icc.single, TOLERANCE),
        "ICC2": (icc.mean, TOLERANCE),
        "F": (icc.f, TOLERANCE),
        "df1": (icc.degrees_between, TOLERANCE),
        "df2": (icc.degrees_within, TOLERANCE),
        "p": (icc.p, TOLERANCE),
        "MSB": (icc.between, TOLERANCE),
        "MSW": (icc.within, TOLERANCE),
        "n_complete": (len(complete), TOLERANCE),
        "n_groups": (icc.degrees_between + 1, TOLERANCE),
        "ICC_lme": ({"ICC1": mixed[0], "ICC2": mixed[1]}, MIXED),
    }
    for key, (value, tolerance) in figures.items():
        if key in expected:
            yield Comparison((*at, key), expected[key], value, tolerance)


def _by_group(names: tuple[object, ...], values: np.ndarray) -> dict[str, float]:
    return {str(name): value for name, value in zip(names, values.tolist(), strict=True)}


def _named_matrix(names: list[str] | tuple[str, ...], matrix: np.ndarray) -> dict[str, object]:
    return {
        row: {column: matrix[i, j].item() for j, column in enumerate(names)}
        for i, row in enumerate(names)
    }
