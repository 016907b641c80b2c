"""Factor models of answers with gaps: lavaan's figures, a general optimiser, laws, bad input."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.stats import ncx2

from qca.errors import ConvergenceError, NoCasesError, OptionError
from qca.psychometrics import confirmatory_factors, invariance
from qca.psychometrics.factor_model import Gaps
from qca.psychometrics.factor_structure import starting_structure
from qca.psychometrics.fit_indices import fit_indices
from qca.psychometrics.missing_patterns import (
    MOST_PATTERNS,
    minus_two_log_likelihood,
    missing_patterns,
    saturated_moments,
)
from qca.psychometrics.pattern_likelihood import (
    Moments,
    expected_information,
    likelihood_slopes,
    stacked_patterns,
)

SCALES = {factor: [f"{factor}{item}" for item in (1, 2, 3, 4)] for factor in "FG"}
ITEMS = [item for items in SCALES.values() for item in items]
GROUPS = ["x", "y"] * 75

# Of answers_with_gaps() by R 4.2.2 with lavaan 0.7-2.3170, its optimiser's defaults:
#   m <- "F =~ F1+F2+F3+F4
#   G =~ G1+G2+G3+G4"
#   f <- cfa(m, d, std.lv = TRUE, missing = "fiml")
#   fitMeasures(f); standardizedSolution(f); lavInspect(f, "cor.lv")
#   d$g <- rep(c("x", "y"), 75)
#   cfa(m, d, std.lv = TRUE, missing = "fiml", group = "g",
#       group.equal = ...)  # "", "loadings", c("loadings", "intercepts")
LAVAAN = {
    "chi_square": 70.330030250, "degrees": 19, "p": 0.000000081, "cfi": 0.889802246,
    "tli": 0.837603309, "rmsea": 0.134203342, "srmr": 0.062723833, "parameters": 25,
    "log_likelihood": -1731.055675576, "respondents": 150,
}  # fmt: skip
LAVAAN_INTERVAL = (0.101507048, 0.168453853)
LAVAAN_LOADINGS = (0.760701, 0.880834, 0.716048, 0.745128, 0.727079, 0.740272, 0.671682, 0.681247)
LAVAAN_CORRELATION = 0.569028
# chi_square, degrees, cfi, tli, rmsea, its interval, srmr, log likelihood
LAVAAN_GROUPS = (
    (86.884672129, 38, 0.894424870, 0.844415597, 0.130967616, 0.094694259, 0.167472057,
     0.071516493, -1718.470226407),
    (94.525140554, 44, 0.890881987, 0.861122529, 0.123736206, 0.089278196, 0.158108809,
     0.082318282, -1722.290460620),
    (105.634518607, 50, 0.879847378, 0.865429063, 0.121802593, 0.089288077, 0.154167494,
     0.087028778, -1727.845149646),
)  # fmt: skip
# lavaan's own optimiser and its EM stop a little short of the optimum.
ABSOLUTE, RELATIVE = 2e-5, 2e-6


def close(expected: object) -> object:
    return pytest.approx(expected, abs=ABSOLUTE, rel=RELATIVE)


def answers_with_gaps() -> pd.DataFrame:
    """150 people, 67 of them complete, two factors and what F1 and G1 share beside them."""
    rng = np.random.default_rng(2025)
    common = rng.normal(size=(150, 1))
    factors = [0.6 * common + 0.8 * rng.normal(size=(150, 1)) for _ in range(2)]
    answers = np.hstack([factor * [0.9, 0.8, 0.7, 0.6] for factor in factors])
    answers = answers + 0.6 * rng.normal(size=(150, 8))
    answers[:, [0, 4]] += 0.9 * rng.normal(size=(150, 1))
    points = np.clip(np.round(4.5 + 1.4 * answers), 1, 7)
    points[rng.random(points.shape) < 0.1] = np.nan
    return pd.DataFrame(points, columns=ITEMS)


def test_full_information_gives_the_figures_of_lavaan() -> None:
    found = confirmatory_factors(answers_with_gaps(), SCALES, missing="full_information")

    figures = {name: getattr(found.fit, name) for name in LAVAAN}
    assert figures == close(LAVAAN)
    assert found.fit.rmsea_interval == close(LAVAAN_INTERVAL)
    assert found.loadings == close(LAVAAN_LOADINGS)
    assert found.correlations[1, 0] == close(LAVAAN_CORRELATION)


def test_invariance_by_full_information_gives_the_figures_of_lavaan() -> None:
    found = invariance(answers_with_gaps(), SCALES, GROUPS, missing="full_information")

    for fit, expected in zip(
        (found.configural, found.metric, found.scalar), LAVAAN_GROUPS, strict=True
    ):
        assert (
            fit.chi_square, fit.degrees, fit.cfi, fit.tli, fit.rmsea, *fit.rmsea_interval,
            fit.srmr, fit.log_likelihood,
        ) == close(expected)  # fmt: skip


def test_full_information_is_where_a_general_optimiser_ends() -> None:
    frame = answers_with_gaps()[SCALES["F"]].head(60)
    found = confirmatory_factors(frame, {"F": SCALES["F"]}, missing="full_information")
    people = [(np.flatnonzero(~np.isnan(row)), row[~np.isnan(row)]) for row in frame.to_numpy()]

    def casewise(numbers: np.ndarray) -> float:
        loadings, spreads, means = np.split(numbers, 3)
        covariance = np.outer(loadings, loadings) + np.diag(spreads**2)
        total = 0.0
        for seen, answers in people:
            own, difference = covariance[np.ix_(seen, seen)], answers - means[seen]
            total += len(seen) * math.log(2 * math.pi) + np.linalg.slogdet(own)[1]
            total += difference @ np.linalg.solve(own, difference)
        return total

    start = np.concatenate([np.ones(8), frame.mean().to_numpy()])
    best = minimize(casewise, start, method="BFGS", options={"gtol": 1e-3})
    assert -2 * found.fit.log_likelihood == pytest.approx(best.fun, abs=1e-5)
    assert found.structure.loadings == pytest.approx(best.x[:4], abs=1e-3)
    assert found.structure.uniquenesses == pytest.approx(best.x[4:8] ** 2, abs=2e-3)
    assert found.structure.intercepts == pytest.approx(best.x[8:], abs=1e-3)


def test_slopes_are_those_of_the_likelihood_by_small_steps() -> None:
    answers = missing_patterns(answers_with_gaps().to_numpy()[:, :3])
    at = Moments(np.array([4.0, 4.5, 4.2]), np.full((3, 3), 0.7) + np.diag([1.5, 1.0, 0.8]))

    found = likelihood_slopes(stacked_patterns(answers, 3), at)

    def value(numbers: np.ndarray) -> float:
        covariance = numbers[3:].reshape(3, 3)
        moved = Moments(numbers[:3], (covariance + covariance.T) / 2)
        return -minus_two_log_likelihood(answers, moved) / 2

    slope = approx_fprime(np.append(at.mean, at.covariance.ravel()), value, 1e-6)
    assert found.of_mean == pytest.approx(slope[:3], abs=1e-3)
    assert found.of_covariance.ravel() / 2 == pytest.approx(slope[3:], abs=1e-3)


def test_information_is_the_sum_over_patterns_of_the_formula() -> None:
    answers = missing_patterns(answers_with_gaps().to_numpy())
    structure = starting_structure(saturated_moments(answers, 8), np.repeat([0, 1], 4))
    moments, (of_mean, of_covariance) = structure.moments, structure.derivatives()

    found = expected_information(stacked_patterns(answers, 8), moments, of_mean, of_covariance)

    expected = np.zeros_like(found)
    for pattern in answers:
        rows, columns = np.ix_(pattern.items, pattern.items)
        weight = np.linalg.inv(moments.covariance[rows, columns])
        turned = weight @ of_covariance[:, rows, columns]
        expected += pattern.n / 2 * np.einsum("aij,bji->ab", turned, turned)
        means = of_mean[:, pattern.items]
        expected += pattern.n * means @ weight @ means.T
    assert found == pytest.approx(expected)


def test_moments_without_a_model_leave_the_likelihood_without_a_slope() -> None:
    answers = missing_patterns(answers_with_gaps().to_numpy())

    slopes = likelihood_slopes(stacked_patterns(answers, 8), saturated_moments(answers, 8))

    assert slopes.of_mean == pytest.approx(np.zeros(8), abs=1e-7)
    assert slopes.of_covariance == pytest.approx(np.zeros((8, 8)), abs=1e-7)


def test_more_patterns_than_are_worked_on_at_once_add_up() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(1500, 12))
    rows[rng.random(rows.shape) < 0.5] = np.nan
    answers, at = missing_patterns(rows), Moments(np.zeros(12), np.eye(12) + 0.2)
    assert len(answers) > 1024

    found = minus_two_log_likelihood(answers, at)

    assert found == pytest.approx(sum(minus_two_log_likelihood([one], at) for one in answers))


@pytest.mark.parametrize("chi_square", [5.0, 20.0, 70.0])
def test_ends_of_the_interval_put_the_statistic_at_its_percentiles(chi_square: float) -> None:
    same = Moments(np.zeros(8), np.eye(8))

    found = fit_indices(
        [chi_square, 0.0, 400.0], free=25, groups=[(same, same, 150)], with_means=True
    )

    low, high = (end**2 * found.degrees * 150 for end in found.rmsea_interval)
    below = [float(ncx2.cdf(chi_square, found.degrees, max(end, 1e-12))) for end in (low, high)]
    assert below[0] <= 0.95 + 1e-9 if low == 0 else below[0] == pytest.approx(0.95)
    assert below[1] <= 0.05 + 1e-9 if high == 0 else below[1] == pytest.approx(0.05)


def test_people_who_answered_nothing_change_nothing() -> None:
    frame = answers_with_gaps()
    empty = pd.DataFrame(math.nan, index=range(20), columns=ITEMS)

    found = confirmatory_factors(pd.concat([frame, empty]), SCALES, missing="full_information")

    assert found.fit == confirmatory_factors(frame, SCALES, missing="full_information").fit


def test_gaps_that_hang_on_another_answer_mislead_complete_answers_alone() -> None:
    rng = np.random.default_rng(4)
    factor = rng.normal(size=(4000, 1))
    rows = pd.DataFrame(factor + rng.normal(size=(4000, 4)), columns=SCALES["F"])
    rows.loc[rows["F1"] > 0, ["F3", "F4"]] = math.nan

    full = confirmatory_factors(rows, {"F": SCALES["F"]}, missing="full_information")
    complete = confirmatory_factors(rows, {"F": SCALES["F"]})

    assert full.structure.intercepts == pytest.approx(np.zeros(4), abs=0.15)
    assert full.loadings == pytest.approx(np.full(4, math.sqrt(0.5)), abs=0.05)
    assert complete.loadings[0] < 0.6
    assert complete.structure.intercepts.max() < -0.2


def test_what_cannot_be_fitted_is_named() -> None:
    apart = answers_with_gaps()[SCALES["F"]]
    apart.loc[::2, "F1"] = math.nan
    apart.loc[1::2, "F2"] = math.nan
    with pytest.raises(NoCasesError, match=r"together, found \['F1', 'F2'\] never"):
        confirmatory_factors(apart, {"F": SCALES["F"]}, missing="full_information")
    same = answers_with_gaps().assign(F2=lambda frame: frame["F1"])
    both: tuple[Gaps, ...] = ("listwise", "full_information")
    for gaps in both:
        with pytest.raises(ConvergenceError, match="expected items that are not sums of others"):
            confirmatory_factors(same, SCALES, missing=gaps)
    with pytest.raises(NoCasesError, match="more than 8 respondents, found 5"):
        confirmatory_factors(answers_with_gaps().head(5), SCALES, missing="full_information")
    bits = (np.arange(2**13)[:, np.newaxis] >> np.arange(13)) & 1
    with pytest.raises(OptionError, match=rf"at most {MOST_PATTERNS} patterns .+ found 8192"):
        missing_patterns(np.where(bits, 1.0, math.nan))


def test_a_likelihood_that_rises_along_a_ridge_without_end_is_given_up() -> None:
    # Six weak factors in eighty people: steps never grow, and no round would be the last.
    owner = np.repeat(np.arange(6), [5, 5, 4, 5, 4, 5])
    generator = np.random.default_rng(0)
    factors = generator.normal(size=(80, 1)) * 0.7 + generator.normal(size=(80, 6)) * 0.7
    answers = np.round(4.5 + 0.3 * factors[:, owner] + generator.normal(size=(80, 28)))
    answers = np.clip(answers, 1, 7)
    answers[generator.random(answers.shape) < 0.03] = np.nan
    names = [f"i{place}" for place in range(28)]
    scales = {
        str(scale): [names[at] for at in np.flatnonzero(owner == scale)] for scale in range(6)
    }

    with pytest.raises(
        ConvergenceError, match=r"expected an optimum, found -2 ln L .* still falling"
    ):
        confirmatory_factors(
            pd.DataFrame(answers, columns=names), scales, missing="full_information"
        )
