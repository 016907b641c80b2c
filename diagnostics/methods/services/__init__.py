"""Writing pattern sets and calibration rules."""
