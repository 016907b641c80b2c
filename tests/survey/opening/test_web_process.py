"""Whatever serves pages opens no ballot, whatever its account may read."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from pytest_django import Settings

from survey.errors import WebProcessError
from survey.models import Campaign, Membership, Role, User
from survey.sealing import key_files, keys
from survey.selectors.key_alarms import readable_key_folders
from tests.places import ROOT
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import organisation_with_manager

pytestmark = pytest.mark.django_db

ASKING: dict[str, Callable[[Campaign], object]] = {
    "private": lambda campaign: keys.load_private_key(campaign.pk),
    "token": lambda campaign: keys.load_token_key(campaign.pk),
    "proof": lambda campaign: keys.prove(campaign.key),
    "wrap": lambda campaign: keys.wrap_private_key(campaign.key),
    "make": lambda campaign: key_files.ensure(campaign.pk),
    "destroy": lambda campaign: key_files.destroy(campaign.pk),
}


def ask(request: HttpRequest, how: str) -> HttpResponse:
    """Ask for a key in the middle of a request, as a careless view would."""
    return HttpResponse(str(ASKING[how](Campaign.objects.get())))


urlpatterns = [path("ask/<str:how>/", ask)]


@pytest.fixture(autouse=True)
def key_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.KEY_DIR = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.mark.parametrize("how", ASKING)
@override_settings(ROOT_URLCONF=__name__)
def test_no_view_gets_a_key_in_whichever_process_it_runs(how: str) -> None:
    campaign = open_small_campaign(invitations=0).campaign
    client = Client()
    client.force_login(organisation_with_manager("Other", "other@example.com")[1])

    with pytest.raises(WebProcessError, match="found the process that serves pages"):
        client.get(f"/ask/{how}/")

    assert len(keys.load_private_key(campaign.pk)) == 32  # afterwards, outside of a request


def run(program: str, folder: Path, **chosen: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "diagnostics.settings",
        "DEBUG": "0",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "SITE_URL": "https://rutin.example.com",
        "DATABASE_URL": "sqlite:///:memory:",
        "KEY_DIR": str(folder / "keys"),
        "KEY_COPY_DIR": str(folder / "copies"),
        "VAR_DIR": str(folder / "var"),
        "PYTHONDONTWRITEBYTECODE": "1",
        **chosen,
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_process_of_the_web_server_reads_no_key_outside_of_requests_either(
    tmp_path: Path,
) -> None:
    done = run(
        "import diagnostics.wsgi\n"
        "from uuid import UUID\n"
        "from survey.errors import WebProcessError\n"
        "from survey.sealing import key_files\n"
        "try:\n"
        "    key_files.find(UUID(int=1))\n"
        "except WebProcessError:\n"
        "    print('refused')\n",
        tmp_path,
    )

    assert (done.stdout, done.returncode) == ("refused\n", 0), done.stderr


def test_the_start_of_the_web_server_tells_that_its_account_can_read_the_keys(
    tmp_path: Path,
) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)

    done = run("import diagnostics.wsgi", tmp_path)

    told = (
        "KEY_DIR can be read by the account of the web server: expected one of its own, which "
        "cannot. See docs/web-server.md."
    )
    assert [line for line in done.stderr.splitlines() if "KEY" in line] == [told]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_an_account_that_cannot_read_the_keys_is_told_nothing() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        keys_of_the_worker = Path(folder, "keys")
        keys_of_the_worker.mkdir(mode=0o755)  # forgotten; its files are the worker's all the same
        (keys_of_the_worker / "1.key").touch(mode=0o600)
        asking = (
            "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "from survey.selectors.key_alarms import readable_key_folders\n"
            "print(readable_key_folders())\n"
        )
        program = f"import django; django.setup()\n{asking}"

        before = run(program, Path(folder)).stdout
        (keys_of_the_worker / "1.key").chmod(0o644)
        after = run(program, Path(folder)).stdout

    assert (before, after) == ("()\n", "('KEY_DIR',)\n")


def test_nothing_is_told_where_one_account_runs_both_on_purpose(
    key_dir: Path, settings: Settings
) -> None:
    key_dir.mkdir(mode=0o700)
    settings.KEYS_ARE_APART = True
    told = readable_key_folders()
    settings.KEYS_ARE_APART = False

    assert (told, readable_key_folders()) == (("KEY_DIR",), ())


@pytest.mark.parametrize("role", Role)
def test_administrators_read_on_their_overview_that_the_keys_are_open(
    client: Client, key_dir: Path, settings: Settings, role: Role
) -> None:
    key_dir.mkdir(mode=0o700)
    settings.KEYS_ARE_APART = True
    organisation = organisation_with_manager()[0]
    user = User.objects.create_user(f"{role}@example.com", name="Kim")
    Membership.objects.create(organisation=organisation, user=user, role=role)
    client.force_login(user)

    page = client.get("/").content.decode()

    told = "read the keys in the folder that the setting KEY_DIR names" in page
    assert told == (role == Role.ADMINISTRATOR)


def test_reports_are_the_worker_s_alone_unless_a_group_shares_them(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import storages\n"
        "reports = storages['reports']\n"
        "path = reports.path(reports.save('report.pdf', ContentFile(b'report')))\n"
        "import os; print(oct(os.stat(path).st_mode & 0o777))\n"
    )

    alone = run(program, tmp_path).stdout
    shared = run(program, tmp_path / "shared", REPORTS_FOR_GROUP="1").stdout

    assert (alone, shared) == ("0o600\n", "0o640\n")
