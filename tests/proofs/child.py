"""Run one proof in a process and a database of its own; print its figures as JSON.

    python -m tests.proofs.child NAME quick|full

Reads DATABASE_URL like the product; the database named there is only used to make another one.
"""

import gc
import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import django

from tests.proofs.figures import Size


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make a database for this process and drop it afterwards."""
    from django.db import connection
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"rutin_proof_{os.getpid()}"
    connection.settings_dict["TEST"]["MIGRATE"] = False  # tables from the models, as they end up
    setup_test_environment(debug=False)
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


def main(name: str, size: str) -> None:
    """Run the proof; the last line printed is its figures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    gc.set_threshold(50_000, 20, 10)  # as tests/conftest.py: what is loaded stays
    gc.freeze()
    from tests.proofs.catalogue import PROOFS

    with scratch_database():
        figures = PROOFS[name].run(Size(size))
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    result = {
        "figures": [asdict(figure) for figure in figures],
        "processor_seconds": round(sum(one.ru_utime + one.ru_stime for one in used), 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
