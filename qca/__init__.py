"""Fuzzy-set qualitative comparative analysis on numpy, pandas and scipy."""

from qca.bootstrap import (
    bootstrap_units,
    construct_scores,
    percentile_interval,
    unit_bootstrap,
    unit_seed,
)
from qca.calibration import (
    FS_QCA_IDM,
    IDM,
    at_crossover,
    calibrate_bell,
    calibrate_by_frequencies,
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    calibrate_linear,
    find_thresholds,
    percentile_anchors,
)
from qca.calibration.anchors import Anchors, anchor_shifts, calibrate_scores, scores_at
from qca.calibration.bell_anchors import BellAnchors
from qca.errors import QcaError
from qca.evidence.additive_rival import PlainSumContest, plain_sum_contest
from qca.evidence.chance import Lift, consistency_lift
from qca.evidence.mean_intervals import studentised_intervals, t_intervals
from qca.evidence.multiple_tests import holm
from qca.evidence.pattern_permutations import ChanceTest, permute_patterns
from qca.evidence.solution_permutations import SolvedAnew, permute_solution
from qca.evidence.split_sources import SplitSource, split_source
from qca.minimisation.analysis_rule import AnalysisRule, chosen_model, model_membership
from qca.minimisation.configurations import (
    Configuration,
    ConfigurationChart,
    Mark,
    configuration_chart,
)
from qca.minimisation.counterfactuals import CounterfactualPair, IntermediateSolution
from qca.minimisation.covers.chart_covers import Covers, irredundant_covers, minimal_covers
from qca.minimisation.enhanced import (
    UntenableRows,
    contradictory_assumptions,
    exclude_rows,
    necessity_contradictions,
    simultaneous_subsets,
    untenable_rows,
)
from qca.minimisation.expectations import DirectionalExpectations, read_expectations
from qca.minimisation.implicants import Implicants, prime_implicants, prime_implicants_within
from qca.minimisation.row_minimisation import (
    CoverRule,
    RowModels,
    conservative_models,
    parsimonious_models,
)
from qca.minimisation.solutions import ModelFit, Solution, TermFit
from qca.minimisation.three_solutions import minimise
from qca.necessary_conditions.bottleneck_levels import BottleneckTable, bottleneck_table
from qca.necessary_conditions.ceiling_permutations import (
    CeilingPermutation,
    PermutedEffect,
    ceiling_permutation,
)
from qca.necessary_conditions.ceilings import Ceiling, CeilingAnalysis, Peer, ceiling_analysis
from qca.necessary_conditions.scopes import Corner, Scope
from qca.necessary_conditions.search import Combination, find_combinations
from qca.patterns.admissible_sets import Reading, admissible_sets
from qca.patterns.alignment import Alignment, alignment
from qca.patterns.borderline import judge_with_borderline
from qca.patterns.calibration_warnings import dominating_pattern, skewed_sets
from qca.patterns.evidence import PatternEvidence, SetEvidence, pattern_evidence
from qca.patterns.judging import judge
from qca.patterns.levers import Lever, best_without, levers
from qca.patterns.leximin import rank_patterns
from qca.patterns.name_agreement import NameAgreement, name_agreement
from qca.patterns.named_patterns import Pattern, pattern_memberships
from qca.patterns.shortfalls import bottlenecks, compensations, distances
from qca.patterns.support import (
    BetweenUnits,
    Finding,
    PatternSupport,
    SupportPolicy,
    between_units,
    finding_of,
    pattern_support,
)
from qca.patterns.sure_advice import SureBottleneck, SureLever, sure_bottlenecks, sure_levers
from qca.patterns.sure_verdicts import Possibility, SureVerdict, sure_verdict
from qca.patterns.sureness import Sureness, SurenessPolicy
from qca.patterns.term_matching import TermMatch, match_terms
from qca.patterns.verdicts import Level, Verdict, VerdictKind, VerdictPolicy, stability
from qca.planning.expected_verdicts import ExpectedVerdicts, expected_verdicts
from qca.planning.visible_changes import smallest_visible_change
from qca.pooling.pooled_draws import PooledDraws
from qca.pooling.pooled_units import PooledUnits, pool_units
from qca.robustness.other_solutions import (
    CaseKind,
    CaseRobustness,
    RobustnessFit,
    case_robustness,
    robustness_fit,
)
from qca.robustness.sensitivity import (
    SensitivityRange,
    anchor_ranges,
    cut_range,
    frequency_range,
    solve_cuts,
)
from qca.robustness.solution_draws import (
    HalfSplit,
    SolutionBootstrap,
    SolutionPermutation,
    bootstrap_solution,
    half_split,
    permute_outcome,
)
from qca.sets.clusters import ClusterFit, ClusterShares, cluster_fit
from qca.sets.coincidence import set_coincidence
from qca.sets.expression_rows import holds
from qca.sets.expressions import Expression, Literal, absorb, evaluate, negate, parse
from qca.sets.fit import (
    NecessityFit,
    SufficiencyFit,
    TermsFit,
    expression_necessity,
    expression_sufficiency,
    necessity,
    sufficiency,
    sufficiency_of_terms,
)
from qca.sets.memberships import (
    configuration_memberships,
    fuzzy_and,
    fuzzy_not,
    fuzzy_or,
    implicant_membership,
)
from qca.sets.simplification import implies, simplify
from qca.truth_tables.printing import sorted_rows, truth_table_text
from qca.truth_tables.row_coding import Cuts
from qca.truth_tables.truth_table import TruthTable, truth_table

__all__ = [
    "FS_QCA_IDM",
    "IDM",
    "Alignment",
    "AnalysisRule",
    "Anchors",
    "BellAnchors",
    "BetweenUnits",
    "BottleneckTable",
    "CaseKind",
    "CaseRobustness",
    "Ceiling",
    "CeilingAnalysis",
    "CeilingPermutation",
    "ChanceTest",
    "ClusterFit",
    "ClusterShares",
    "Combination",
    "Configuration",
    "ConfigurationChart",
    "Corner",
    "CounterfactualPair",
    "CoverRule",
    "Covers",
    "Cuts",
    "DirectionalExpectations",
    "ExpectedVerdicts",
    "Expression",
    "Finding",
    "HalfSplit",
    "Implicants",
    "IntermediateSolution",
    "Level",
    "Lever",
    "Lift",
    "Literal",
    "Mark",
    "ModelFit",
    "NameAgreement",
    "NecessityFit",
    "Pattern",
    "PatternEvidence",
    "PatternSupport",
    "Peer",
    "PermutedEffect",
    "PlainSumContest",
    "PooledDraws",
    "PooledUnits",
    "Possibility",
    "QcaError",
    "Reading",
    "RobustnessFit",
    "RowModels",
    "Scope",
    "SensitivityRange",
    "SetEvidence",
    "Solution",
    "SolutionBootstrap",
    "SolutionPermutation",
    "SolvedAnew",
    "SplitSource",
    "SufficiencyFit",
    "SupportPolicy",
    "SureBottleneck",
    "SureLever",
    "SureVerdict",
    "Sureness",
    "SurenessPolicy",
    "TermFit",
    "TermMatch",
    "TermsFit",
    "TruthTable",
    "UntenableRows",
    "Verdict",
    "VerdictKind",
    "VerdictPolicy",
    "absorb",
    "admissible_sets",
    "alignment",
    "anchor_ranges",
    "anchor_shifts",
    "at_crossover",
    "best_without",
    "between_units",
    "bootstrap_solution",
    "bootstrap_units",
    "bottleneck_table",
    "bottlenecks",
    "calibrate_bell",
    "calibrate_by_frequencies",
    "calibrate_crisp",
    "calibrate_direct",
    "calibrate_indirect",
    "calibrate_linear",
    "calibrate_scores",
    "case_robustness",
    "ceiling_analysis",
    "ceiling_permutation",
    "chosen_model",
    "cluster_fit",
    "compensations",
    "configuration_chart",
    "configuration_memberships",
    "conservative_models",
    "consistency_lift",
    "construct_scores",
    "contradictory_assumptions",
    "cut_range",
    "distances",
    "dominating_pattern",
    "evaluate",
    "exclude_rows",
    "expected_verdicts",
    "expression_necessity",
    "expression_sufficiency",
    "find_combinations",
    "find_thresholds",
    "finding_of",
    "frequency_range",
    "fuzzy_and",
    "fuzzy_not",
    "fuzzy_or",
    "half_split",
    "holds",
    "holm",
    "implicant_membership",
    "implies",
    "irredundant_covers",
    "judge",
    "judge_with_borderline",
    "levers",
    "match_terms",
    "minimal_covers",
    "minimise",
    "model_membership",
    "name_agreement",
    "necessity",
    "necessity_contradictions",
    "negate",
    "parse",
    "parsimonious_models",
    "pattern_evidence",
    "pattern_memberships",
    "pattern_support",
    "percentile_anchors",
    "percentile_interval",
    "permute_outcome",
    "permute_patterns",
    "permute_solution",
    "plain_sum_contest",
    "pool_units",
    "prime_implicants",
    "prime_implicants_within",
    "rank_patterns",
    "read_expectations",
    "robustness_fit",
    "scores_at",
    "set_coincidence",
    "simplify",
    "simultaneous_subsets",
    "skewed_sets",
    "smallest_visible_change",
    "solve_cuts",
    "sorted_rows",
    "split_source",
    "stability",
    "studentised_intervals",
    "sufficiency",
    "sufficiency_of_terms",
    "sure_bottlenecks",
    "sure_levers",
    "sure_verdict",
    "t_intervals",
    "truth_table",
    "truth_table_text",
    "unit_bootstrap",
    "unit_seed",
    "untenable_rows",
]
