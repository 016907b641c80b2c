"""Store a database as this version leaves it half-way, for the upgrade tests of later ones.

python -m tests.upgrades store 0.2.0 [POSTGRES_URL]    # when a version is released
python -m tests.upgrades make FOLDER                   # what it calls, in a process of its own
python -m tests.upgrades go-on FOLDER                  # what the tests call
"""

import json
import os
import sys
from pathlib import Path

import django

KNOWN = "known.json"


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def main(step: str, *arguments: str) -> None:
    """Do what was asked for."""
    if step == "store":
        from tests.upgrades.dumps import store

        store(*arguments)
        return
    _set_up()
    from tests.upgrades import halfway

    known = Path(arguments[0]) / KNOWN
    if step == "make":
        known.write_text(json.dumps(halfway.make(), indent=1, sort_keys=True) + "\n")
    else:
        rows = halfway.rows_by_table()
        came = halfway.go_on(json.loads(known.read_text()))
        print(json.dumps({"rows": rows, **came}))


if __name__ == "__main__":
    main(*sys.argv[1:])
