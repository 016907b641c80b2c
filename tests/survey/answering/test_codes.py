"""Codes on paper: made once, good for one answer, tied to nobody; and shared devices."""

import re

import pytest
import segno
from django.db import connection
from django.test import Client
from django.urls import reverse

from survey.errors import InputError, StateError
from survey.instrument.answers import Answers
from survey.models import Ballot, Campaign, Function, Invitation, LedgerEntry, Message, Role, Who
from survey.sealing import boxes, keys
from survey.sealing.codes import PaperCode, read_code
from survey.sealing.tokens import survey_link
from survey.selectors.code_sheets import code_counts, slip_of
from survey.selectors.respondents import find_respondent, token_behind
from survey.services.ballots import submit
from survey.services.opening.closing import close_campaign
from survey.services.running.code_sheets import make_code_sheet, revoke_codes
from tests.survey.database_dump import dump
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return open_campaign_of(organisation_with_manager()[0])


@pytest.fixture
def codes(campaign: Campaign) -> tuple[PaperCode, ...]:
    unit = campaign.units.get(code="N2")
    return make_code_sheet(unit=unit, function=Function.SALES, count=3, by=Who.WORKER).codes


def test_a_code_is_good_for_one_answer_of_its_unit_and_function(
    campaign: Campaign, codes: tuple[PaperCode, ...]
) -> None:
    token = codes[0].token

    submit(token=token, answers=Answers())
    submit(token=token, answers=Answers())

    opened = boxes.open_box(keys.load_private_key(campaign.id), Ballot.objects.get().box)
    assert (opened["unit"], opened["function"], opened["leads"]) == (
        str(campaign.units.get(code="N2").id),
        "sales",
        False,
    )


def test_codes_belong_to_nobody_and_get_no_mail(codes: tuple[PaperCode, ...]) -> None:
    made = Invitation.objects.filter(token_hash__isnull=False, recipient=None)

    assert (len({code.text for code in codes} | {code.token for code in codes}), made.count()) == (
        6,
        3,
    )
    assert not Message.objects.filter(invitation__recipient=None).exists()
    assert all(read_code(code.text) == code.text for code in codes)
    entry = LedgerEntry.objects.get(action="codes made")
    assert (entry.unit_code, entry.function, entry.detail) == ("N2", "sales", {"count": 3})


def test_revoked_codes_lead_nowhere_and_those_of_other_units_stay(
    campaign: Campaign, codes: tuple[PaperCode, ...]
) -> None:
    other = make_code_sheet(
        unit=campaign.units.get(code="N1"), function=Function.SALES, count=1, by=Who.WORKER
    ).codes
    submit(token=codes[0].token, answers=Answers())

    revoked = revoke_codes(
        unit=campaign.units.get(code="N2"), function=Function.SALES, by=Who.WORKER
    )

    assert revoked == 3
    assert [find_respondent(code.token) for code in codes] == [None] * 3
    assert find_respondent(other[0].token) is not None
    assert Ballot.objects.count() == 1
    assert [(row.unit, row.count) for row in code_counts(campaign)] == [("Field team Ålesund", 1)]
    assert Invitation.objects.filter(revoked=True, recipient__isnull=False).count() == 0


def test_codes_are_made_in_limited_numbers_while_the_campaign_is_open(campaign: Campaign) -> None:
    unit = campaign.units.get(code="N2")

    for count in (0, 201):
        with pytest.raises(InputError, match=f"expected 1 to 200, found {count}"):
            make_code_sheet(unit=unit, function=Function.SALES, count=count, by=Who.WORKER)
    close_campaign(campaign=campaign, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.WORKER)
    with pytest.raises(StateError, match="expected an open campaign, found “Closed"):
        revoke_codes(unit=unit, function=Function.SALES, by=Who.WORKER)


def test_the_sheet_is_shown_once_and_the_database_keeps_no_code(
    client: Client, campaign: Campaign
) -> None:
    client.force_login(campaign.organisation.memberships.get(role=Role.MANAGER).user)
    unit = campaign.units.get(code="N2")
    address = reverse("survey:code-list", args=[campaign.id])

    sheet = client.post(address, {"unit": unit.id, "function": "sales", "count": 2})
    after = client.get(address).content.decode()

    printed = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", sheet.content.decode())
    codes = [read_code(text) for text in printed]
    assert [find_respondent(token_behind(code)) is not None for code in codes] == [True, True]
    assert "no-store" in sheet.headers["Cache-Control"]
    assert [text for text in printed if text in after] == []
    content = repr(dump(connection)).lower()
    assert [secret for code in codes for secret in (code, token_behind(code))
            if secret in content] == []  # fmt: skip


def test_a_slip_s_square_covers_the_dark_modules(codes: tuple[PaperCode, ...]) -> None:
    slip = slip_of(codes[0])
    expected = segno.make(survey_link(codes[0].token), error="m", micro=False).matrix

    drawn = [[0] * len(expected) for _ in expected]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", slip.path):
        for column in range(int(x), int(x) + int(width)):
            drawn[int(y)][column] = 1
    assert drawn == [list(row) for row in expected]
    assert slip.box == f"-4 -4 {len(expected) + 8} {len(expected) + 8}"


@pytest.mark.parametrize("role_is_manager", [False, True])
def test_code_sheets_are_for_the_organisation_s_managers(
    client: Client, campaign: Campaign, role_is_manager: bool
) -> None:
    _, stranger = organisation_with_manager("Ours", "ours@example.com")
    manager = campaign.organisation.memberships.get(role=Role.MANAGER).user
    member = manager if role_is_manager else stranger
    client.force_login(member)
    unit = campaign.units.get(code="N2")
    entries = {"unit": unit.id, "function": "sales", "count": 1}

    made = client.post(reverse("survey:code-list", args=[campaign.id]), entries).status_code
    revoked = client.post(reverse("survey:code-revoke", args=[campaign.id]), entries).status_code

    assert (made, revoked) == ((200, 302) if role_is_manager else (404, 404))


def test_a_unit_of_another_campaign_is_refused(client: Client, campaign: Campaign) -> None:
    theirs = open_campaign_of(organisation_with_manager("Theirs", "their@example.com")[0])
    client.force_login(campaign.organisation.memberships.get(role=Role.MANAGER).user)
    entries = {"unit": theirs.units.get(code="N2").id, "function": "sales", "count": 1}

    answer = client.post(reverse("survey:code-list", args=[campaign.id]), entries)

    assert list(answer.context["form"].errors) == ["unit"]
    assert not Invitation.objects.filter(recipient=None).exists()


def test_a_typed_code_leads_to_the_survey_however_it_is_written(
    client: Client, codes: tuple[PaperCode, ...]
) -> None:
    code = codes[0].text.upper()
    typed = f" {code[:4]}-{code[4:8]} {code[8:12]}{code[12:]} "

    answer = client.post("/code/", {"code": typed}, follow=True)

    assert answer.redirect_chain == [("/answer/", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("a" * 16, "Expected a code of an open survey, found none that matches."),
        ("short", "Expected 16 letters and digits in four groups, found something else."),
    ],
)
def test_a_wrong_code_is_told_so_and_sets_no_cookie(
    client: Client, codes: tuple[PaperCode, ...], typed: str, message: str
) -> None:
    answer = client.post("/code/", {"code": typed})

    assert answer.status_code == 404
    assert answer.context["form"].errors == {"code": [message]}
    assert "rutin-link" not in answer.cookies


def test_a_shared_device_forgets_the_person_before(
    client: Client, codes: tuple[PaperCode, ...]
) -> None:
    client.post("/code/kiosk/", {"kiosk": "on"})
    page = client.post("/code/", {"code": codes[0].text}, follow=True).content.decode()

    client.get("/code/")

    assert "data-kiosk" in page
    assert "survey/kiosk.js" in page
    assert client.get("/answer/").status_code == 404


def test_a_device_of_one_s_own_stays_in_the_survey(
    client: Client, codes: tuple[PaperCode, ...]
) -> None:
    client.post("/code/kiosk/", {"kiosk": "on"})
    client.post("/code/kiosk/", {"kiosk": "off"})
    page = client.post("/code/", {"code": codes[0].text}, follow=True).content.decode()

    client.get("/code/")

    assert "kiosk" not in page
    assert client.get("/answer/").status_code == 200


def test_two_hundred_people_behind_one_address_type_their_codes_whatever_went_wrong_before(
    campaign: Campaign,
) -> None:
    unit = campaign.units.get(code="N2")
    sheet = make_code_sheet(unit=unit, function=Function.SALES, count=200, by=Who.WORKER)
    wrong = [Client().post("/code/", {"code": "b" * 16}).status_code for _ in range(62)]

    entered = {Client().post("/code/", {"code": code.text}).status_code for code in sheet.codes}

    assert wrong == [404] * 60 + [429] * 2
    assert entered == {302}
