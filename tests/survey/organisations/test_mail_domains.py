"""Attacks: people at foreign mailboxes are invited, or whoever invites allows their domains."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import ChecklistError, InputError
from survey.mail.domains import domain_as_sent
from survey.models import Campaign, Organisation, Recipient, Role, Upload, User, Who
from survey.policy import MOST_MAIL_DOMAINS
from survey.selectors.launch.checklist import Check, launch_checklist
from survey.services.campaigns import launch_campaign
from survey.services.organisations.mail_domains import set_mail_domains
from survey.services.setup.drafts import begin_draft
from survey.services.setup.uploads import confirm_upload
from tests.survey.ledger.ledger_scenes import (
    COMMAND,
    MANAGER,
    NOWHERE,
    last_entry,
    member,
    newest_entries,
)
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager
from tests.survey.two_worlds import lose_mail_to

pytestmark = pytest.mark.django_db
ALLOWED = "an allowed mail domain (example.com, bücher.example (xn--bcher-kva.example); "
CHANGED_BY = "administrators can change the list)"
FOREIGN = ("eve@gmail.example", "eve@mail.example.com", "eve@notexample.com", "Eve@EXAMPLE.com.ru")
OURS = ("a@Example.COM", "b@bücher.example", "c@XN--BCHER-KVA.example", "d+1@BÜCHER.EXAMPLE")


@pytest.fixture
def organisation() -> Organisation:
    return set_mail_domains(
        organisation=organisation_with_manager()[0],
        domains=["bücher.example", "Example.com"],
        by=Who.COMMAND,
    )


@pytest.fixture
def manager(client: Client, organisation: Organisation) -> Client:
    client.force_login(User.objects.get(email="maria@example.com"))
    return client


@pytest.fixture
def administrator(client: Client, organisation: Organisation) -> Client:
    client.force_login(member(organisation, Role.ADMINISTRATOR, email="adam@example.com"))
    return client


def refused(address: str) -> str:
    return f"Address: expected an address at {ALLOWED}{CHANGED_BY}, found {address}."


def page_of(organisation: Organisation) -> str:
    return reverse("survey:mail-domains-choose", args=[organisation.pk])


def choose(client: Client, organisation: Organisation, domains: str, **fields: str) -> Any:  # noqa: ANN401
    return client.post(page_of(organisation), {"domains": domains, **fields})


def add(client: Client, campaign: Campaign, email: str) -> list[str]:
    fields = {"email": email, "unit": campaign.units.get(code="N2").pk, "function": "sales"}
    answer = client.post(reverse("survey:person-add", args=[campaign.pk]), fields)
    return [] if answer.status_code == 302 else answer.context["form"].non_field_errors()


def upload(client: Client, draft: Campaign, *addresses: str) -> Any:  # noqa: ANN401
    rows = "".join(f"{address},B,n,sales\n" for address in addresses)
    files = {
        "units": SimpleUploadedFile("units.csv", b"code,name,parent\nc,Co,\nn,North,c\n"),
        "people": SimpleUploadedFile("people.csv", b"email,name,unit,function\n" + rows.encode()),
    }
    return client.post(reverse("survey:setup-people", args=[draft.pk]), files)


def point(campaign: Campaign) -> Check:
    campaign = Campaign.objects.get(pk=campaign.pk)
    return next(
        one for one in launch_checklist(campaign, now=timezone.now()) if one.code == "addresses"
    )


def changed(who: tuple[str, str, str], old: list[str], new: list[str]) -> tuple[Any, ...]:
    """Return the entry of a change as newest_entries() does."""
    detail = {"old_domains": old, "new_domains": new}
    return ("mail domains changed", who, NOWHERE, "", detail, "", True)


def test_latecomers_at_foreign_domains_are_refused(
    manager: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)

    told = [add(manager, campaign, address) for address in (*FOREIGN, *OURS)]

    foreign = [[refused(address.lower())] for address in FOREIGN]
    assert told == [*foreign, *([[]] * len(OURS))]
    assert campaign.recipients.count() == 9 + len(OURS)


def test_an_address_is_corrected_to_an_allowed_domain_only(
    manager: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)
    person = campaign.recipients.get(email="n1-0@example.com")
    page = reverse("survey:person-detail", args=[campaign.pk, person.pk])
    lose_mail_to("n1-0@example.com")

    answers = [client_post(manager, page, address) for address in (FOREIGN[0], OURS[1])]

    assert answers == [[refused(FOREIGN[0])], []]
    person.refresh_from_db()
    assert person.email == "b@xn--bcher-kva.example"


def client_post(client: Client, page: str, address: str) -> list[str]:
    answer = client.post(page, {"email": address, "name": ""})
    return [] if answer.status_code == 302 else answer.context["form"].non_field_errors()


def test_a_name_is_corrected_after_the_domain_was_taken_away(
    manager: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)
    person = campaign.recipients.get(email="n1-0@example.com")
    set_mail_domains(organisation=organisation, domains=["other.example"], by=Who.COMMAND)

    page = reverse("survey:person-detail", args=[campaign.pk, person.pk])
    manager.post(page, {"email": person.email, "name": "Nina"})

    person.refresh_from_db()
    assert person.name == "Nina"


def test_an_import_names_each_row_at_a_foreign_domain(
    manager: Client, organisation: Organisation
) -> None:
    draft = begin_draft(organisation=organisation, name="Spring", purpose="Work.")

    page = upload(manager, draft, "nobody", *OURS[:1], *FOREIGN)

    problems = [str(one) for one in page.context["problems"]]
    assert problems[0].startswith("people.csv, line 2, column 1 (email): expected an e-mail")
    assert problems[1:] == [
        f"people.csv, line {line}, column 1 (email): expected an address at {ALLOWED}{CHANGED_BY}, "
        f"found '{address.lower()}'."
        for line, address in enumerate(FOREIGN, 4)
    ]
    assert not Upload.objects.exists()


def test_an_upload_is_checked_again_when_the_domains_change_before_it_is_confirmed(
    manager: Client, organisation: Organisation
) -> None:
    draft = begin_draft(organisation=organisation, name="Spring", purpose="Work.")
    taken = upload(manager, draft, *OURS)
    set_mail_domains(organisation=organisation, domains=["bücher.example"], by=Who.COMMAND)

    answer = manager.post(
        reverse("survey:upload-preview", args=[Upload.objects.get().pk]), follow=True
    )

    assert taken.status_code == 302
    assert "column 1 (email): expected an address at an allowed mail domain (" in answer.text
    assert not Recipient.objects.exists()


def test_domains_that_change_while_an_upload_is_read_are_seen_under_the_lock(
    manager: Client, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.services.setup import uploads

    draft = begin_draft(organisation=organisation, name="Spring", purpose="Work.")
    upload(manager, draft, *OURS)
    real = uploads.locked_draft

    def late(campaign: Campaign) -> Campaign:  # an administrator is quicker
        set_mail_domains(organisation=organisation, domains=["bücher.example"], by=Who.COMMAND)
        return real(campaign)

    monkeypatch.setattr(uploads, "locked_draft", late)
    with pytest.raises(InputError, match="an address at an allowed mail domain"):
        confirm_upload(upload=Upload.objects.get())


def test_a_draft_with_people_at_other_domains_is_not_launched(organisation: Organisation) -> None:
    draft = draft_campaign(organisation)
    before = point(draft)
    set_mail_domains(organisation=organisation, domains=["bücher.example"], by=Who.COMMAND)

    after = point(draft)
    with pytest.raises(ChecklistError):
        launch_campaign(campaign=draft, by=Who.COMMAND)

    told = "Allowed mail domains: "
    books = "bücher.example (xn--bcher-kva.example)"
    assert (before.passed, before.detail) == (True, f"{told}example.com, {books}.")
    assert (after.passed, after.step) == (False, "people")
    assert after.detail == (
        "People at other mail domains than those allowed: example.com. Import others, or have an "
        f"administrator change the list. {told}{books}."
    )


def test_a_draft_with_older_doubles_is_not_launched(organisation: Organisation) -> None:
    draft = draft_campaign(organisation)
    doubled = Recipient.objects.filter(email="n1-1@example.com")
    doubled.update(email="n1-0+2@example.com", mailbox="")

    assert not point(draft).passed
    assert point(draft).detail.startswith(
        "Addresses that reach a mailbox which is invited already: n1-0+2@example.com. Import"
    )


def test_without_a_list_every_domain_is_allowed(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    campaign = open_campaign_of(organisation)

    assert [add(client, campaign, address) for address in FOREIGN] == [[]] * len(FOREIGN)
    assert point(draft_campaign(organisation, name="Autumn")).detail == (
        "Allowed mail domains: every domain."
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_have_the_page(
    client: Client, organisation: Organisation, role: Role
) -> None:
    client.force_login(member(organisation, role, email="eve@example.com"))
    before = last_entry()

    answers = [client.get(page_of(organisation)), choose(client, organisation, "gmail.example")]

    assert [answer.status_code for answer in answers] == [404, 404]
    organisation.refresh_from_db()
    assert organisation.mail_domains == ["example.com", "xn--bcher-kva.example"]
    assert newest_entries(before) == []


def test_an_administrator_elsewhere_has_the_page_of_their_own_only(
    administrator: Client, organisation: Organisation
) -> None:
    other = Organisation.objects.create(name="Other")

    assert choose(administrator, other, "gmail.example").status_code == 404
    assert choose(administrator, organisation, "example.com").status_code == 302


def test_a_change_on_the_page_stands_in_the_ledger_once(
    administrator: Client, organisation: Organisation
) -> None:
    before = last_entry()

    for domains in ("@Bücher.example\nexample.com", "new.example example.com\n"):
        answer = choose(administrator, organisation, domains)
        assert (answer.status_code, answer["Location"]) == (302, page_of(organisation))
    choose(administrator, organisation, "", every="on")

    adam = ("account", "adam@example.com", "adam")
    first, second = ["example.com", "xn--bcher-kva.example"], ["example.com", "new.example"]
    assert newest_entries(before) == [changed(adam, first, second), changed(adam, second, [])]


def test_a_manager_who_is_administrator_too_is_seen_by_the_council(
    manager: Client, organisation: Organisation
) -> None:
    User.objects.get(email="maria@example.com").memberships.create(
        organisation=organisation, role=Role.ADMINISTRATOR
    )
    before = last_entry()
    choose(manager, organisation, "example.com\ngmail.example")
    campaign = open_campaign_of(organisation)
    council = Client()
    council.force_login(member(organisation, Role.COUNCIL, email="cara@example.com"))

    ledger = council.get(reverse("survey:ledger-list")).text
    stored = council.get(reverse("survey:campaign-stored", args=[campaign.pk])).text

    old, new = ["example.com", "xn--bcher-kva.example"], ["example.com", "gmail.example"]
    assert newest_entries(before)[0] == changed(MANAGER, old, new)
    for words in (
        "allowed mail domains changed",
        "mail domains until then: example.com, bücher.example (xn--bcher-kva.example)",
        "mail domains from then on: example.com, gmail.example",
    ):
        assert words in ledger
    for page in (ledger, stored):
        assert "people may be invited: example.com, gmail.example." in page
        assert page_of(organisation) not in page


def test_pages_lead_administrators_to_the_list(
    administrator: Client, organisation: Organisation
) -> None:
    campaign = open_campaign_of(organisation)
    pages = [reverse("survey:ledger-list"), reverse("survey:campaign-stored", args=[campaign.pk])]

    assert [page_of(organisation) in administrator.get(page).text for page in pages] == [True, True]
    form = administrator.get(page_of(organisation)).context["form"]
    assert form.initial == {"domains": "example.com\nbücher.example", "every": False}


@pytest.mark.parametrize(
    ("domains", "fields", "told"),
    [
        ("", {}, "Mail domains: expected a list, or that every one is allowed, found nothing."),
        (
            "example.com",
            {"every": "on"},
            "Mail domains: expected a list, or that every one is allowed, found both.",
        ),
        ("com", {}, "Mail domain: expected one such as example.com, found 'com'."),
        ("*.example.com", {}, "expected one such as example.com, found '*.example.com'."),
        ("eve@example.com", {}, "expected one such as example.com, found "),
        ("straße.example", {}, "found one that would go to strasse.example, perhaps somebody"),
        ("\n".join(f"a{n}.example" for n in range(MOST_MAIL_DOMAINS + 1)), {}, "at most 100"),
    ],
)
def test_a_list_that_cannot_be_meant_changes_nothing(
    administrator: Client,
    organisation: Organisation,
    domains: str,
    fields: dict[str, str],
    told: str,
) -> None:
    before = last_entry()

    answer = choose(administrator, organisation, domains, **fields)

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["domains"].as_data()[0].message)
    assert newest_entries(before) == []


def test_the_command_changes_the_list_and_notes_it(
    organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    before = last_entry()
    asked = ("mail_domains", "--organisation", "Acme")

    call_command(*asked)
    call_command(*asked, "--add", "New.example", "bücher.example", "--remove", "example.com")
    call_command(*asked, "--add", "new.example")
    call_command(*asked, "--every")

    books = "bücher.example (xn--bcher-kva.example)"
    assert capsys.readouterr().out.splitlines() == [
        f"Acme: example.com, {books}",
        f"Acme: new.example, {books}",
        f"Acme: new.example, {books}",
        "Acme: every domain",
    ]
    first, second = (
        ["example.com", "xn--bcher-kva.example"],
        ["new.example", "xn--bcher-kva.example"],
    )
    assert newest_entries(before) == [
        changed(COMMAND, first, second), changed(COMMAND, second, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--remove", "new.example"), r"expected one that is listed \(example.com, bücher"),
        (("--add", "com"), "expected one such as example.com, found 'com'"),
        (
            ("--remove", "example.com", "bücher.example"),
            "expected one that stays, found none: that would allow every one",
        ),
        (("--every", "--add", "new.example"), "--every: expected no domains beside it"),
    ],
)
def test_the_command_refuses_what_cannot_be_meant(
    organisation: Organisation, options: tuple[str, ...], told: str
) -> None:
    before = last_entry()

    with pytest.raises(CommandError, match=told):
        call_command("mail_domains", "--organisation", "Acme", *options)

    organisation.refresh_from_db()
    assert organisation.mail_domains == ["example.com", "xn--bcher-kva.example"]
    assert newest_entries(before) == []


def test_domains_have_one_form() -> None:
    typed = ("Example.com", " @example.COM ", "BÜCHER.example", "xn--BCHER-kva.example")

    assert [domain_as_sent(one) for one in typed] == [
        "example.com", "example.com", "xn--bcher-kva.example", "xn--bcher-kva.example",
    ]  # fmt: skip
