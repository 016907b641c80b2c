"""Outside development a campaign is launched with two copies of its key, or under a passphrase."""

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from survey.errors import ChecklistError
from survey.models import Campaign, CampaignKey, CampaignState, Who
from survey.selectors.launch.checklist import launch_checklist
from survey.services.opening.passphrases import set_passphrase
from survey.services.running.launching import launch_campaign, prepare_keys
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
NO_COPY = (
    "There is no second copy of the key. Ask whoever looks after the server to set "
    "KEY_COPY_DIR, or have the works council set a passphrase, which you choose under "
    "“Privacy and legal notice”."
)
NOT_WHOLE = (
    "The folder that the setting KEY_COPY_DIR names has no whole copy of the key. Ask whoever "
    "looks after the server to make it usable; the background worker then writes the copy within "
    "an hour."
)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Settings) -> None:
    settings.KEY_DIR, settings.KEY_COPY_DIR = tmp_path / "keys", ""
    settings.KEY_COPY_IS_REQUIRED = True


@pytest.fixture
def campaign() -> Campaign:
    campaign = draft_campaign(organisation_with_manager()[0])
    prepare_keys(campaign_id=campaign.pk)
    return campaign


def lacking(campaign: Campaign) -> list[tuple[str, str]]:
    campaign.refresh_from_db()
    checks = launch_checklist(campaign, now=timezone.now())
    return [(check.code, check.detail) for check in checks if not check.passed]


def test_without_a_second_folder_a_launch_is_refused_and_told_who_can_mend_it(
    campaign: Campaign,
) -> None:
    assert lacking(campaign) == [("canary", NO_COPY)]
    with pytest.raises(ChecklistError, match="Ballot box: There is no second copy"):
        launch_campaign(campaign=campaign, by=Who.WORKER)
    assert Campaign.objects.get().state == CampaignState.DRAFT


def test_a_folder_that_is_set_later_gets_the_copy_of_a_draft_and_the_launch_follows(
    campaign: Campaign, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_COPY_DIR = str(tmp_path / "copies")

    launch_campaign(campaign=campaign, by=Who.WORKER)

    file = f"{campaign.pk}.key"
    assert (tmp_path / "copies" / file).read_bytes() == (tmp_path / "keys" / file).read_bytes()
    assert (Campaign.objects.get().state, CampaignKey.objects.get().lacking_folder) == ("open", "")


@pytest.mark.parametrize("content", [None, b"half", bytes(64)])
def test_a_copy_that_is_not_there_or_not_whole_is_no_copy(
    campaign: Campaign, settings: Settings, tmp_path: Path, content: bytes | None
) -> None:
    settings.KEY_COPY_DIR = str(tmp_path / "copies")
    if content is None:
        (tmp_path / "copies").touch()  # a folder that cannot be made
    else:
        (tmp_path / "copies").mkdir()
        (tmp_path / "copies" / f"{campaign.pk}.key").write_bytes(content)

    prepare_keys(campaign_id=campaign.pk)

    assert lacking(campaign) == [("canary", NOT_WHOLE)]
    with pytest.raises(ChecklistError, match="no whole copy of the key"):
        launch_campaign(campaign=campaign, by=Who.WORKER)


def test_a_passphrase_of_the_works_council_stands_for_the_copy(campaign: Campaign) -> None:
    set_passphrase(campaign=campaign, passphrase="four quiet boats at dawn", by=Who.COMMAND)

    assert lacking(campaign) == []


def test_a_rehearsal_needs_no_copy(campaign: Campaign) -> None:
    Campaign.objects.update(is_rehearsal=True)

    assert lacking(campaign) == []


def test_development_needs_no_copy(campaign: Campaign, settings: Settings) -> None:
    settings.KEY_COPY_IS_REQUIRED = False

    assert lacking(campaign) == []
