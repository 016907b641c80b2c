"""Synthetic reference cases of the project itself."""
