"""What the set-up refuses stays on its page, with the reason and with everything typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from survey.models import Campaign, CampaignState, User
from survey.services.setup import drafts
from tests.survey.staff_scenes import UNITS, draft_campaign, organisation_with_manager, people_csv

pytestmark = pytest.mark.django_db
REASON = "expected a draft"


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def draft(manager: User) -> Campaign:
    return draft_campaign(manager.memberships.get().organisation)


@pytest.fixture
def client(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def steps(draft: Campaign) -> dict[str, dict[str, Any]]:
    """Return what each step of the set-up takes, with words that can be found again."""
    soon = timezone.now() + timedelta(days=20)
    return {
        "name": {"name": "TYPED name", "purpose": "TYPED purpose"},
        "questionnaire": {"instrument": draft.instrument_id, "languages": ["en"]},
        "dates": {"time_zone": "Europe/Paris", "closes_at": f"{soon:%Y-%m-%dT12:34}"},
        "privacy": {
            "floor": 7, "sensitive_floor": 12, "controller": "TYPED Ltd", "contact": "TYPED desk",
            "retention_months": 9, "gives_rows": "False",
        },
        "mails": {"introduction_en": "TYPED words", "mail_signature": "TYPED Smith"},
        "mails/test": {"email": "typed@example.com", "language": "en"},
    }  # fmt: skip


def texts_of(fields: dict[str, Any]) -> list[str]:
    return [value for value in fields.values() if isinstance(value, str) and len(value) > 2]


@pytest.mark.parametrize(
    "step", ["name", "questionnaire", "dates", "privacy", "mails", "mails/test"]
)
def test_a_step_that_is_refused_does_not_move_on_and_keeps_what_was_typed(
    client: Client, draft: Campaign, step: str
) -> None:
    fields = steps(draft)[step]
    Campaign.objects.update(state=CampaignState.LAUNCHING)  # by somebody else, a moment ago

    page = client.post(f"/campaigns/{draft.pk}/{step}/", fields)
    text = page.content.decode()

    assert (page.status_code, REASON in text) == (404, True)
    assert [typed for typed in texts_of(fields) if typed not in text] == []


@pytest.mark.parametrize("step", ["name", "questionnaire", "dates", "privacy"])
def test_a_step_that_is_taken_moves_on_as_before(
    client: Client, draft: Campaign, step: str
) -> None:
    assert client.post(f"/campaigns/{draft.pk}/{step}/", steps(draft)[step]).status_code == 302


def test_a_service_s_own_refusal_stays_on_the_step_too(
    client: Client, draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = drafts.require_times

    def later(**times: Any) -> None:  # noqa: ANN401 - the clock goes on between form and service
        real(**{**times, "now": timezone.now() + timedelta(days=30)})

    monkeypatch.setattr(drafts, "require_times", later)
    page = client.post(f"/campaigns/{draft.pk}/dates/", steps(draft)["dates"])

    assert page.status_code == 422
    assert "Expected a time in the future" in page.content.decode()


def test_files_for_a_draft_that_is_none_any_more_are_refused_in_words(
    client: Client, draft: Campaign
) -> None:
    Campaign.objects.update(state=CampaignState.OPEN)
    files = {
        "units": SimpleUploadedFile("units.csv", UNITS.encode()),
        "people": SimpleUploadedFile("people.csv", people_csv().encode()),
    }
    page = client.post(f"/campaigns/{draft.pk}/files/", files)

    assert page.status_code == 404
    assert "expected a draft to import people into" in page.content.decode()


def test_a_trial_mail_s_address_that_cannot_be_written_to_stays_in_its_field(
    client: Client, draft: Campaign
) -> None:
    address = f"/campaigns/{draft.pk}/mails/test/"
    page = client.post(address, {"email": "no address", "language": "en"})

    assert (page.status_code, 'value="no address"' in page.content.decode()) == (422, True)
