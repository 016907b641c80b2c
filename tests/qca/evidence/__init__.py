"""Tests of the evidence for patterns and solutions."""
