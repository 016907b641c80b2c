"""Proof 7: once the answers' time is over, no file, column, free page or address has them.

Everything that is made of answers is made, and the rows of people who answered every statement are
looked for in each form that the product writes, before the deletion, when the search must find
them, and after it.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from diagnostics.downloads.services.downloads import make_download, request_download
from diagnostics.jobs.schedule import run_due_work
from diagnostics.measurement.services import request_study, run_study
from diagnostics.models import (
    Analysis,
    AnalysisCheck,
    AnalysisFile,
    Download,
    UploadedMatrix,
)
from diagnostics.workbench.services.analyses import read_upload, store_matrix
from diagnostics.workbench.services.checks import request_check, run_check
from diagnostics.workbench.services.files import make_file, request_file
from survey.models import Membership, Role, RowFile, User
from survey.services.retention.deletion import kept_until
from tests.diagnostics.answered_campaign import AnsweredCampaign, answered_campaign
from tests.diagnostics.askers import somebody
from tests.proofs.crawl import OK, Output, crawl, every_address
from tests.proofs.figures import Figure, Size, at_least, exactly
from tests.proofs.planted_rows import Planted, planted_rows
from tests.proofs.storage.stolen_files import stolen_tables
from tests.survey.database_dump import dump

ADDRESSES = ("/results/", "/workbench/", "/api/", "/campaigns/")  # where something of answers is
# Ends of names of the files in which each planted row lies as the product writes it.
FORMS = (".csv", ".xlsx", ".sav")
UPLOADED = b"case,A,B\none,0.1,0.9\ntwo,0.8,0.3\n"  # brought from elsewhere, and nobody's answers
Places = dict[str, Mapping[str, bytes]]


def measure(size: Size) -> list[Figure]:
    """Make all that can be made, look for rows, let the time pass, and look again."""
    foreign = frozenset(_files())  # of tests that ran before in the same process
    scene = answered_campaign(seed=7)
    _make_everything(scene)
    readers = _readers(scene, size)
    planted = planted_rows(scene.campaign)
    addresses = [one for one in every_address() if one.startswith(ADDRESSES)]
    paths = list(RowFile.objects.values_list("path", flat=True))
    before = _places(readers, addresses, foreign)
    figures = _found_before(planted, before)
    _let_time_pass(scene)
    after = _places(readers, addresses, foreign)
    return [
        *figures,
        *(
            exactly(f"after: people and scores of cases found in {place}",
                    sum(planted.found_in(contents)), 0)
            for place, contents in after.items()
        ),
        exactly(f"after: of {len(paths)} files made of answers, there or registered",
                sum(path in after["files"] for path in paths) + RowFile.objects.count(), 0),
        exactly("after: their paths in columns or at an address", _named(paths, after), 0),
        at_least("after: files and results of released figures that are still there",
                 len(set(after["files"]) & set(before["files"])), 1),
        exactly("after: tables uploaded from elsewhere", UploadedMatrix.objects.count(), 1),
    ]  # fmt: skip


def _make_everything(scene: AnsweredCampaign) -> None:
    """Have every file and every result made that rests on answers or stands beside them."""
    for kind in Download.Kind.values:
        asked = request_download(assessment=scene.assessment, kind=kind, by=somebody())
        make_download(download_id=asked.pk)
    matrix, _ = read_upload(
        organisation=scene.campaign.organisation, by=scene.analyst, name="elsewhere.csv",
        content=UPLOADED, includes_hidden=False,
    )  # fmt: skip
    store_matrix(matrix)
    analysis = scene.analysis()
    for kind in AnalysisCheck.Kind.values:
        check = request_check(analysis=analysis, kind=kind, by=scene.analyst)
        run_check(check_id=check.pk, run=check.run)
    for kind in AnalysisFile.Kind.values:
        file = request_file(analysis=analysis, kind=kind, language="en", by=scene.analyst)
        make_file(file_id=file.pk, run=file.run)
    study = request_study(campaign=scene.campaign, by=scene.analyst)
    run_study(study_id=study.pk, run=study.run)
    unmade = [
        f"{one._meta.model_name} {one.kind}"
        for model in (Download, AnalysisCheck, AnalysisFile)
        for one in model._default_manager.exclude(state="done")
    ]
    if unmade or Analysis.objects.exclude(state="done").exists():
        raise AssertionError(f"Retention: expected every file to be made, found without: {unmade}")


def _readers(scene: AnsweredCampaign, size: Size) -> tuple[Client, ...]:
    """Return the browsers of the analyst and, at full size, of each other role and of nobody."""
    clients = [scene.client()]
    if size is Size.QUICK:
        return tuple(clients)
    clients.append(Client())
    for role in (Role.EXECUTIVE, Role.MANAGER, Role.COUNCIL, Role.ADMINISTRATOR):
        user = User.objects.create_user(f"{role}@proof.example")
        Membership.objects.create(organisation=scene.campaign.organisation, user=user, role=role)
        clients.append(Client())
        clients[-1].force_login(user)
    return tuple(clients)


def _let_time_pass(scene: AnsweredCampaign) -> None:
    """Do what a worker does on the day on which the answers' time is over."""
    scene.campaign.refresh_from_db()
    end = kept_until(scene.campaign)
    Session.objects.update(expire_date=end + timedelta(days=1))  # they sign in that day
    run_due_work(end)
    run_due_work(end + timedelta(minutes=1))


def _files() -> dict[str, Path]:
    """Return every file of reports and downloads by its name within their folder."""
    folder = Path(settings.REPORT_DIR)
    return {
        str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _places(readers: Iterable[Client], addresses: list[str], foreign: frozenset[str]) -> Places:
    """Return everything in which rows could lie, by place and name."""
    served = {
        f"{number} {address}": output.content
        for number, reader in enumerate(readers)
        for address, output in _read(reader, addresses).items()
        if output.status == OK
    }
    return {
        "files": {
            name: path.read_bytes() for name, path in _files().items() if name not in foreign
        },
        "columns of the database": {
            table: b"\n".join(_as_bytes(cell) for row in rows for cell in row)
            for table, rows in dump(connection).items()
        },
        "files of the database": {
            str(number): content for number, content in enumerate(stolen_tables())
        },
        "what addresses serve": served,
    }


def _read(reader: Client, addresses: list[str]) -> dict[str, Output]:
    return crawl(reader, addresses, follows_links=False)


def _as_bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()


def _found_before(planted: Planted, places: Places) -> list[Figure]:
    """Return that each place has everybody, and each kind of file, while they are kept."""
    people = len(planted.people)
    return [
        *(
            at_least(f"before: of {people} people planted, found in {place}",
                     planted.found_in(contents)[0], max(people, 1))
            for place, contents in places.items()
        ),
        *(
            at_least(f"before: of {people} people planted, found as {form}",
                     planted.found_in(places["files"], form)[0], max(people, 1))
            for form in FORMS
        ),
        at_least("before: scores of cases found in columns of the database",
                 planted.found_in(places["columns of the database"])[1], 1),
    ]  # fmt: skip


def _named(paths: list[str], places: Places) -> int:
    """Return how often a file that is gone is still named.

    PostgreSQL's dead rows may name one for a while, which tells nothing of what was in it.
    """
    return sum(
        path.encode() in content
        for place in ("columns of the database", "what addresses serve")
        for content in places[place].values()
        for path in paths
    )
