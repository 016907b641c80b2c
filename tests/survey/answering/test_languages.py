"""The language of staff pages: chosen once, kept with the account, drafts marked as drafts."""

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from survey.mail.messages import set_password_mail
from survey.models import User
from survey.selectors.launch.checklist import launch_checklist
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

pytestmark = pytest.mark.django_db
TWO = override_settings(
    LANGUAGES=[("en", "English"), ("sv", "Svenska")], UNCHECKED_LANGUAGES={"sv"}
)


@pytest.fixture
def user() -> User:
    return User.objects.create_user("sign@example.com", "a long password")


@TWO
def test_a_chosen_language_goes_with_the_account_to_another_browser(user: User) -> None:
    here, elsewhere = Client(), Client()
    here.force_login(user)
    elsewhere.force_login(user)

    form = here.get("/language/").content.decode()
    answer = here.post("/language/", {"language": "sv"})

    assert "Svenska (draft translation)" in form
    assert "no native speaker has checked it yet" in form
    assert answer.headers["Location"] == "/"
    assert '<html lang="en"' in form
    for client in (here, elsewhere):
        assert '<html lang="sv"' in client.get("/").content.decode()
    # A public page asks no account: it follows the browser that made the choice.
    del here.cookies["sessionid"]
    assert '<html lang="sv"' in here.get("/password/reset/").content.decode()
    assert '<html lang="en"' in Client().get("/password/reset/").content.decode()


@TWO
def test_a_language_that_is_not_offered_is_refused(user: User, client: Client) -> None:
    client.force_login(user)

    page = client.post("/language/", {"language": "tlh"})

    assert page.status_code == 200
    assert "tlh is not one of the available choices" in page.content.decode()
    user.refresh_from_db()
    assert user.language == "en"


@override_settings(LANGUAGES=[("en", "English")])
def test_an_account_whose_language_is_gone_reads_english(client: Client, user: User) -> None:
    User.objects.update(language="sv")
    client.force_login(user)

    assert '<html lang="en"' in client.get("/").content.decode()


@TWO
def test_a_mail_comes_in_the_language_of_its_recipient(user: User) -> None:
    user.language = "sv"
    message = set_password_mail(user, "https://rutin.example/set")

    assert '<html lang="sv"' in str(message.alternatives[0][0])


@TWO
def test_the_checklist_names_languages_that_nobody_has_checked(user: User) -> None:
    organisation, _manager = organisation_with_manager()
    campaign = draft_campaign(organisation)
    campaign.languages = ["en", "sv"]

    checks = {check.code: check for check in launch_checklist(campaign, now=timezone.now())}

    assert checks["languages"].passed
    assert "(en, sv) No native speaker has checked: sv." in checks["languages"].detail
