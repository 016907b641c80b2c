"""Rutin: project settings and the topmost app (patterns, scoring, pages, reports)."""

__version__ = "0.2.0"
