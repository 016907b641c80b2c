"""Minimisation: from coded rows to solutions, and what counts as evidence on the way."""
