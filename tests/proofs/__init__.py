"""Attacks on the product's anonymity, as proofs with figures: `make prove` runs them all."""
