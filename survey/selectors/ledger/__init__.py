"""The ledger as pages and files tell it."""
