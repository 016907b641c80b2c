"""Tests of the ledger: what stands in it, that it stays, and who reads it."""
