"""Calibration: raw scores into set memberships."""

from qca.calibration.bell import calibrate_bell
from qca.calibration.crisp import calibrate_crisp
from qca.calibration.direct import FS_QCA_IDM, IDM, calibrate_direct
from qca.calibration.frequencies import calibrate_by_frequencies
from qca.calibration.indirect import calibrate_indirect
from qca.calibration.percentiles import at_crossover, percentile_anchors
from qca.calibration.stretches import calibrate_linear
from qca.calibration.thresholds import find_thresholds

__all__ = [
    "FS_QCA_IDM",
    "IDM",
    "at_crossover",
    "calibrate_bell",
    "calibrate_by_frequencies",
    "calibrate_crisp",
    "calibrate_direct",
    "calibrate_indirect",
    "calibrate_linear",
    "find_thresholds",
    "percentile_anchors",
]
