"""Reading pattern sets and calibration rules."""
