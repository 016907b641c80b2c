"""The suite of `make faults` sees what it is there for, and its faults still fit the product."""

import smtplib
import socket
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from pytest_django import Settings

from diagnostics.reports.rendering.letters import RenderedPdf
from diagnostics.reports.rendering.processes import RenderProcess
from survey.instrument.answers import Answers
from survey.instrument.content import parse_instrument
from survey.models import Campaign, Invitation, Who
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services import ballots
from survey.services.campaigns import launch_campaign
from tests.faults.__main__ import Run, exit_code
from tests.faults.catalogue import SCENARIOS
from tests.faults.company import found_company, sheet_of, try_out
from tests.faults.databases import SQLITE
from tests.faults.injected import print_quickly
from tests.faults.ledger import Count, Group, Ledger
from tests.faults.mail_server import Delivered, MailServer, Manners, mail_server
from tests.faults.pace import CONSTANTS
from tests.faults.points import Point, happened, place_of, wrapped
from tests.faults.proxy import DatabaseProxy
from tests.faults.state import counts_of_ballots, counts_of_doubles, counts_of_links

ANNA, BO = {"TF1": 1, "TF2": 5}, {"TF1": 2, "TF2": 5}
LETTER = Delivered("<1@x>", "anna@x.example", "Spring survey", "")


def found(*counts: Count) -> list[tuple[str, int]]:
    """Return groups and numbers."""
    return [(one.group.value, one.found) for one in counts]


def run_of(*counts: Count) -> Run:
    """Return a run that ended with some counts."""
    return Run("whole", SQLITE, 1.0, counts, (), "")


def test_the_empty_document_is_of_the_kind_that_a_renderer_returns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RenderProcess, "render", RenderProcess.render)  # given back after the test
    print_quickly()
    document = RenderProcess().render("<p>Spring</p>")

    assert (type(document), document, document.missing_letters) == (
        RenderedPdf, b"%PDF-1.7 13", "",
    )  # fmt: skip


def test_an_answer_that_is_not_in_the_release_is_lost() -> None:
    ledger = Ledger(answers={"anna": ANNA, "bo": BO})

    assert found(ledger.lost_answers([ANNA]), ledger.extra_answers([ANNA])) == [
        ("lost", 1), ("twice", 0),
    ]  # fmt: skip
    assert ledger.lost_answers([ANNA]).examples == ("bo",)


def test_an_answer_that_is_there_twice_and_one_of_nobody_are_counted() -> None:
    ledger = Ledger(answers={"anna": ANNA}, may_have_answered={"bo": BO})
    stranger = {"TF1": 7, "TF2": 7}

    assert found(ledger.extra_answers([ANNA, ANNA, BO, stranger])) == [("twice", 2)]
    assert found(ledger.lost_answers([ANNA, ANNA, BO, stranger])) == [("lost", 0)]


def test_a_release_that_dropped_an_item_loses_nobody() -> None:
    ledger = Ledger(answers={"anna": ANNA, "bo": BO})

    assert found(ledger.lost_answers([{"TF1": 1}, {"TF1": 2}])) == [("lost", 0)]


def test_a_mail_that_came_as_two_is_counted_and_so_is_one_that_never_came() -> None:
    ledger, again = Ledger(), replace(LETTER, message_id="<2@x>")

    assert found(
        ledger.doubled_mails([LETTER, again]),
        ledger.doubled_mails([LETTER, again], alarms=["anna@x.example"]),
        ledger.repeated_mails([LETTER, again]),
        ledger.lost_mails(["anna@x.example", "bo@x.example"], [LETTER], "survey"),
    ) == [("twice", 1), ("twice", 0), ("twice", 0), ("lost", 1)]


def test_a_copy_of_a_mail_counts_unless_a_fault_explains_it() -> None:
    counts = [Ledger(repeats=n).repeated_mails([LETTER, LETTER, LETTER]) for n in (0, 1, 2)]

    assert found(*counts) == [("twice", 2), ("twice", 1), ("twice", 0)]


def test_a_saved_text_that_is_gone_or_doubled_is_counted() -> None:
    ledger = Ledger(texts={"action a": "a", "action b": "b"})
    stored = {"action b": ["b", "b"]}

    assert found(ledger.lost_texts(stored), ledger.doubled_texts(stored)) == [
        ("lost", 1), ("twice", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "problem", "code"),
    [
        ([Count(Group.LOST, "answers", 0)], "", 0),
        ([Count(Group.LOST, "answers", 1)], "", 1),
        ([Count(Group.TRIED, "points that were not reached", 1)], "", 1),
        ([Count(Group.LOST, "answers", 0)], "the scenario broke", 1),
    ],
)
def test_whatever_is_not_zero_ends_the_run_with_one(
    counts: list[Count], problem: str, code: int
) -> None:
    whole = run_of(Count(Group.LOST, "answers", 0))

    assert exit_code([whole, replace(run_of(*counts), problem=problem)]) == code


def test_a_run_in_which_everything_was_left_out_proves_nothing() -> None:
    assert exit_code([replace(run_of(), left_out="no mounts here")]) == 1


@pytest.mark.django_db
def test_a_product_that_loses_answers_and_links_ends_the_run_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REPORT_DIR = tmp_path / "reports"  # other tests leave files in the common one
    company = found_company(members=2)
    try_out(company.campaign)
    campaign = launch_campaign(campaign=company.campaign, by=Who.WORKER)
    people = list(company.people)
    whole = run_of(*counts_of_links(people, campaign), *counts_of_doubles())
    submit_as(campaign, people[:2])
    whole = replace(whole, counts=(*whole.counts, *counts_of_ballots(2, 0)))

    losing = wrapped(
        ballots._mark_done, Point("survey.services.ballots._mark_done", action="lose"), tmp_path
    )
    monkeypatch.setattr(ballots, "_mark_done", losing)
    submit_as(campaign, people[2:5])
    Invitation.objects.filter(recipient__email=people[0]).update(revoked=True)
    weak = run_of(*counts_of_ballots(5, 0), *counts_of_links(people, campaign))

    assert [one for one in whole.counts if one.found] == []
    assert exit_code([whole]) == 0
    assert found(*weak.counts) == [("lost", 3), ("twice", 0), ("lost", 1), ("twice", 0)]
    assert exit_code([whole, weak]) == 1


def submit_as(campaign: Campaign, addresses: list[str]) -> None:
    """Hand in somebody's answers as the page does."""
    instrument, key = parse_instrument(campaign.instrument.content), load_token_key(campaign.pk)
    for address in addresses:
        invitation = Invitation.objects.get(recipient__email=address)
        sheet = sheet_of(address, invitation.unit.code, instrument, 1)
        ballots.submit(token=derive_token(key, invitation.pk), answers=Answers(sheet))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_point_of_a_scenario_is_in_the_product(name: str) -> None:
    points = SCENARIOS[name].points(Random(1))
    module, _, act = SCENARIOS[name].place.partition(".")

    assert [callable(getattr(*place_of(point.path))) for point in points] == [True] * len(points)
    assert callable(getattr(import_module(f"tests.faults.scenarios.{module}"), act))


@pytest.mark.parametrize("path", CONSTANTS)
def test_every_time_that_is_shortened_is_in_the_product(path: str) -> None:
    module, _, name = path.rpartition(".")

    assert hasattr(import_module(module), name)


def test_a_full_disk_happens_once_and_a_lost_call_does_nothing(tmp_path: Path) -> None:
    full = Point("x.y", call=2, action="full")
    calls: list[int] = []
    function = wrapped(calls.append, full, tmp_path)

    function(1)
    with pytest.raises(OSError, match="No space left"):
        function(2)
    function(3)
    wrapped(calls.append, Point("x.y", action="lose"), tmp_path)(4)

    assert calls == [1, 3]
    assert happened([full, replace(full, call=9)], tmp_path) == [full.flag]


def send(server: MailServer, *addresses: str) -> None:
    """Send a mail to each address over one connection."""
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as line:
        for address in addresses:
            text = f"Message-ID: <{address}>\r\nSubject: Hello\r\n\r\n.dot\r\n"
            line.sendmail("us@x.example", [address], text)


def test_the_mail_server_keeps_what_it_said_yes_to_and_nothing_else() -> None:
    with mail_server() as server:
        send(server, "a@x.example")
        server.manners = Manners(refusals={"b@x.example": "550 5.1.1 unknown"}, most_mails=1)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(server, "b@x.example")
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(server, "c@x.example", "d@x.example")
        server.manners = Manners(resets_in_data=True)
        with pytest.raises(OSError, match=r"reset|closed"):
            send(server, "e@x.example")
        server.manners = Manners(answers_after_data="451 no space")
        with pytest.raises(smtplib.SMTPDataError):
            send(server, "f@x.example")

        assert server.delivered == [
            Delivered("<a@x.example>", "a@x.example", "Hello", ".dot\r\n"),
            Delivered("<c@x.example>", "c@x.example", "Hello", ".dot\r\n"),
        ]


def test_the_proxy_passes_on_cuts_and_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as target:
        proxy = DatabaseProxy("127.0.0.1", target.getsockname()[1])
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client:
            server, _ = target.accept()
            client.sendall(b"ask")
            with server:
                assert server.recv(3) == b"ask"
                proxy.drop()
                assert client.recv(1) == b""
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as refused:
            assert refused.recv(1) == b""
        proxy.restore()
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as again:
            server, _ = target.accept()
            with server:
                server.sendall(b"answer")
                assert again.recv(6) == b"answer"
        proxy.stop()
