"""Measure answering and mailing on a real installation, on PostgreSQL and on SQLite.

Run: make bench NAME=survey (writes bench/survey.md). The load comes from the same machine.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from bench.respondents import Measured, Visitor, open_loop
from bench.timing import write_table

ROOT = Path(__file__).resolve().parent.parent
INVITED = 3_000
SECONDS_OF_LOAD = 20
RATES = (25, 50)  # requests a second
SITE = 200  # respondents behind one address
SITE_SECONDS = 60  # in place of ten minutes
MAILS = 10_000


def main() -> None:
    """Measure each database in a process of its own and write the table."""
    if "--inside" in sys.argv:
        print(json.dumps(measure()))
        return
    write_results({"SQLite": _measured({}), **_postgres()})


def write_results(found: dict[str, dict[str, str]]) -> None:
    """Write the table, a column a database."""
    names = list(dict.fromkeys(name for column in found.values() for name in column))
    rows = [(name, *(column.get(name, "-") for column in found.values())) for name in names]
    write_table(
        "survey",
        "Answering and mailing",
        ["What", *found],
        rows,
        f"gunicorn with 2 processes of 4 threads; load and server share {os.cpu_count()} cores. "
        "Requests come in an open loop, each timed from the moment it was due. Aim: autosave and "
        f"submit within 50 ms at 50 a second (p95) on PostgreSQL. At the end the machine's load "
        f"average was {os.getloadavg()[0]:.1f}: where that is far above {os.cpu_count()}, other "
        "work ran at the same time, and only the counts say something about this program.",
    )


def measure() -> dict[str, str]:
    """Measure the database that the environment names."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return {**_answering(), **_mailing()}


def _answering() -> dict[str, str]:
    from diagnostics.project.processes import ProcessGroup, web_server_command
    from survey.views.respondent.access import cookie_name
    from tests.survey.small_campaign import open_small_campaign

    small = open_small_campaign(invitations=INVITED)
    port = int(os.environ["BENCH_PORT"])
    visitors = [Visitor.holding(port, cookie_name(), token) for token in small.tokens]
    items = [item.code for _, item in small.instrument.items()]
    with ProcessGroup([web_server_command(port)], ROOT) as processes:
        if not processes.wait_until_answering(port):
            raise SystemExit("The web server did not start.")
        for visitor in visitors[:50]:
            visitor.get("/answer/1/")  # both processes have loaded everything
        found = _pages(visitors)
        first = 0
        for rate in RATES:
            count = rate * SECONDS_OF_LOAD
            chosen = visitors[first : first + count]
            first += count
            found |= _saving(chosen, items, rate, processes.processes[0].pid)
        found |= _site(visitors[first : first + SITE], items)
    return found


def _pages(visitors: list[Visitor]) -> dict[str, str]:
    requests = [lambda v=v: v.get("/answer/1/") for v in visitors[: 10 * SECONDS_OF_LOAD]]
    measured = open_loop(requests, per_second=10)
    return {"answering page, 10 a second, p50 / p95": _shown(measured, {200})}


def _saving(visitors: list[Visitor], items: list[str], rate: int, server: int) -> dict[str, str]:
    saves = [
        lambda v=v, n=n: v.post("/answer/save/", {items[n % len(items)]: n % 7 + 1})
        for n, v in enumerate(visitors)
    ]
    whole = {code: number % 7 + 1 for number, code in enumerate(items)}
    submits = [lambda v=v: v.post("/answer/submit/", whole) for v in visitors]
    work = [_cpu_seconds(server)]
    saved = open_loop(saves, per_second=rate)
    work.append(_cpu_seconds(server))
    submitted = open_loop(submits, per_second=rate)
    work.append(_cpu_seconds(server))
    saving, submitting = ((work[n + 1] - work[n]) / len(visitors) * 1000 for n in (0, 1))
    return {
        f"autosave, {rate} a second, p50 / p95": _shown(saved, {204}),
        f"submit, {rate} a second, p50 / p95": _shown(submitted, {302}),
        f"CPU of the web server for one of each, {rate} a second": (
            f"{saving:.1f} / {submitting:.1f} ms"
        ),
    }


def _site(visitors: list[Visitor], items: list[str]) -> dict[str, str]:
    def come(visitor: Visitor) -> int:
        wanted = [302, 200, 200, 204, 302, 200]
        whole = dict.fromkeys(items, 4)
        steps = [
            visitor.get(f"/s/{visitor.token}"),
            visitor.get("/answer/"),
            visitor.get("/answer/1/"),
            visitor.post("/answer/save/", {items[0]: 4}),
            visitor.post("/answer/submit/", whole),
            visitor.get("/answer/thanks/"),
        ]
        wrong = [status for status, right in zip(steps, wanted, strict=True) if status != right]
        return wrong[0] if wrong else 200

    requests = [lambda v=v: come(v) for v in visitors]
    measured = open_loop(requests, per_second=len(visitors) / SITE_SECONDS)
    refused = len(visitors) - measured.statuses[200]
    name = f"{len(visitors)} respondents from one address, ten minutes in {SITE_SECONDS} s: refused"
    return {name: str(refused)}


def _mailing() -> dict[str, str]:
    from survey.models import Message
    from tests.survey.mail.mail_server import mail_server
    from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv

    with mail_server() as server:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        organisation, _manager = organisation_with_manager()
        people = people_csv(north=MAILS // 2, workshop=MAILS - MAILS // 2)
        begun = time.perf_counter()
        open_campaign_of(organisation, people=people)
        queued = time.perf_counter() - begun
        begun = time.perf_counter()
        command = [sys.executable, "manage.py", "work", "--until-idle", "--interval", "0.1"]
        subprocess.run(command, cwd=ROOT, check=True, timeout=1800)  # noqa: S603 - our own command
        sent = time.perf_counter() - begun
        invited = [m for m in server.recipients() if m.split("-")[0] in {"n1", "n2"}]
    waiting = Message.objects.exclude(state="sent").count()
    twice = len(invited) - len(set(invited))
    return {
        f"{MAILS:,} people imported, launched and queued": f"{queued:.0f} s",
        f"{MAILS:,} invitations delivered to a local server": f"{sent:.0f} s",
        "delivered / twice / left": f"{len(set(invited)):,} / {twice} / {waiting}",
    }


def _cpu_seconds(group: int) -> float:
    """Return the CPU time so far of the web server's processes."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # has just ended
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _shown(measured: Measured, wanted: set[int]) -> str:
    failed = sum(n for status, n in measured.statuses.items() if status not in wanted)
    text = f"{measured.percentile(0.5) * 1000:.0f} / {measured.percentile(0.95) * 1000:.0f} ms"
    return f"{text}, {failed} failed" if failed else text


def _postgres() -> dict[str, Any]:
    """Measure PostgreSQL in a database made for it, where a server is to be had."""
    import psycopg
    from psycopg import sql

    done = subprocess.run(
        [".ci/postgres-url"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {}
    address = done.stdout.strip()
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            return {
                "PostgreSQL": _measured(
                    {"DATABASE_URL": urlsplit(address)._replace(path=f"/{name}").geturl()}
                )
            }
        finally:
            connection.execute(
                sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            )


def _measured(changes: dict[str, str]) -> dict[str, str]:
    with TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            **{k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DEBUG"}},
            "DJANGO_SETTINGS_MODULE": "diagnostics.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "SITE_URL": f"http://localhost:{port}",
            "VAR_DIR": f"{folder}/var",
            "KEY_DIR": f"{folder}/keys",
            "BENCH_PORT": str(port),
            "LOG_LEVEL": "ERROR",
            **changes,
        }
        command = [sys.executable, "-m", "bench.survey", "--inside"]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
