"""Necessary conditions: what is there whenever the outcome is."""
