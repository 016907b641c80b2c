"""Covers of a prime implicant chart, exactly: every smallest one, or every irredundant one."""
