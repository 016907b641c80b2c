"""Scores of units that are alike, drawn towards each other as far as their likeness goes."""
