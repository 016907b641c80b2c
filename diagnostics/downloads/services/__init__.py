"""Asking for downloads, and making them."""
