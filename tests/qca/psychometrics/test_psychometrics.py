"""Psychometrics by hand, by law and against independent computations."""

import math
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize
from scipy.stats import f_oneway, multivariate_normal

from qca.errors import (
    ConstantSetError,
    DuplicateNameError,
    NoCasesError,
    OptionError,
    ShapeError,
    UnknownNameError,
)
from qca.psychometrics import (
    agreement,
    alpha,
    confirmatory_factors,
    correlations,
    covariances,
    full_collinearity,
    heterotrait_monotrait,
    intraclass_correlation,
    item_statistics,
    item_table,
    marker_adjusted,
    mixed_intraclass_correlation,
    omega,
    sampling_adequacy,
    scale_means,
    single_factor_share,
    sphericity,
    uniform_variance,
)
from qca.psychometrics.missing_patterns import (
    Moments,
    minus_two_log_likelihood,
    missing_patterns,
    saturated_moments,
)

NAN = math.nan


def survey(seed: int, respondents: int = 300, factors: int = 2, items: int = 4) -> pd.DataFrame:
    """Answers with correlated factors and four items each."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(respondents, 1))
    columns: dict[str, np.ndarray] = {}
    for factor in range(factors):
        own = 0.6 * common + 0.8 * rng.normal(size=(respondents, 1))
        rows = own * np.linspace(0.6, 0.9, items) + 0.6 * rng.normal(size=(respondents, items))
        columns |= {f"F{factor}_{item}": rows[:, item] for item in range(items)}
    return pd.DataFrame(columns)


def scales_of(frame: pd.DataFrame) -> dict[str, list[str]]:
    factors = dict.fromkeys(name.split("_")[0] for name in frame.columns)
    return {f: [name for name in frame.columns if name.startswith(f)] for f in factors}


@given(arrays(np.float64, (8, 3), elements=st.one_of(st.integers(1, 7).map(float), st.just(NAN))))
def test_pairwise_covariances_and_correlations_equal_those_of_pandas(table: np.ndarray) -> None:
    frame = pd.DataFrame(table)
    together = frame.notna().astype(int).T @ frame.notna().astype(int)
    if (together < 2).to_numpy().any():
        with pytest.raises(NoCasesError):
            covariances(table)
        return

    assert covariances(table) == pytest.approx(frame.cov().to_numpy(), abs=1e-10)
    varies = all(
        frame.loc[frame[b].notna(), a].nunique() > 1 for a in frame.columns for b in frame.columns
    )
    if varies:
        assert correlations(table) == pytest.approx(frame.corr().to_numpy(), abs=1e-10)


def test_alpha_of_parallel_items_is_that_of_the_formula() -> None:
    # Two items with correlation .8 and equal variances: alpha = 2 * .8 / (1 + .8).
    found = alpha([[1, 2], [2, 1], [3, 3], [4, 4]])

    assert found.raw == pytest.approx(1.6 / 1.8)
    assert found.standardised == pytest.approx(1.6 / 1.8)
    assert found.mean_correlation == pytest.approx(0.8)


def test_alpha_without_an_item_is_alpha_of_the_others() -> None:
    rows = survey(1).to_numpy()[:, :4]

    found = item_statistics(rows)

    for item in range(4):
        others = alpha(np.delete(rows, item, axis=1))
        assert found.alpha_without[item] == pytest.approx(others.raw)
        assert found.standardised_alpha_without[item] == pytest.approx(others.standardised)


def test_item_rest_correlation_leaves_the_item_out() -> None:
    rows = survey(2).to_numpy()[:, :4]

    found = item_statistics(rows)

    for item in range(4):
        rest = np.delete(rows, item, axis=1).sum(axis=1)
        assert found.rest[item] == pytest.approx(np.corrcoef(rows[:, item], rest)[0, 1])
        assert found.total[item] == pytest.approx(
            np.corrcoef(rows[:, item], rows.sum(axis=1))[0, 1]
        )


def test_scale_of_two_has_no_alpha_without_an_item() -> None:
    assert np.isnan(item_statistics([[1, 2], [2, 1], [3, 3], [4, 4]]).alpha_without).all()


@pytest.mark.filterwarnings(
    "error::RuntimeWarning", "ignore::qca.psychometrics.NegativeItemWarning"
)
def test_items_that_go_against_each_other_have_no_corrected_total_and_divide_by_nothing() -> None:
    opposed = [[1, 2, 3], [2, 1, 3], [3, 3, 1], [1, 3, 1], [2, 1, 1], [2, 2, 2], [1, 1, 1]]

    found = item_statistics(opposed)

    assert np.isnan(found.corrected_total).all()
    assert np.isfinite(found.total).all()


def test_scale_mean_needs_its_share_of_answers() -> None:
    rows = [[1, 2, 3, NAN, NAN], [1, 2, NAN, NAN, NAN], [NAN] * 5]

    found = scale_means(rows, share=0.6)

    assert found[0] == 2
    assert np.isnan(found[1:]).all()


@given(arrays(np.float64, 4, elements=st.floats(0.3, 0.9)))
def test_omega_recovers_loadings_of_an_exact_factor(loadings: np.ndarray) -> None:
    exact = np.outer(loadings, loadings)
    np.fill_diagonal(exact, 1)
    # Answers whose correlations are exactly these.
    rng = np.random.default_rng(0)
    white = np.linalg.qr(rng.normal(size=(50, 5)) - 0)[0]
    white = np.linalg.qr(np.column_stack([np.ones(50), white]))[0][:, 1:5]
    rows = white @ np.linalg.cholesky(exact).T

    found = omega(rows)

    common, unique = loadings.sum() ** 2, (1 - loadings**2).sum()
    assert found.loadings == pytest.approx(loadings, abs=1e-6)
    assert found.total == pytest.approx(common / (common + unique), abs=1e-6)
    assert found.of_model == pytest.approx(found.total, abs=1e-6)


def test_minimum_residuals_are_least_by_a_general_optimiser() -> None:
    correlation = correlations(survey(3).to_numpy()[:, :4])

    def residual(loadings: np.ndarray) -> float:
        difference = correlation - np.outer(loadings, loadings)
        np.fill_diagonal(difference, 0)
        return float((difference**2).sum())

    expected = minimize(residual, np.full(4, 0.5), tol=1e-14).x
    assert omega(survey(3).to_numpy()[:, :4]).loadings == pytest.approx(expected, abs=1e-6)


def test_likelihood_with_gaps_is_the_sum_over_respondents() -> None:
    rows = survey(4, respondents=40).to_numpy()[:, :3].copy()
    rows[::5, 0] = NAN
    rows[1::7, 2] = NAN
    moments = Moments(np.array([0.1, -0.1, 0.2]), np.eye(3) + 0.3)

    found = minus_two_log_likelihood(missing_patterns(rows), moments)

    expected = 0.0
    for row in rows:
        seen = np.flatnonzero(~np.isnan(row))
        normal = multivariate_normal(moments.mean[seen], moments.covariance[np.ix_(seen, seen)])
        expected -= 2 * normal.logpdf(row[seen])
    assert found == pytest.approx(expected)


def test_saturated_moments_are_a_stationary_point() -> None:
    rows = survey(5, respondents=80).to_numpy()[:, :3].copy()
    rows[::4, 0] = NAN
    rows[1::6, 2] = NAN
    answers = missing_patterns(rows)

    best = saturated_moments(answers, 3)

    lowest = minus_two_log_likelihood(answers, best)
    for i in range(3):
        for j in range(i + 1):
            for step in (-1e-3, 1e-3):
                moved = best.covariance.copy()
                moved[i, j] += step
                moved[j, i] = moved[i, j]
                assert minus_two_log_likelihood(answers, Moments(best.mean, moved)) > lowest


@pytest.mark.parametrize("missing", ["listwise", "full_information"])
def test_factor_model_is_a_minimum_of_the_likelihood(
    missing: Literal["listwise", "full_information"],
) -> None:
    frame = survey(6)
    if missing == "full_information":
        frame.iloc[::9, 1] = NAN
        frame.iloc[2::11, 6] = NAN

    found = confirmatory_factors(frame, scales_of(frame), missing=missing)

    answers = missing_patterns(frame.to_numpy())
    vector = found.structure.vector
    free = found.structure.places(free_means=False, free_variances=False)

    def value(moved: np.ndarray) -> float:
        return minus_two_log_likelihood(answers, found.structure.moved(moved).moments)

    assert value(vector) == pytest.approx(-2 * found.fit.log_likelihood, abs=1e-8)
    for place in np.flatnonzero(free):
        for step in (-1e-3, 1e-3):
            moved = vector.copy()
            moved[place] += step
            assert value(moved) > value(vector)


def test_full_information_of_complete_answers_equals_listwise() -> None:
    frame = survey(7)

    listwise = confirmatory_factors(frame, scales_of(frame))
    full = confirmatory_factors(frame, scales_of(frame), missing="full_information")

    assert full.loadings == pytest.approx(listwise.loadings, abs=1e-9)
    assert full.fit.chi_square == pytest.approx(listwise.fit.chi_square, abs=1e-7)
    assert full.fit.parameters == listwise.fit.parameters + 8


def test_just_identified_factor_fits_exactly_and_its_loadings_have_a_closed_form() -> None:
    frame = survey(8, factors=1, items=3)

    found = confirmatory_factors(frame, {"F": list(frame.columns)})

    r = correlations(frame.to_numpy())
    expected = [
        math.sqrt(r[0, 1] * r[0, 2] / r[1, 2]),
        math.sqrt(r[0, 1] * r[1, 2] / r[0, 2]),
        math.sqrt(r[0, 2] * r[1, 2] / r[0, 1]),
    ]
    assert found.loadings == pytest.approx(expected, abs=1e-8)
    assert found.fit.chi_square == pytest.approx(0, abs=1e-9)
    assert (found.fit.degrees, found.fit.rmsea, found.fit.tli) == (0, 0.0, 1.0)
    assert math.isnan(found.fit.p)


def test_first_item_of_each_factor_loads_positively() -> None:
    frame = -survey(9)
    frame["F1_0"] = -frame["F1_0"]

    found = confirmatory_factors(frame, scales_of(frame))

    assert (found.loadings > 0).tolist() == [True] * 4 + [True, False, False, False]


def test_reliability_and_variance_extracted_by_hand() -> None:
    frame = survey(10)

    found = confirmatory_factors(frame, scales_of(frame))

    first = found.loadings[:4]
    assert found.extracted[0] == pytest.approx((first**2).mean())
    assert found.reliability[0] == pytest.approx(
        first.sum() ** 2 / (first.sum() ** 2 + (1 - first**2).sum())
    )


def test_heterotrait_ratio_by_hand() -> None:
    r = np.array([[1, 0.5, 0.2, -0.4], [0.5, 1, 0.1, 0.3], [0.2, 0.1, 1, 0.8], [-0.4, 0.3, 0.8, 1]])
    scales = [[0, 1], [2, 3]]

    assert heterotrait_monotrait(r, scales)[0, 1] == pytest.approx(0.25 / math.sqrt(0.4))
    signed = heterotrait_monotrait(r, scales, absolute=False)
    assert signed[0, 1] == pytest.approx(0.05 / math.sqrt(0.4))
    geometric = heterotrait_monotrait(r, scales, geometric=True)
    assert geometric[0, 1] == pytest.approx((0.2 * 0.4 * 0.1 * 0.3) ** 0.25 / math.sqrt(0.4))


def test_unrelated_items_are_spherical_and_inadequate() -> None:
    assert sphericity(np.eye(3), respondents=100).p == 1.0
    assert np.isnan(sampling_adequacy(np.eye(3)).overall)


def test_inflation_is_that_of_a_regression_on_the_others() -> None:
    rows = survey(11).to_numpy()[:, :4]

    found = full_collinearity(rows)

    for column in range(4):
        others = np.column_stack([np.ones(len(rows)), np.delete(rows, column, axis=1)])
        residual = rows[:, column] - others @ np.linalg.lstsq(others, rows[:, column])[0]
        assert found[column] == pytest.approx(rows[:, column].var() / residual.var())


def test_one_component_carries_everything_where_items_are_the_same() -> None:
    assert single_factor_share(np.ones((4, 4))) == pytest.approx(1.0)
    assert single_factor_share(np.eye(4)) == 0.25


def test_marker_is_partialled_out() -> None:
    found = marker_adjusted(np.array([[1.0, 0.3], [0.3, 1.0]]), marker=0.2)

    assert found == pytest.approx(np.array([[1.0, 0.125], [0.125, 1.0]]))


def test_agreement_by_hand() -> None:
    # Variances .5 and 0 in group a: v = .25, s = 4, J = 2.
    found = agreement([[4, 5], [5, 5], [1, 7], [7, 1], [3, 3]], list("aabbc"), chance_variance=4)

    ratio = 0.25 / 4
    assert found.groups == ("a", "b", "c")
    assert found.sizes.tolist() == [2, 2, 1]
    james = [2 * (1 - ratio) / (2 * (1 - ratio) + ratio), 0, NAN]
    assert found.james == pytest.approx(james, nan_ok=True)
    assert found.lindell == pytest.approx([1 - ratio, 1 - 18 / 4, NAN], nan_ok=True)


def test_incomplete_members_do_not_count() -> None:
    found = agreement(np.array([[4, 5], [5, 5], [6, NAN]]), list("aaa"), chance_variance=4)

    assert found.sizes.tolist() == [2]


def test_variance_of_random_answers() -> None:
    assert [uniform_variance(points) for points in (5, 7)] == [2.0, 4.0]


def test_intraclass_correlation_agrees_with_an_analysis_of_variance() -> None:
    rng = np.random.default_rng(12)
    groups = [rng.normal(mean, 1, size) for mean, size in ((0, 5), (0.5, 8), (1, 6), (-0.5, 9))]

    found = intraclass_correlation(
        np.concatenate(groups), [str(i) for i, g in enumerate(groups) for _ in g]
    )

    test = f_oneway(*groups)
    assert (found.f, found.p) == pytest.approx((test.statistic, test.pvalue))
    assert (found.degrees_between, found.degrees_within) == (3, 24)
    assert found.mean == pytest.approx(1 - 1 / found.f)


def test_mixed_model_equals_analysis_of_variance_for_groups_of_one_size() -> None:
    rng = np.random.default_rng(13)
    scores = (rng.normal(0, 0.7, (30, 1)) + rng.normal(0, 1, (30, 6))).ravel()
    groups = np.repeat(np.arange(30), 6).tolist()

    single, mean = mixed_intraclass_correlation(scores, groups)

    found = intraclass_correlation(scores, groups)
    assert (single, mean) == pytest.approx((found.single, found.mean), abs=1e-6)


def test_mixed_model_has_no_negative_share() -> None:
    scores = [1, 9, 2, 8, 1.5, 8.5]

    assert mixed_intraclass_correlation(scores, list("aabbcc")) == (0.0, 0.0)
    assert intraclass_correlation(scores, list("aabbcc")).single < 0


def test_wrong_input_is_named() -> None:
    frame = survey(14, respondents=30)
    with pytest.raises(ShapeError, match="two items or more"):
        alpha([[1], [2]])
    with pytest.raises(ShapeError, match="three items or more"):
        omega([[1, 2], [2, 1]])
    with pytest.raises(OptionError, match="'pairwise' or 'listwise'"):
        item_table([[1, 2], [3, 4]], missing="none")  # type: ignore[arg-type]
    with pytest.raises(NoCasesError, match="at least two respondents"):
        item_table([[1, NAN], [NAN, 4]], missing="listwise")
    with pytest.raises(ConstantSetError, match="vary"):
        correlations([[1, 1], [1, 2]])
    with pytest.raises(ConstantSetError, match="singular"):
        full_collinearity([[1, 2], [2, 4], [3, 6]])
    with pytest.raises(ConstantSetError, match="singular"):
        sphericity(np.ones((2, 2)), respondents=10)
    with pytest.raises(ShapeError, match="two items or more"):
        heterotrait_monotrait(np.eye(2), [[0], [1]])
    with pytest.raises(OptionError, match="two points"):
        uniform_variance(1)
    with pytest.raises(OptionError, match="marker correlation"):
        marker_adjusted(np.eye(2), marker=1)
    with pytest.raises(ShapeError, match="group for each"):
        agreement([[1, 2]], ["a", "b"], chance_variance=4)
    with pytest.raises(NoCasesError, match="two complete members"):
        agreement([[1, 2]], ["a"], chance_variance=4)
    with pytest.raises(OptionError, match="chance variance"):
        agreement([[1, 2]], ["a"], chance_variance=0)
    with pytest.raises(NoCasesError, match="two groups"):
        intraclass_correlation([1, 2], ["a", "a"])
    with pytest.raises(UnknownNameError, match=r"found \['X'\]"):
        confirmatory_factors(frame, {"F": ["X"]})
    with pytest.raises(DuplicateNameError, match="each item once"):
        confirmatory_factors(frame, {"F": ["F0_0", "F0_1"], "G": ["F0_1", "F0_2"]})
    with pytest.raises(OptionError, match="too few items"):
        confirmatory_factors(frame, {"F": ["F0_0", "F0_1"]})
    with pytest.raises(OptionError, match="full_information"):
        confirmatory_factors(frame, {"F": ["F0_0"]}, missing="pairwise")  # type: ignore[arg-type]
    with pytest.raises(NoCasesError, match="more than 8 respondents"):
        confirmatory_factors(frame.head(8), {"F": list(frame.columns)})
