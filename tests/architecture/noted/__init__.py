"""Which services that write leave an entry in the ledger, and why others leave none."""
