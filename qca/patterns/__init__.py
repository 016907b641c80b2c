"""Patterns: named combinations of elements, and what is said of a unit by them."""
