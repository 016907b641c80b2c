"""Forms of pattern sets and calibration rules."""
