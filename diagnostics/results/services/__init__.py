"""Scoring a release, noting actions, telling leaders."""
