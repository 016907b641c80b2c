"""Addresses as they are sent: what is refused and why, and that what passes can be mailed."""

from email import message_from_bytes, policy
from importlib import import_module

import pytest
from django.apps import apps
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from diagnostics.project.checks import senders_can_be_written
from survey.mail.addresses import AddressError, AddressFault, address_as_sent, address_key
from survey.mail.messages import set_password_mail, survey_mail, trial_mail
from survey.models import Campaign, Invitation, Message, Organisation, Recipient, TrialMail, User
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

UNSEEN = "an address without spaces and invisible characters"
PLAIN = "only the letters a to z, digits and signs before the @"
SAME = "an address that stays the same when it is sent"
DOMAIN = "a domain with 1 to 63 letters between its dots, as it is sent"
LINK = "http://localhost:8000/s/x"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("anna@example.com", "anna@example.com"),
        (" Anna.Berg@Example.COM\u00a0", "anna.berg@example.com"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@bu\u0308cher.example", "anna@xn--bcher-kva.example"),  # decomposed
        ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
        ("anna@xn--strae-oqa.example", "anna@xn--strae-oqa.example"),  # straße, as it is meant
        ("O'Brien+survey@example.com", "o'brien+survey@example.com"),
        ("!#$%&'*+/=^_`{|}~?-@example.com", "!#$%&'*+/=^_`{|}~?-@example.com"),
        ("anna@[192.0.2.1]", "anna@[192.0.2.1]"),
        ("anna@localhost", "anna@localhost"),
    ],
)
def test_an_address_is_trimmed_lower_case_and_its_domain_encoded(typed: str, sent: str) -> None:
    assert address_as_sent(typed) == sent
    assert address_as_sent(sent) == sent


@pytest.mark.parametrize(
    ("typed", "expected", "found"),
    [
        ("", "an e-mail address", "nothing"),
        ("anna", "an e-mail address", "'anna'"),
        ("@example.com", "an e-mail address", "'@example.com'"),
        ("anna@b", "an e-mail address", "'anna@b'"),
        ("anna@example.com\u202c", UNSEEN, "U+202C POP DIRECTIONAL FORMATTING as character 17"),
        ("anna@example.com\u200b", UNSEEN, "U+200B ZERO WIDTH SPACE as character 17"),
        ("\ufeffanna@example.com", UNSEEN, "U+FEFF ZERO WIDTH NO-BREAK SPACE as character 1"),
        ("anna@exam\u00adple.com", UNSEEN, "U+00AD SOFT HYPHEN as character 10"),
        ("anna@ex\u034fample.com", UNSEEN, "U+034F COMBINING GRAPHEME JOINER as character 8"),
        ("an\u3164na@example.com", UNSEEN, "U+3164 HANGUL FILLER as character 3"),
        ("anna\x07@example.com", UNSEEN, "U+0007 as character 5"),
        ("anna\r\nBcc: b@example.com", UNSEEN, "U+000D as character 5"),
        ("anna berg@example.com", UNSEEN, "U+0020 SPACE as character 5"),
        ("anna@exa\udc80mple.com", UNSEEN, "U+DC80 as character 9"),
        ("j\u00f6rg@example.com", PLAIN,
         "U+00F6 LATIN SMALL LETTER O WITH DIAERESIS as character 2"),
        ("\u212aim@example.com", PLAIN, "U+212A KELVIN SIGN as character 1"),
        ("anna@stra\u00dfe.example", SAME,
         "one that would go to anna@strasse.example, perhaps somebody else"),
        ("anna@\u03bf\u03b4\u03bf\u03c2.example", SAME,
         "one that would go to anna@xn--pxavbq.example, perhaps somebody else"),
        ("anna@ex\uff0eample.com", SAME,
         "one that would go to anna@ex.ample.com, perhaps somebody else"),
        ('"anna"@example.com', PLAIN, "U+0022 QUOTATION MARK as character 1"),
        ("=?utf-8?q?boss?=@example.com", SAME,
         "one that would go to boss@example.com, perhaps somebody else"),
        ("anna@ex..com", DOMAIN, "'ex..com'"),
        (f"anna@{'a' * 64}.com", DOMAIN, f"'{'a' * 60}…'"),
        (f"anna@{'ü' * 60}.com", DOMAIN, f"'{'ü' * 60}…'"),
        (f"{'a' * 243}@example.com", "at most 254 characters", "255 characters"),
        (f"anna@{'.'.join(['ü' * 50] * 5)}.com", "at most 254 characters", "293 characters"),
        ("a" * 100_000, "at most 254 characters", "100000 characters"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_written_to_is_refused_with_the_reason(
    typed: str, expected: str, found: str
) -> None:
    with pytest.raises(AddressError) as refusal:
        address_as_sent(typed)

    assert str(refusal.value) == f"Address: expected {expected}, found {found}."
    assert AddressFault.read(str(refusal.value.fault)) == refusal.value.fault


@pytest.mark.parametrize(
    "stored",
    ["", "unseen: here", "unseen: 0 U+202C", "unseen: 1 U+110000", "length: ²", "no: 1", "letters"],
)
def test_what_a_mail_server_says_is_read_as_no_fault_of_ours(stored: str) -> None:
    assert AddressFault.read(stored) is None


# Addresses of every kind: mostly near the rules' edges, where what is shown and what is sent part.
LETTERS = st.one_of(
    st.sampled_from(list("abAZ09._+-'=?\"\\,;:<>()[]@ %!#$&*/^`{|}~")),
    st.sampled_from(list("ßςüéİıſKⅷ．。☕ø\u0308\u200d\u202e\u00ad\u2800\ufe0f\udcff")),
    st.characters(),
)
NAMES = st.one_of(
    st.text(LETTERS, max_size=12),
    st.text(LETTERS, max_size=12).map('"{}"'.format),
    st.text("abc=?_", max_size=6).map("=?utf-8?q?{}?=".format),
    st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,70}", fullmatch=True),
)
DOMAINS = st.one_of(
    st.text(LETTERS, max_size=12).map("{}.com".format),
    st.text("aü-.1ß", max_size=90).map("{}.example".format),
    st.text("0123456789.:abcdef", max_size=20).map("[{}]".format),
)
ADDRESSES = st.builds("{}@{}".format, NAMES, DOMAINS) | st.text(LETTERS, max_size=20)


def sent_or_refused(typed: str) -> str | AddressError:
    try:
        return address_as_sent(typed)
    except AddressError as refusal:
        return refusal


def mails_to(address: str) -> list[EmailMultiAlternatives]:
    """Return one mail of each kind, as the worker composes them; nothing is saved."""
    campaign = Campaign(name="Spring", languages=["en"], organisation=Organisation(name="Acme"))
    recipient = Recipient(campaign=campaign, email=address)
    invitation = Invitation(campaign=campaign, recipient=recipient)
    return [
        survey_mail(Message(invitation=invitation, kind=Message.Kind.INVITATION), LINK),
        survey_mail(Message(invitation=invitation, kind=Message.Kind.REMINDER), LINK),
        trial_mail(TrialMail(campaign=campaign, email=address, language="en"), LINK),
        set_password_mail(User(email=address), LINK),
    ]


@settings(max_examples=400)
@given(typed=ADDRESSES)
@example("!#$%&'*+/^_`{|}~-@example.com")
@example(f"{'a' * 64}@{'.'.join(['b' * 60] * 3)}.example")
@example("=?@example.com")
@example("a=?utf-8?b?YQ==?=b@example.com")
@example("anna@[::1]")
@example("a..b@example.com")
def test_what_passes_can_be_mailed_to_that_address_and_what_is_refused_has_a_reason(
    typed: str,
) -> None:
    address = sent_or_refused(typed)
    if isinstance(address, AddressError):
        assert "expected " in str(address)
        assert AddressFault.read(str(address.fault)) == address.fault
        return

    assert address.isascii()
    assert address_as_sent(address) == address_key(typed) == address
    assert sanitize_address(address, "utf-8") == address
    for mail in mails_to(address):
        content = mail.message().as_bytes()
        header = message_from_bytes(content, policy=policy.default)["To"]
        assert [found.addr_spec for found in header.addresses] == [address]


@pytest.mark.django_db
def test_stored_addresses_are_encoded_once_and_what_changes_by_it_stays() -> None:
    campaign = draft_campaign(organisation_with_manager()[0])
    people = list(campaign.recipients.order_by("email"))
    stored = (
        "a@bücher.example", "b@bücher.example", "b@xn--bcher-kva.example", "c@straße.example",
        "d@example.com\u202c", "jörg@example.com",
    )  # fmt: skip
    for person, address in zip(people, stored, strict=False):
        Recipient.objects.filter(pk=person.pk).update(email=address)
    User.objects.filter(email="lars@example.com").update(email="lars@bücher.example")
    migration = import_module("survey.migrations.0005_mail_problems")

    for _ in range(2):
        migration.encode_domains(apps, None)

    changed = [Recipient.objects.get(pk=person.pk).email for person in people]
    assert changed[: len(stored)] == ["a@xn--bcher-kva.example", *stored[1:]]
    assert changed[len(stored) :] == [person.email for person in people[len(stored) :]]
    assert User.objects.with_address("Lars@Bücher.example") is not None


@pytest.mark.parametrize(
    ("sender", "bounces", "told"),
    [
        ("Rutin <rutin@localhost>", "", []),
        ("Rutin <rutin@127.0.0.1>", "bounces@example.com", []),
        ("Rutin <rutin@exa\u200bmple.com>", "",
         [("DEFAULT_FROM_EMAIL cannot be used as a sender. Address: expected an address without "
          "spaces and invisible characters, found U+200B ZERO WIDTH SPACE as character 10.")]),
        ("Rutin <rutin@example.com> or so", "",
         [("DEFAULT_FROM_EMAIL cannot be used as a sender. Expected an address such as Rutin "
          "<rutin@example.com>, found 'Rutin <rutin@example.com> or so'.")]),
        ("rutin@example.com", "bounces@straße.example",
         [("BOUNCE_ADDRESS cannot be used as a sender. Address: expected an address that stays the "
          "same when it is sent, found one that would go to "
          "bounces+00000000000000000000000000000000@strasse.example, perhaps somebody else.")]),
    ],
)  # fmt: skip
def test_a_sender_that_no_mail_can_carry_is_told_at_the_start(
    settings: Settings, sender: str, bounces: str, told: list[str]
) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.BOUNCE_ADDRESS = sender, bounces

    assert [str(found.msg) for found in senders_can_be_written()] == told
