"""Robustness of solutions: other cuts, other anchors, other cases."""
