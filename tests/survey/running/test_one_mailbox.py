"""Attacks: one mailbox poses as many people, by import, by latecomers and by corrections."""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from threading import Barrier

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse

from survey.errors import InputError
from survey.import_files.people import read_people
from survey.mail.folded_addresses import folded_address
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, CampaignUnit, Function, LedgerEntry, Recipient, Who
from survey.services.running.latecomers import add_latecomer, invite_latecomers
from survey.services.setup.drafts import begin_draft
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv
from tests.survey.two_worlds import lose_mail_to

pytestmark = pytest.mark.django_db
FIRST = "n1-0@example.com"
HEADING = "email,name,unit,function\n"
# Each of them reaches the mailbox of the first, however it is written.
SPELLINGS = (
    "boss@gmail.com", "Boss+1@Gmail.com", "b.o.s.s@gmail.com", "boss@googlemail.com",
    "b.oss+a.b+c@GOOGLEMAIL.COM", "boss+@gmail.com",
)  # fmt: skip
BUCHER = ("boss+1@bücher.example", "BOSS+2@xn--bcher-kva.example", "boss@BÜCHER.example")


@pytest.fixture
def campaign(client: Client) -> Campaign:
    """Return a running campaign whose manager is signed in."""
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    return open_campaign_of(organisation)


def add(client: Client, campaign: Campaign, email: str) -> str:
    """Add somebody on the page; return what it refuses, nothing if it does not."""
    fields = {"email": email, "unit": campaign.units.get(code="N2").pk, "function": "sales"}
    answer = client.post(reverse("survey:person-add", args=[campaign.pk]), fields)
    return "" if answer.status_code == 302 else answer.context["form"].non_field_errors()[0]


def correct(client: Client, campaign: Campaign, old: str, new: str) -> str:
    """Correct an address whose mail came back on the page; return what it refuses."""
    lose_mail_to(old)
    person = Recipient.objects.get(campaign=campaign, email=old).pk
    address = reverse("survey:person-detail", args=[campaign.pk, person])
    answer = client.post(address, {"email": new, "name": "Nina"})
    return "" if answer.status_code == 302 else answer.context["form"].non_field_errors()[0]


def same(found: str, other: str) -> str:
    return (
        f"Address: expected a mailbox that is not invited yet, found {found}, which reaches the "
        f"same mailbox as {other}."
    )


def refused_rows(*addresses: str) -> list[str]:
    rows = "".join(f"{address},B,n,sales\n" for address in addresses)
    return [str(problem) for problem in read_people((HEADING + rows).encode()).problems]


def test_nine_latecomers_at_one_foreign_mailbox_are_one(client: Client, campaign: Campaign) -> None:
    told = [add(client, campaign, f"boss+{number}@gmail.example") for number in range(1, 10)]

    later = [
        same(f"boss+{number}@gmail.example", "boss+1@gmail.example") for number in range(2, 10)
    ]
    assert told == ["", *later]
    assert campaign.recipients.count() == 10
    assert LedgerEntry.objects.filter(action="person added").count() == 1


@pytest.mark.parametrize("spellings", [SPELLINGS, BUCHER])
def test_latecomers_are_compared_however_the_mailbox_is_written(
    client: Client, campaign: Campaign, spellings: tuple[str, ...]
) -> None:
    told = [add(client, campaign, spelling) for spelling in spellings]

    assert [bool(refusal) for refusal in told] == [False, *[True] * (len(spellings) - 1)]
    assert campaign.recipients.count() == 10


def test_corrections_lead_to_no_mailbox_that_is_invited(client: Client, campaign: Campaign) -> None:
    people = [f"n1-{number}@example.com" for number in range(4)]
    told = [correct(client, campaign, people[0], "boss+0@gmail.example")]
    told += [
        correct(client, campaign, one, f"BOSS+{number}@gmail.example")
        for number, one in enumerate(people[1:], 1)
    ]
    told.append(add(client, campaign, "boss@gmail.example"))

    first = "boss+0@gmail.example"
    assert told == [
        "",
        *(same(f"boss+{number}@gmail.example", first) for number in (1, 2, 3)),
        same("boss@gmail.example", first),
    ]


def test_an_address_is_corrected_within_its_own_mailbox_and_leaves_the_other_free(
    client: Client, campaign: Campaign
) -> None:
    told = [
        correct(client, campaign, FIRST, "n1-0+work@example.com"),
        correct(client, campaign, "n1-0+work@example.com", "new@example.com"),
        add(client, campaign, FIRST),
    ]

    found = Recipient.objects.filter(mailbox__in=(FIRST, "new@example.com")).order_by("email")
    assert told == ["", "", ""]
    assert [(one.email, one.mailbox) for one in found] == [
        (FIRST, FIRST), ("new@example.com", "new@example.com"),
    ]  # fmt: skip


def test_an_import_names_both_rows_of_a_mailbox(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    draft = begin_draft(organisation=organisation, name="Spring", purpose="Work.")
    rows = "".join(f"Boss+{number}@gmail.example,B,n,sales\n" for number in range(1, 10))
    files = {
        "units": SimpleUploadedFile("units.csv", b"code,name,parent\nc,Co,\nn,North,c\n"),
        "people": SimpleUploadedFile("people.csv", (HEADING + rows).encode()),
    }

    page = client.post(reverse("survey:setup-people", args=[draft.pk]), files)

    assert [str(problem) for problem in page.context["problems"]] == [
        f"people.csv, line {number + 1}, column 1 (email): expected every mailbox once, found "
        f"'boss+{number}@gmail.example', which reaches the same mailbox as "
        "'boss+1@gmail.example' on line 2."
        for number in range(2, 10)
    ]
    assert not Recipient.objects.exists()


@pytest.mark.parametrize("spellings", [SPELLINGS, BUCHER])
def test_an_import_compares_mailboxes_however_they_are_written(spellings: tuple[str, ...]) -> None:
    assert len(refused_rows(*spellings)) == len(spellings) - 1


def test_people_with_similar_addresses_are_several() -> None:
    several = (
        "anna.berg@example.com", "annaberg@example.com", "anna-berg@example.com",
        "anna_berg@example.com", "+berg@example.com", "+anna@example.com", "anna@gmail.com",
        "anna@mail.gmail.com", "an.na@mail.gmail.com", "anna@example.com", "anna@example.org",
    )  # fmt: skip

    assert refused_rows(*several) == []
    assert len({folded_address(one) for one in several}) == len(several)


def test_a_mail_goes_to_the_address_as_it_was_typed(client: Client, campaign: Campaign) -> None:
    send_due_messages()
    mail.outbox.clear()

    add(client, campaign, "lena.late+survey@gmail.com")
    invite_latecomers(campaign_id=campaign.pk)
    send_due_messages()

    late = Recipient.objects.get(campaign=campaign, mailbox="lenalate@gmail.com")
    assert late.email == "lena.late+survey@gmail.com"
    assert [one.to for one in mail.outbox] == [["lena.late+survey@gmail.com"]]


def test_the_same_mailbox_is_invited_to_another_campaign(
    client: Client, campaign: Campaign
) -> None:
    other = open_campaign_of(campaign.organisation, people=people_csv(workshop=2))

    assert add(client, other, "n2-2+b@example.com") == ""
    assert add(client, campaign, "n2-2+b@example.com") != ""


def test_the_database_refuses_a_second_row_of_a_mailbox(campaign: Campaign) -> None:
    twice = [Recipient(campaign=campaign, email=f"b+{number}@gmail.com") for number in (1, 2)]

    for write in (Recipient.objects.bulk_create, lambda rows: [row.save() for row in rows]):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(twice)
    assert campaign.recipients.count() == 9


def test_older_doubles_stay_and_no_third_joins_them(client: Client, campaign: Campaign) -> None:
    """As the migration leaves them: the first has the mailbox, the second none."""
    second = Recipient.objects.get(email="n1-1@example.com")
    Recipient.objects.filter(pk=second.pk).update(email="n1-0+2@example.com", mailbox="")
    page = reverse("survey:person-detail", args=[campaign.pk, second.pk])

    renamed = client.post(page, {"email": "n1-0+2@example.com", "name": "Nina New"})
    told = [
        add(client, campaign, "n1-0+3@example.com"),
        correct(client, campaign, FIRST, "away@example.com"),
        add(client, campaign, "n1-0+3@example.com"),
    ]

    second.refresh_from_db()
    assert (renamed.status_code, second.name, second.mailbox) == (302, "Nina New", "")
    assert told == [
        same("n1-0+3@example.com", FIRST), "", same("n1-0+3@example.com", "n1-0+2@example.com"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_two_latecomers_at_one_mailbox_at_once_one_is_added(campaign: Campaign) -> None:
    unit = campaign.units.get(code="N2")
    told = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(5):
            gate = Barrier(2)
            both = [f"boss{number}+{name}@gmail.example" for name in "ab"]
            told.append(sorted(pool.map(added_at, both, repeat(unit), repeat(gate))))

    assert told == [["added", "refused"]] * 5
    assert campaign.recipients.count() == 9 + 5


def added_at(email: str, unit: CampaignUnit, gate: Barrier) -> str:
    """Add somebody when the other is about to; return what became of it."""
    gate.wait(60)
    try:
        add_latecomer(unit=unit, email=email, name="", function=Function.SALES, by=Who.COMMAND)
    except InputError:
        return "refused"
    finally:
        connections.close_all()
    return "added"
