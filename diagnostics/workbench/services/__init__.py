"""Asking for analyses, running them, keeping them."""
