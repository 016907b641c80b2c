"""Whose word about the sender and the scheme of a request is taken."""

import logging
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from diagnostics.project.checks import proxies_are_named
from survey.errors import InputError
from survey.policy import FAILED_LINKS, WRONG_PASSWORDS
from survey.proxies import (
    NOWHERE,
    TrustedProxies,
    _tell_once,
    client_address,
    counted_address,
    read_proxies,
)
from tests.proofs.logs import logging_server
from tests.survey.staff_scenes import PASSWORD, organisation_with_manager
from tests.survey.test_token_logging import Browser

PROXY, SECOND_PROXY, PAST_IT = "10.0.0.2", "10.0.0.3", "10.9.9.9"
STRANGER, MARIA = "203.0.113.66", "198.51.100.7"


@pytest.fixture(autouse=True)
def _trusting(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [PROXY, SECOND_PROXY, "fd00::/64"]
    _tell_once.cache_clear()


def seen(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory(REMOTE_ADDR=peer, headers=headers).get("/"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (PROXY, STRANGER, STRANGER),
        (PROXY, f"1.1.1.1, {STRANGER}", STRANGER),  # whatever the sender put before it
        (PROXY, f"{MARIA}, {STRANGER}, {SECOND_PROXY}", STRANGER),  # through two of ours
        (PROXY, f"{STRANGER}:51234", STRANGER),
        (PROXY, "[2001:db8::1]:443", "2001:db8::1"),
        (PROXY, f"::ffff:{STRANGER}", STRANGER),
        (f"::ffff:{PROXY}", STRANGER, STRANGER),
        ("fd00::9", "2001:db8::1", "2001:db8::1"),
        (PROXY, f"{SECOND_PROXY}, {PROXY}", SECOND_PROXY),  # somebody on the proxy's own machine
        # nothing that can be read: the peer itself
        (PROXY, None, PROXY),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{STRANGER}, unknown", PROXY),
        (PROXY, "' OR 1=1", PROXY),
        # past the proxy: what it says counts nothing
        (PAST_IT, MARIA, PAST_IT),
        (PAST_IT, None, PAST_IT),
        ("2001:db8::66", MARIA, "2001:db8::66"),
        ("", MARIA, NOWHERE),
        ("nonsense", MARIA, NOWHERE),
    ],
)
def test_the_client_is_the_last_sender_that_is_no_proxy_of_ours(
    peer: str, forwarded: str | None, client: str
) -> None:
    assert seen(peer, forwarded) == client


def test_a_web_server_behind_a_unix_socket_is_trusted_by_its_word(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["unix"]

    assert seen("", STRANGER) == STRANGER
    assert seen(PROXY, STRANGER) == PROXY


def test_ipv6_is_counted_by_its_network_of_64_bits() -> None:
    def counted(address: str) -> str:
        return counted_address(RequestFactory(REMOTE_ADDR=address).get("/"))

    assert counted("2001:db8:1:2:aaaa::1") == counted("2001:db8:1:2:bbbb::2") == "2001:db8:1:2::"
    assert counted("2001:db8:1:3::1") == "2001:db8:1:3::"
    assert counted(STRANGER) == STRANGER


@pytest.mark.parametrize(
    ("peer", "claims", "scheme"),
    [
        (PROXY, {"X-Forwarded-Proto": "https"}, "https"),
        (PROXY, {"X-Forwarded-Proto": "HTTPS"}, "https"),
        (PROXY, {"X-Forwarded-Proto": "http"}, "http"),
        (PROXY, {"X-Forwarded-Proto": "https, http"}, "http"),
        (PROXY, {"X-Forwarded-Ssl": "on"}, "http"),
        (PAST_IT, {"X-Forwarded-Proto": "https"}, "http"),
        (PAST_IT, {"X-Forwarded-Protocol": "ssl"}, "http"),
        ("", {"X-Forwarded-Proto": "https"}, "http"),
    ],
)
@pytest.mark.parametrize("believed", ["http", "https"])  # by the web server, such as gunicorn
def test_https_is_believed_of_a_trusted_proxy_only(
    peer: str, claims: dict[str, str], scheme: str, believed: str
) -> None:
    site = Site()
    site.handle(peer, claims, scheme=believed)

    assert (site.request.scheme, site.request.is_secure()) == (scheme, scheme == "https")


def test_https_of_the_server_itself_stands() -> None:
    site = Site()
    site.handle(PAST_IT, {}, scheme="https")

    assert site.request.is_secure()


@pytest.mark.parametrize("peer", [PROXY, PAST_IT])
def test_no_forwarded_header_reaches_the_site(peer: str) -> None:
    names = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
             "X-Forwarded-Prefix", "Forwarded", "X-Real-IP", "True-Client-IP",
             "CF-Connecting-IP", "X-Original-URL", "X-Rewrite-URL", "Client-IP")  # fmt: skip
    site = Site()
    site.handle(peer, dict.fromkeys(names, "evil.example") | {"Accept-Language": "fi"})

    assert dict(site.request.headers) == {"Accept-Language": "fi", "Cookie": ""}
    assert "evil.example" not in repr(site.request.META)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [
        (PROXY, STRANGER),
        (PROXY, None),
        (PROXY, "unknown"),
        (PAST_IT, None),
        (PAST_IT, MARIA),
        ("", None),
        ("", MARIA),
    ],
)
def test_ten_wrong_passwords_of_a_stranger_lock_that_stranger_only(
    peer: str, forwarded: str | None
) -> None:
    organisation_with_manager()
    stranger = through(peer, forwarded)
    for _ in range(WRONG_PASSWORDS + 1):
        refused = signs_in(stranger, "wrong")

    assert refused == 429
    assert signs_in(stranger, PASSWORD) == 429
    assert signs_in(through(PROXY, MARIA), PASSWORD) == 302
    assert not AccessAttempt.objects.filter(ip_address=None).exists()


@pytest.mark.django_db
def test_a_stranger_with_many_addresses_of_one_network_is_one_sender() -> None:
    organisation_with_manager()
    senders = [through(PROXY, f"2001:db8:1:2::{n:x}") for n in range(WRONG_PASSWORDS + 1)]

    assert [signs_in(sender, "wrong") for sender in senders][-1] == 429
    assert signs_in(through(PROXY, "2001:db8:1:3::1"), PASSWORD) == 302


@pytest.mark.django_db
def test_wrong_links_past_the_proxy_are_counted_under_the_real_sender() -> None:
    codes = [
        through(PAST_IT, f"198.51.100.{n}").get("/s/wrong").status_code
        for n in range(FAILED_LINKS + 1)
    ]

    assert codes == [404] * FAILED_LINKS + [429]
    assert through(PROXY, MARIA).get("/s/wrong").status_code == 404


@pytest.mark.parametrize(
    ("peer", "headers", "told"),
    [
        (PROXY, {}, "expected X-Forwarded-For from the web server in front"),
        ("", {}, "expected the word unix"),
        (PAST_IT, {"X-Forwarded-Proto": "https"}, "they are sent to https:// for ever"),
    ],
)
def test_what_a_wrong_setting_does_is_told_once_and_names_no_address(
    peer: str,
    headers: dict[str, str],
    told: str,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.SITE_IS_HTTPS = True
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            Site().handle(peer, headers)

    (record,) = caplog.records
    assert told in record.getMessage()
    assert not any(address in record.getMessage() for address in (PROXY, PAST_IT))


@pytest.mark.parametrize(
    "entries",
    ["1", "10.0.0.5/8", "0.0.0.0/0", "::/0", "*", "proxy.example.com", "127.0.0.1;10.0.0.1",
     "127.0.0.1,", "none,127.0.0.1"],
)  # fmt: skip
def test_what_names_no_proxy_is_refused(entries: str) -> None:
    with pytest.raises(InputError, match="expected addresses or networks"):
        read_proxies(entries.split(","))


def test_an_encrypted_site_that_does_not_know_its_proxy_is_told_at_the_start(
    settings: Settings,
) -> None:
    def told(is_https: bool, *entries: str) -> list[str | None]:
        settings.SITE_IS_HTTPS, settings.TRUSTED_PROXIES = is_https, entries
        return [warning.id for warning in proxies_are_named()]

    assert told(True) == ["rutin.W002"]
    assert told(False) == told(True, PROXY) == told(True, "unix") == told(True, "none") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.1", 200), ("10.0.0.2", 301)])
def test_gunicorn_believes_no_peer_that_the_setting_does_not_name(
    tmp_path: Path, proxies: str, status: int
) -> None:
    site = {"SITE_URL": "https://localhost", "TRUSTED_PROXIES": proxies}
    with logging_server(tmp_path / "log", **site) as (port, log):
        claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": STRANGER}
        answer = Browser(port).ask("GET", "/sign-in/", claims)
        # A header that would move the site to another folder, past what looks at addresses.
        moved = Browser(port).ask("GET", "/sign-in/", claims | {"SCRIPT_NAME": "/sign-in"})

    assert (answer[0], moved[0]) == (status, status)
    assert ("for ever" in log.read_text()) == (status == 301)


class Site:
    """What stands behind the middleware, and the last request that reached it."""

    def __init__(self) -> None:
        self.request = HttpRequest()

    def handle(self, peer: str, headers: dict[str, str], scheme: str = "http") -> None:
        """Let a request through."""
        request = RequestFactory(REMOTE_ADDR=peer, headers=headers).get("/")
        request.META["wsgi.url_scheme"] = scheme
        assert request.headers is not None  # somebody read them before
        TrustedProxies(self.answer)(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        self.request = request
        return HttpResponse()


def through(peer: str, forwarded: str | None) -> Client:
    """Return somebody whose requests come from a peer, with its header if it sends one."""
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return Client(REMOTE_ADDR=peer, headers=headers)


def signs_in(client: Client, password: str) -> int:
    form = {"username": "maria@example.com", "password": password}
    return client.post("/sign-in/", form).status_code
