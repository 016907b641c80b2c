"""Benchmarks of the qca package and of the release plan, each a module to run."""

import os

# Waiting BLAS threads count as CPU time; one thread, and the numbers are work done.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
