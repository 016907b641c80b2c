"""Attacks that put together what is told: figures with figures, rows with figures."""
