"""Accounts: who leads which unit, and who has roles that exclude each other."""
