"""Pages of pattern sets and calibration rules."""
