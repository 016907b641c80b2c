"""Setting up a campaign step by step: what is kept, what is refused, and who may do it.

Row 15 of the feature table (at most seven steps, a checklist that blocks) and row 17 (files
with a dry run) are shown here; the same way in a browser is in test_setup_browser.
"""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from survey.models import (
    Campaign,
    CampaignLogo,
    CampaignState,
    Membership,
    Organisation,
    Recipient,
    Role,
    Unit,
    Upload,
    User,
    Who,
)
from survey.selectors.setup import STEPS
from survey.services.campaigns import launch_campaign
from tests.survey.staff_scenes import (
    UNITS,
    confirm_counts,
    draft_campaign,
    organisation_with_manager,
    people_csv,
    picture,
    second_person_of,
)

pytestmark = pytest.mark.django_db
PAGES = ["name", "people", "questionnaire", "dates", "privacy", "mails"]
NEXT_YEAR = timezone.now().year + 1
PRIVACY = {
    "gives_rows": "False",
    "floor": "6",
    "sensitive_floor": "12",
    "controller": "Acme Ltd",
    "contact": "privacy@example.com",
    "retention_months": "6",
}


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def signed_in(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def address(step: str, campaign: Campaign) -> str:
    return reverse(f"survey:setup-{step}", args=[campaign.id])


def begun(client: Client, **changes: str) -> Campaign:
    """Return the draft that the first step leaves behind."""
    organisation = str(Organisation.objects.get(name="Acme").id)
    data = {"name": "Spring survey", "purpose": "To improve.", "organisation": organisation}
    answer = client.post("/campaigns/new/", data | changes)
    campaign = Campaign.objects.latest("wave")
    assert answer.headers["Location"] == address("people", campaign)
    return campaign


def files(**changes: bytes | None) -> dict[str, SimpleUploadedFile]:
    contents = {"units": UNITS.encode("utf-16"), "people": people_csv().encode("cp1252")} | changes
    return {
        name: SimpleUploadedFile(f"{name}.csv", content)
        for name, content in contents.items()
        if content is not None
    }


def saved() -> dict[str, int]:
    models = (Recipient, Unit, Upload)
    return {model.__name__: model.objects.count() for model in models} | {
        "accounts": User.objects.exclude(email="maria@example.com").count()
    }


def done_steps(client: Client, campaign: Campaign) -> list[str]:
    setup = client.get(address("name", campaign)).context["setup"]
    return [step.code for step in setup.steps if step.is_done]


def test_seven_steps_lead_from_nothing_to_a_campaign_ready_to_launch(signed_in: Client) -> None:
    second_person_of(Organisation.objects.get())
    campaign = begun(signed_in)
    after_name = done_steps(signed_in, campaign)
    preview = signed_in.post(address("people", campaign), files()).headers["Location"]
    signed_in.post(preview)
    signed_in.post(
        address("questionnaire", campaign),
        {"instrument": str(campaign.instrument_id), "languages": ["en"]},
    )
    closes = timezone.now() + timedelta(days=14)
    signed_in.post(
        address("dates", campaign),
        {"time_zone": "Europe/Helsinki", "closes_at": closes.strftime("%Y-%m-%dT12:00")},
    )
    last = signed_in.post(address("privacy", campaign), PRIVACY)
    signed_in.post(
        address("mails", campaign),
        {"introduction_en": "We need your view.", "mail_signature": "Anna Head"},
    )
    signed_in.post(
        reverse("survey:trial-send", args=[campaign.id]),
        {"email": "Maria@example.com", "language": "en"},
    )
    trial = reverse("survey:trial-confirm", args=[campaign.trial_mails.get().id])
    seen = Client().get(trial).status_code, campaign.trial_mails.get().confirmed_at
    Client().post(trial)

    assert len(STEPS) == 7
    assert after_name == ["name", "questionnaire"]
    assert last.headers["Location"] == address("mails", campaign)
    assert seen == (200, None)
    assert done_steps(signed_in, campaign) == list(STEPS[:-1])
    campaign.refresh_from_db()
    assert campaign.closes_at is not None
    assert (campaign.floor, campaign.sensitive_floor, campaign.retention_months) == (6, 12, 6)
    assert (campaign.mail_introduction, campaign.mail_signature) == (
        {"en": "We need your view."},
        "Anna Head",
    )
    assert campaign.closes_at.astimezone(timezone.get_fixed_timezone(0)).hour in {9, 10}
    confirm_counts(campaign)
    assert launch_campaign(campaign=campaign, by=Who.WORKER).state == CampaignState.OPEN


@pytest.mark.parametrize("step", PAGES)
def test_a_step_shows_what_the_draft_holds_and_is_gone_after_the_launch(
    signed_in: Client, manager: User, step: str
) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)

    page = signed_in.get(address(step, campaign))
    launch_campaign(campaign=campaign, by=Who.WORKER)

    assert page.status_code == 200
    assert page.context["setup"].current.code == step
    form = page.context["form"]
    assert [
        form[field].value()
        for field in ("name", "purpose", "time_zone", "controller", "contact", "floor")
        if field in form.fields
    ] == {
        "name": ["Spring survey", "To improve service work."],
        "dates": ["Europe/Helsinki"],
        "privacy": ["Acme Ltd", "privacy@example.com", 5],
    }.get(step, [])
    assert signed_in.get(address(step, campaign)).status_code == 404
    assert signed_in.post(address(step, campaign), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("role", [None, *[role for role in Role if role != Role.MANAGER]])
def test_the_steps_do_not_exist_for_whoever_does_not_manage_the_organisation(
    client: Client, role: Role | None
) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")
    campaign = draft_campaign(theirs)
    stranger = User.objects.create_user("stranger@example.com")
    if role is not None:
        Membership.objects.create(organisation=theirs, user=stranger, role=role)
    client.force_login(stranger)
    addresses = [address(step, campaign) for step in PAGES]
    addresses += ["/campaigns/new/", reverse("survey:trial-send", args=[campaign.id])]

    answers = [client.post(address, {"name": "Mine now"}) for address in addresses]

    assert {answer.status_code for answer in answers} == {404}
    assert client.get("/campaigns/new/").status_code == 404


def test_an_organisation_of_somebody_else_cannot_be_chosen(signed_in: Client) -> None:
    theirs, _ = organisation_with_manager("Theirs", "their@example.com")

    answer = signed_in.post(
        "/campaigns/new/", {"name": "x", "purpose": "y", "organisation": str(theirs.id)}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organisation"])
    assert Campaign.objects.count() == 0


def test_a_new_wave_takes_over_notice_thresholds_and_logo_of_the_last(
    signed_in: Client, manager: User
) -> None:
    last = draft_campaign(manager.memberships.get().organisation)
    signed_in.post(
        address("privacy", last),
        PRIVACY | {"logo": SimpleUploadedFile("logo.png", picture()), "logo_alternative": "Acme"},
    )
    Campaign.objects.filter(pk=last.pk).update(background_purpose="To see who is missing.")
    last.refresh_from_db()
    launch_campaign(campaign=last, by=Who.WORKER)

    campaign = begun(signed_in, name="Autumn survey")

    kept = (campaign.floor, campaign.controller, campaign.time_zone, campaign.logo_alternative)
    assert kept == (6, "Acme Ltd", "Europe/Helsinki", "Acme")
    assert campaign.background_purpose == "To see who is missing."
    assert bytes(campaign.logo.image) == bytes(last.logo.image)
    assert (campaign.closes_at, campaign.wave) == (None, 2)


def test_faulty_files_are_listed_by_place_and_nothing_is_saved(signed_in: Client) -> None:
    campaign, before = begun(signed_in), saved()
    faulty = people_csv().replace(",N1,", ",N9,", 1).replace("operations", "plumbing", 1)
    units = UNITS.replace("nora@", "nora at ")

    answers = [
        signed_in.post(address("people", campaign), files(people=faulty.encode(), **changes))
        for changes in ({"units": units.encode()}, {}, {"units": None})
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert [[str(p) for p in answer.context["problems"]] for answer in answers] == [
        [
            (
                "units.csv, line 3, column 4 (leader_email): expected an e-mail address, "
                "found 'nora at example.com'."
            ),
            (
                "people.csv, line 2, column 4 (function): expected operations or sales, "
                "found 'plumbing'."
            ),
        ],
        [
            (
                "people.csv, line 2, column 3 (unit): expected the code of a unit in the tree, "
                "found 'N9'."
            ),
            (
                "people.csv, line 2, column 4 (function): expected operations or sales, "
                "found 'plumbing'."
            ),
        ],
        [
            "units: expected a file of units, since there is no tree yet, found no file.",
            (
                "people.csv, line 2, column 4 (function): expected operations or sales, "
                "found 'plumbing'."
            ),
        ],
    ]
    assert saved() == before


def test_nothing_but_the_upload_is_saved_before_it_is_confirmed_once(signed_in: Client) -> None:
    campaign, before = begun(signed_in), saved()

    shown = signed_in.post(address("people", campaign), files(), follow=True)

    preview = shown.context["preview"]
    assert [(unit.path, unit.operations, unit.sales) for unit in preview.units] == [
        ("Acme Service", 0, 0),
        ("Acme Service › Region North", 0, 0),
        ("Acme Service › Region North › Field team Ålesund", 4, 2),
        ("Acme Service › Region North › Workshop", 2, 1),
    ]
    assert (preview.operations, preview.sales, len(preview.changes.accounts)) == (6, 3, 2)
    assert saved() == before | {"Upload": 1}
    confirm = shown.redirect_chain[-1][0]
    assert signed_in.post(confirm).headers["Location"] == address("questionnaire", campaign)
    assert signed_in.post(confirm).status_code == 404
    assert saved() == {"Recipient": 9, "Unit": 0, "Upload": 0, "accounts": 0}


def test_an_upload_belongs_to_whoever_uploaded_it_while_they_manage_the_organisation(
    signed_in: Client, manager: User
) -> None:
    preview = signed_in.post(address("people", begun(signed_in)), files()).headers["Location"]
    colleague = User.objects.create_user("colleague@example.com")
    organisation = manager.memberships.get().organisation
    Membership.objects.create(organisation=organisation, user=colleague, role=Role.MANAGER)
    other = Client()
    other.force_login(colleague)

    assert other.get(preview).status_code == other.post(preview).status_code == 404
    manager.memberships.update(role=Role.EXECUTIVE)
    assert signed_in.get(preview).status_code == signed_in.post(preview).status_code == 404
    assert Recipient.objects.count() == 0


def test_the_existing_tree_is_kept_without_a_units_file(signed_in: Client, manager: User) -> None:
    draft_campaign(manager.memberships.get().organisation)
    campaign = begun(signed_in)
    units = list(Unit.objects.values())

    shown = signed_in.post(
        address("people", campaign),
        files(units=None, people=people_csv(north=7).encode()),
        follow=True,
    )
    signed_in.post(shown.redirect_chain[-1][0])

    assert shown.context["preview"].plan.tree is None
    assert list(Unit.objects.values()) == units
    assert campaign.recipients.count() == 10


@pytest.mark.parametrize(
    ("step", "data", "errors"),
    [
        ("name", {"purpose": "y"}, {"name": ["This field is required."]}),
        ("people", {}, {"people": ["This field is required."]}),
        ("people", {"people": SimpleUploadedFile("people.csv", b"x" * (6 * 2**20))},
         {"people": ["Expected at most 5 MB, found 6.0 MB."]}),
        ("dates", {"time_zone": "UTC", "closes_at": "2020-01-01T10:00"},
         {"closes_at": ["Expected a time in the future."]}),
        ("dates", {"time_zone": "UTC", "opens_at": f"{NEXT_YEAR}-05-02T10:00",
                   "closes_at": f"{NEXT_YEAR}-05-01T10:00"},
         {"closes_at": ["Expected a time after the campaign has opened."]}),
        ("dates", {"time_zone": "Europe/Helsinki", "closes_at": "2031-03-30T03:30"},
         {"closes_at": [("Expected a time that exists, found 2031-03-30 03:30, "
                        "which clocks in Europe/Helsinki skip.")]}),
        ("privacy", PRIVACY | {"floor": "4"},
         {"floor": ["Ensure this value is greater than or equal to 5."]}),
        ("privacy", PRIVACY | {"floor": "20"},
         {"sensitive_floor": ["Expected at least the number above."]}),
        ("privacy", PRIVACY | {"logo": SimpleUploadedFile("a.svg", b"<svg/>"),
                               "logo_alternative": "Acme"},
         {"logo": ["Logo: expected a PNG or JPEG picture, found something else."]}),
        ("privacy", PRIVACY | {"logo": SimpleUploadedFile("a.png", picture((5000, 2)))},
         {"logo": ["Logo: expected at most 4096 pixels a side, found 5000 x 2."]}),
        ("privacy", PRIVACY | {"logo": SimpleUploadedFile("a.png", picture())},
         {"logo_alternative": ["Expected words for the new logo, found none."]}),
    ],
)  # fmt: skip
def test_a_faulty_step_says_what_was_expected_and_saves_nothing(
    signed_in: Client, manager: User, step: str, data: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    draft_campaign(manager.memberships.get().organisation)
    before = Campaign.objects.values().get()
    for file in data.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)

    answer = signed_in.post(address(step, Campaign.objects.get()), data)

    assert (answer.status_code, answer.context["form"].errors) == (422, errors)
    assert Campaign.objects.values().get() == before
    assert CampaignLogo.objects.count() == Upload.objects.count() == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_drawn_anew_small_and_shown_with_its_words(
    signed_in: Client, manager: User, kind: str
) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    file = SimpleUploadedFile("logo", picture(kind=kind) + b"<?php appended ?>")
    where = reverse("survey:logo-show", args=[campaign.id])
    missing = Client().get(where).status_code

    signed_in.post(
        address("privacy", campaign), PRIVACY | {"logo": file, "logo_alternative": "Acme"}
    )

    shown = Client().get(where)
    drawn = Image.open(io.BytesIO(shown.content))
    assert (missing, shown.status_code, shown.headers["Content-Type"]) == (404, 200, "image/png")
    assert (drawn.format, drawn.size) == ("PNG", (288, 96))
    assert len(shown.content) <= 32 * 1024
    assert b"made at home" not in shown.content
    assert b"appended" not in shown.content
    assert 'alt="Acme"' in signed_in.get(address("privacy", campaign)).content.decode()
    signed_in.post(address("privacy", campaign), PRIVACY)
    assert Client().get(where).status_code == 404


def test_other_words_ask_for_another_test_mail(signed_in: Client, manager: User) -> None:
    campaign = draft_campaign(manager.memberships.get().organisation)
    before = done_steps(signed_in, campaign)

    signed_in.post(address("mails", campaign), {"introduction_en": "", "mail_signature": ""})
    same = done_steps(signed_in, campaign)
    signed_in.post(address("mails", campaign), {"introduction_en": "Please answer."})

    assert before == same == list(STEPS[:-1])
    assert done_steps(signed_in, campaign) == [step for step in STEPS[:-1] if step != "mails"]


def test_names_are_text_on_every_page(signed_in: Client) -> None:
    attack = "<img src=x onerror=alert(1)>"
    campaign = begun(signed_in, name=attack, purpose=attack)
    uploaded = files(
        people=people_csv().replace("Person 0", attack).encode(),
        units=UNITS.replace("Workshop", attack).encode(),
    )
    preview = signed_in.post(address("people", campaign), uploaded).headers["Location"]
    pages = [signed_in.get(preview).content.decode()]
    pages.append(signed_in.post(preview, follow=True).content.decode())
    signed_in.post(
        address("mails", campaign), {"introduction_en": attack, "mail_signature": attack}
    )
    pages += [signed_in.get(address(step, campaign)).content.decode() for step in PAGES]
    pages.append(signed_in.get("/campaigns/").content.decode())

    assert [page.count("<img src=x") for page in pages] == [0] * 9
    assert ["&lt;img src=x onerror=alert(1)&gt;" in page for page in pages] == [True] * 9
