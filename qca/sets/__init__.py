"""Fuzzy sets: expressions, memberships, and how well one set fits another."""
