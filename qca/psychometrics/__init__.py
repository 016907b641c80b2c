"""Psychometrics of questionnaires: reliability, factor analysis, validity, agreement."""

from qca.psychometrics.agreement import (
    Agreement,
    IntraclassCorrelation,
    agreement,
    intraclass_correlation,
    mixed_intraclass_correlation,
    uniform_variance,
)
from qca.psychometrics.correlations import correlations, covariances, item_table
from qca.psychometrics.factor_model import FactorModel, confirmatory_factors
from qca.psychometrics.fit_indices import FitIndices
from qca.psychometrics.invariance import Invariance, invariance
from qca.psychometrics.keying import NegativeItemWarning
from qca.psychometrics.omega import Omega, omega
from qca.psychometrics.reliability import (
    Alpha,
    ItemStatistics,
    alpha,
    item_statistics,
    scale_means,
)
from qca.psychometrics.validity import (
    SamplingAdequacy,
    Sphericity,
    full_collinearity,
    heterotrait_monotrait,
    marker_adjusted,
    sampling_adequacy,
    single_factor_share,
    sphericity,
)

__all__ = [
    "Agreement",
    "Alpha",
    "FactorModel",
    "FitIndices",
    "IntraclassCorrelation",
    "Invariance",
    "ItemStatistics",
    "NegativeItemWarning",
    "Omega",
    "SamplingAdequacy",
    "Sphericity",
    "agreement",
    "alpha",
    "confirmatory_factors",
    "correlations",
    "covariances",
    "full_collinearity",
    "heterotrait_monotrait",
    "intraclass_correlation",
    "invariance",
    "item_statistics",
    "item_table",
    "marker_adjusted",
    "mixed_intraclass_correlation",
    "omega",
    "sampling_adequacy",
    "scale_means",
    "single_factor_share",
    "sphericity",
    "uniform_variance",
]
