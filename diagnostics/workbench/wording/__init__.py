"""Analyses and their checks in words."""
