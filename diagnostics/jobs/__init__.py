"""Long work: the worker, its leases, and what becomes of work that is given up."""
