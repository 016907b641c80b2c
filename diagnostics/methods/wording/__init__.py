"""Pattern sets and calibration rules in words."""
