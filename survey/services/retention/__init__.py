"""Deletion: of answers, of what was made of them, and of their traces."""
