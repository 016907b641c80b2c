"""Whose affair an answer of a mail server is: only what is about an address counts against it."""

import pytest

from survey.mail.verdicts import Answer, Stage, Verdict, cause_of, verdict_of, verdict_of_stored

OF_ADDRESSES = [
    (550, "5.1.1 <anna@relay.example>: Recipient address rejected: User unknown"),
    (550, "5.1.2 bad destination system"),
    (553, "5.1.3 not a mailbox that can be"),
    (551, "5.1.6 has moved"),
    (556, "5.1.10 domain takes no mail"),
    (556, "no mail here"),
    (550, "5.2.1 closed"),
    (552, "5.2.2 full"),
    (550, "5.5.0 Requested action not taken: mailbox unavailable"),
    (550, "Unknown user: policy@example.com"),
    (550, "no such user here"),
    (550, "sorry, no mailbox here by that name (#5.1.1)"),
    (550, "Mailbox does not exist"),
    (554, "delivery error: this account has been disabled"),
    (552, "mailbox is full"),
    (550, "That person no longer works here"),
]
OF_THE_SERVER = [
    (554, "5.7.1 <anna@example.com>: Relay access denied"),
    (550, "5.7.1 no such user"),  # the code says that it is policy
    (550, "5.7.26 unauthenticated mail is not accepted"),
    (554, "relay denied"),
    (550, "relaying to <anna@example.com> prohibited"),
    (553, "sorry, that domain isn't in my list of allowed rcpthosts"),
    (530, "5.7.0 authentication required"),
    (530, "sign in first"),
    (535, "wrong password"),
    (550, "5.1.8 sender's domain is not known"),
    (550, "5.3.4 too big for this system"),
    (550, "5.4.5 daily quota of user sending exceeded"),
    (550, "the sender is blocked"),
    (550, "Daily sending quota exceeded"),
    (550, "Sender verify failed: no such user"),
    (554, "5.6.0 content refused"),
    (550, "your network is on our blocklist"),
    (554, "transaction failed"),
    (451, "4.3.0 try later"),
    (450, "4.7.1 greylisted"),
    (452, "insufficient storage"),
    (421, "4.7.0 too many mails"),
]
OF_NOBODY_KNOWS = [
    (550, "rejected"),
    (550, "5.4.1 <anna@example.com>: Recipient address rejected: Access denied"),
    (550, "5.1.0 address rejected"),
    (451, "try again later"),
    (421, "too many today"),
    (550, "we run version 5.7.1.9"),
]


@pytest.mark.parametrize(("code", "text"), OF_ADDRESSES)
def test_what_is_said_of_a_mailbox_is_the_addresses_affair(code: int, text: str) -> None:
    assert verdict_of(Answer(code, text, Stage.RECIPIENT)) is Verdict.ADDRESS


@pytest.mark.parametrize(("code", "text"), OF_THE_SERVER)
def test_what_is_said_of_us_or_of_mail_is_the_servers_affair(code: int, text: str) -> None:
    assert verdict_of(Answer(code, text, Stage.RECIPIENT)) is Verdict.SERVER


@pytest.mark.parametrize(("code", "text"), OF_NOBODY_KNOWS)
def test_what_says_neither_stays_open(code: int, text: str) -> None:
    assert verdict_of(Answer(code, text, Stage.RECIPIENT)) is Verdict.UNCLEAR


@pytest.mark.parametrize(("code", "text"), [*OF_ADDRESSES, *OF_THE_SERVER, *OF_NOBODY_KNOWS])
def test_before_an_address_was_named_nothing_is_about_one(code: int, text: str) -> None:
    assert verdict_of(Answer(code, text, Stage.SENDER)) is Verdict.SERVER


def test_a_refused_text_is_the_servers_affair_unless_it_names_a_mailbox() -> None:
    answers = ["rejected", "message refused", "5.1.1 gone", "no such user"]

    verdicts = [verdict_of(Answer(550, text, Stage.CONTENT)).name for text in answers]

    assert verdicts == ["SERVER", "SERVER", "ADDRESS", "ADDRESS"]


def test_what_is_stored_of_a_failure_says_the_same() -> None:
    stored = ["5.1.1 550 5.1.1 no such user", "554 5.2.2 mailbox full", "5.7.1 550 spam",
              "4.4.1 no route", "failed", "unexpected: KeyError"]  # fmt: skip

    assert [verdict_of_stored(reason).name for reason in stored] == [
        "ADDRESS", "ADDRESS", "SERVER", "SERVER", "UNCLEAR", "UNCLEAR",
    ]  # fmt: skip


def test_a_cause_names_nobody_and_is_one_for_all() -> None:
    said = "550 5.7.1 <{0}@example.com>: not allowed to write to {0} ({1}) at example.com."

    causes = {cause_of(said.format(name, number), f"{name}@example.com")
              for name, number in (("anna", "4F2x9"), ("bert.l", "8812a"))}  # fmt: skip

    assert causes == {"550 5.7.1 not allowed to write to at"}
