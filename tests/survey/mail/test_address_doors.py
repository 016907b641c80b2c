"""Every door through which an address comes in checks it, and knows who has it already."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from survey.errors import InputError
from survey.import_files.people import PersonRow
from survey.import_files.units import UnitRow
from survey.models import (
    Campaign,
    Function,
    Leadership,
    Membership,
    Organisation,
    Recipient,
    Role,
    TrialMail,
    Unit,
    User,
    Who,
)
from survey.services.organisations import accounts, founding, leaderships
from survey.services.organisations.trees import import_people, import_units
from survey.services.running import latecomers, links
from survey.services.setup import trial_mails
from survey.services.setup.imports import read_people, read_units
from tests.survey.staff_scenes import (
    PASSWORD,
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
)

pytestmark = pytest.mark.django_db
POISON = "anna@example.com\u202c"
NAMED = "found U+202C POP DIRECTIONAL FORMATTING as character 17."
UNICODE, SENT = "Anna@bücher.example", "anna@xn--bcher-kva.example"
HOLDING: tuple[type[Model], ...] = (Recipient, User, TrialMail, Leadership, Organisation)


class Scene:
    """An organisation with a draft and an open campaign, and every door by its name."""

    def __init__(self) -> None:
        self.organisation, self.manager = organisation_with_manager()
        self.open = open_campaign_of(self.organisation)
        self.draft = draft_campaign(self.organisation)
        self.doors: dict[str, Callable[[str], object]] = {
            "import of people": self.import_person,
            "import of leaders": self.import_leader,
            "latecomer": self.add,
            "correction": self.correct,
            "trial": lambda email: trial_mails.request_trial_mail(
                campaign=self.draft, email=email, language="en"
            ),
            "appointment": lambda email: leaderships.appoint(
                unit=self.unit, email=email, by=Who.WORKER
            ),
            "member": lambda email: founding.add_member(
                organisation=self.organisation, email=email, roles=(Role.COUNCIL,), by=Who.COMMAND
            ),
            "founding": lambda email: founding.found_organisation(
                name="New", manager_email=email, by=Who.COMMAND
            ),
            "account": User.objects.create_user,
            "administrator": User.objects.create_superuser,
            "leaders' accounts": lambda email: accounts.create_leader_accounts(names={email: ""}),
        }

    @property
    def unit(self) -> Unit:
        return Unit.objects.get(organisation=self.organisation, code="N2")

    @property
    def person(self) -> Recipient:
        return Recipient.objects.get(campaign=self.open, email="n1-0@example.com")

    def import_person(self, email: str) -> None:
        rows = [PersonRow(email, "Anna", "N1", Function.SALES)]
        import_people(campaign=self.draft, rows=rows)

    def import_leader(self, email: str) -> None:
        rows = [UnitRow("C", "Acme Service", leader_email=email)]
        import_units(
            organisation=Organisation.objects.create(name="Other"), rows=rows, by=Who.WORKER
        )

    def add(self, email: str) -> Recipient:
        unit = self.open.units.get(code="N2")
        return latecomers.add_latecomer(
            unit=unit, email=email, name="", function=Function.SALES, by=Who.WORKER
        )

    def correct(self, email: str) -> None:
        links.correct_address(recipient=self.person, email=email, name="", by=Who.WORKER)


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def signed_in(client: Client, scene: Scene) -> Client:
    client.force_login(scene.manager)
    return client


def kept() -> list[list[tuple[object, ...]]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in HOLDING]


DOORS = (
    "import of people", "latecomer", "correction", "trial", "appointment", "member", "founding",
    "account", "administrator", "leaders' accounts",
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "poison", [POISON, "jörg@example.com", "anna@straße.example", "=?utf-8?q?boss?=@example.com"]
)
def test_no_service_lets_an_address_in_that_cannot_be_written_to(
    scene: Scene, door: str, poison: str
) -> None:
    before = kept()

    with pytest.raises(InputError, match=r"^Address: expected .*, found .*\.$"):
        scene.doors[door](poison)

    assert kept() == before


def test_an_import_of_leaders_makes_no_account_for_such_an_address(scene: Scene) -> None:
    with pytest.raises(InputError, match=r"U\+202C"):
        scene.doors["import of leaders"](POISON)

    assert not User.objects.filter(email__startswith="anna@").exists()


@pytest.mark.parametrize("door", [*DOORS, "import of leaders"])
def test_every_service_stores_an_address_as_it_is_sent(scene: Scene, door: str) -> None:
    scene.doors[door](UNICODE)

    stored = [
        *Recipient.objects.values_list("email", flat=True),
        *User.objects.values_list("email", flat=True),
        *TrialMail.objects.values_list("email", flat=True),
    ]
    assert [address for address in stored if "cher" in address] == [SENT]


def test_a_file_names_the_sign_and_one_mailbox_comes_once_however_it_is_spelled() -> None:
    people = read_people(
        (
            "email,name,unit,function\n"
            f"{POISON},Anna Berg,n,operations\n"
            "anna@exam\u00adple.com,Anna Berg,n,operations\n"
            "bo@bücher.example,Bo,n,sales\n"
            "bo@xn--bcher-kva.example,Bo,n,sales\n"
            "Bo@bu\u0308cher.example,Bo,n,sales\n"
        ).encode()
    )
    units = read_units(
        f"code,name,parent,leader_email\nN,North,,{POISON}\n".encode(), file="units.csv"
    )

    expected = "expected an address without spaces and invisible characters"
    assert [str(problem) for problem in people.problems] == [
        f"people.csv, line 2, column 1 (email): {expected}, {NAMED}",
        (
            f"people.csv, line 3, column 1 (email): {expected}, "
            "found U+00AD SOFT HYPHEN as character 10."
        ),
        (
            "people.csv, line 5, column 1 (email): expected every address once, "
            f"found '{SENT.replace('anna', 'bo')}' again, as on line 4."
        ),
        (
            "people.csv, line 6, column 1 (email): expected every address once, "
            f"found '{SENT.replace('anna', 'bo')}' again, as on line 4."
        ),
    ]
    assert [str(problem) for problem in units.problems] == [
        f"units.csv, line 2, column 4 (leader_email): {expected}, {NAMED}"
    ]


def test_whoever_is_invited_is_known_by_every_spelling_of_the_address(scene: Scene) -> None:
    scene.add(SENT)
    told = f"Address: expected one that is not invited yet, found {UNICODE.lower()}."

    for door in ("latecomer", "correction"):
        with pytest.raises(InputError) as refusal:
            scene.doors[door](UNICODE)
        assert str(refusal.value) == told


def test_whoever_has_an_account_is_known_by_every_spelling_of_the_address(scene: Scene) -> None:
    anna = User.objects.create_user(UNICODE, PASSWORD, name="Anna")

    scene.doors["appointment"](UNICODE)
    scene.doors["member"](SENT)
    scene.doors["import of leaders"](UNICODE)
    with pytest.raises(InputError, match=f"found {SENT} in that place"):
        scene.doors["appointment"](SENT)

    assert User.objects.filter(email__contains="cher").get() == anna
    assert Leadership.objects.filter(user=anna, until=None).count() == 2
    assert Membership.objects.filter(user=anna).count() == 1


@pytest.mark.parametrize("spelling", [UNICODE, SENT, "ANNA@XN--BCHER-KVA.EXAMPLE"])
def test_an_account_signs_in_by_every_spelling_of_its_address(
    client: Client, spelling: str
) -> None:
    User.objects.create_user(UNICODE, PASSWORD)

    answer = client.post("/sign-in/", {"username": spelling, "password": PASSWORD})

    assert answer.status_code == 302


def test_an_account_from_before_the_rule_still_signs_in(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", PASSWORD)
    User.objects.filter(pk=user.pk).update(email="anna@straße.example")

    answer = client.post("/sign-in/", {"username": "Anna@straße.example", "password": PASSWORD})

    assert answer.status_code == 302


def forms(scene: Scene) -> dict[str, tuple[str, dict[str, object]]]:
    """Return address and further fields of every page that takes an address."""
    place = {"unit": scene.open.units.get(code="N2").pk, "function": "sales"}
    person, unit = scene.person, scene.unit
    return {
        "latecomer": (reverse("survey:person-add", args=[scene.open.pk]), place),
        "correction": (reverse("survey:person-detail", args=[scene.open.pk, person.pk]), {}),
        "trial": (reverse("survey:trial-send", args=[scene.draft.pk]), {"language": "en"}),
        "appointment": (
            reverse("survey:unit-leaders", args=[scene.organisation.pk, unit.pk]),
            {"kind": "leader"},
        ),
        "password": ("/password/reset/", {}),
    }


@pytest.mark.parametrize("page", ["latecomer", "correction", "trial", "appointment", "password"])
def test_every_page_names_what_is_wrong_with_an_address(
    signed_in: Client, scene: Scene, page: str
) -> None:
    address, fields = forms(scene)[page]
    before = kept()

    answer = signed_in.post(address, {"email": POISON, **fields}, follow=True)

    assert NAMED in answer.text
    assert kept() == before


@pytest.mark.parametrize("page", ["latecomer", "correction", "appointment"])
def test_no_page_takes_a_name_with_signs_that_nobody_sees(
    signed_in: Client, scene: Scene, page: str
) -> None:
    address, fields = forms(scene)[page]
    before = kept()

    answer = signed_in.post(
        address, {"email": "anna@example.com", "name": "Anna \u202egreB", **fields}, follow=True
    )

    assert "found U+202E RIGHT-TO-LEFT OVERRIDE as character 6." in answer.text
    assert kept() == before


@pytest.mark.parametrize("name", ["A\u202eB", "A\nB", "A\x07B"])
def test_no_service_takes_a_name_with_signs_that_break_a_line(scene: Scene, name: str) -> None:
    unit, campaign = scene.open.units.get(code="N2"), scene.open
    before = kept()
    email = "anna@example.com"
    doors: list[Callable[[], object]] = [
        lambda: latecomers.add_latecomer(
            unit=unit, email=email, name=name, function=Function.SALES, by=Who.WORKER
        ),
        lambda: links.correct_address(
            recipient=scene.person, email=email, name=name, by=Who.WORKER
        ),
        lambda: leaderships.appoint(unit=scene.unit, email=email, name=name, by=Who.WORKER),
        lambda: founding.add_member(
            organisation=campaign.organisation,
            email=email,
            roles=(Role.COUNCIL,),
            name=name,
            by=Who.COMMAND,
        ),
        lambda: founding.found_organisation(name=name, manager_email=email, by=Who.COMMAND),
        lambda: accounts.create_leader_accounts(names={email: name}),
    ]

    for door in doors:
        with pytest.raises(InputError, match="Expected text without line breaks and control"):
            door()
    assert kept() == before


@pytest.mark.parametrize("field", ["name"])
def test_no_campaign_is_called_by_signs_that_nobody_sees(
    signed_in: Client, scene: Scene, field: str
) -> None:
    fields = {"name": "Spring", "purpose": "To improve.", field: "Spring\u202e"}

    answer = signed_in.post(reverse("survey:setup-name", args=[scene.draft.pk]), fields)

    scene.draft.refresh_from_db()
    assert "found U+202E RIGHT-TO-LEFT OVERRIDE as character 7." in answer.text
    assert scene.draft.name == "Spring survey"


def test_the_commands_say_what_is_wrong_in_one_line() -> None:
    with pytest.raises(CommandError, match=r"found U\+202C POP DIRECTIONAL FORMATTING"):
        call_command("create_organisation", "New", "--manager", POISON)
    with pytest.raises(CommandError, match=r"found U\+DC80 as character 1\."):
        call_command("create_organisation", "New", "--manager", "\udc80anna@example.com")

    assert not Organisation.objects.exists()
    assert not Campaign.objects.exists()
