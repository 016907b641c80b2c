"""What a campaign is scored with: pattern sets and calibration rules."""
