"""The configurations that docs/web-server.md gives keep secrets out of the logs they write."""

import re

import pytest

from survey.proxies import read_proxies
from tests.places import ROOT
from tests.survey.test_token_logging import RESET, TOKEN, UID

DOCUMENT = (ROOT / "docs" / "web-server.md").read_text()
CODED = "".join(f"%{ord(sign):02x}" for sign in TOKEN)
ADDRESSES = {
    "/": ("/", "[...]"),
    "/code/": ("/code/", "/code/[...]"),
    f"/s/{TOKEN}": ("/s/[...]", "/s/[...]"),
    f"/s/{TOKEN}?from=mail": ("/s/[...]", "/s/[...]"),
    f"/s//{CODED}": ("/s/[...]", "/s/[...]"),
    f"//s/{TOKEN}": ("/[...]", "[...]"),
    f"/S/{TOKEN}": ("/[...]", "[...]"),
    f"/%73/{TOKEN}": ("/[...]", "[...]"),
    f"/s%2F{TOKEN}": ("/[...]", "[...]"),
    f"/{TOKEN}": ("/[...]", "[...]"),
    f"/{TOKEN}/": ("/[...]", "[...]"),
    f"/password/set/{UID}/{RESET}/": ("/password/[...]", "/password/[...]"),
    f"/password%2Fset/{UID}/{RESET}/": ("/[...]", "[...]"),
    f"/password/set/{UID}/set-password/": ("/password/[...]", "/password/[...]"),
    f"/sign-in/?next=/s/{TOKEN}": ("/sign-in/", "/sign-in/[...]"),
    "/code/?code=abcdefghij234567": ("/code/", "/code/[...]"),
    "/campaigns/0f8fad5b/people/": ("/campaigns/[...]", "/campaigns/[...]"),
}
SAID_OF_A_REQUEST = {
    "rutin_sender", "time_local", "request_method", "rutin_address", "status", "body_bytes_sent",
    "request_time",
}  # fmt: skip


def block(language: str) -> str:
    """Return the one configuration in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return str(found)


def nginx_map(name: str) -> list[tuple[str, str]]:
    """Return the lines of a map: what is looked for, and what is written."""
    match = re.search(rf"map \$request_uri \${name} \{{(.*?)\n\}}", block("nginx"), re.DOTALL)
    assert match is not None
    return re.findall(r"^\s*\"?(\S+?)\"?\s+\"?(\S+?)\"?;$", match.group(1), re.MULTILINE)


def mapped(name: str, address: str) -> str:
    """Return what nginx writes: equal texts first, then expressions in their order."""
    lines = nginx_map(name)
    for looks, written in lines:
        if looks == address:
            return written
    for looks, written in lines:
        found = re.search(looks[1:], address) if looks.startswith("~") else None
        if found is not None:
            return written.replace("$1", found.group(1)) if "$1" in written else written
    return dict(lines)["default"]


def caddy_writes(address: str) -> set[str]:
    """Return what each of Caddy's logs writes."""
    filters = re.findall(r'request>uri regexp "(.*?)" "(.*?)"', block("caddy"))
    assert len(filters) == 2
    return {re.sub(looks, written.replace("$1", r"\1"), address) for looks, written in filters}


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_servers_write_the_first_word_of_an_address_only(address: str) -> None:
    of_nginx, of_caddy = ADDRESSES[address]

    assert mapped("rutin_address", address) == of_nginx
    assert caddy_writes(address) == {of_caddy}


def test_nginx_writes_nothing_else_that_a_request_brings() -> None:
    (line,) = re.findall(r"log_format rutin (.*?);", block("nginx"), re.DOTALL)

    assert set(re.findall(r"\$(\w+)", line)) == SAID_OF_A_REQUEST
    servers = re.findall(r"^server \{.*?^\}", block("nginx"), re.DOTALL | re.MULTILINE)
    assert len(servers) == 2
    for server in servers:
        assert re.findall(r"access_log \S+ (\w+);", server) == ["rutin"]
        assert re.findall(r"error_log \S+ (\w+);", server) == ["emerg"]


def test_nginx_writes_the_sender_of_no_respondent() -> None:
    respondents = (f"/s/{TOKEN}", "/answer/submit/", "/answer/", "/code/", "/", "/logo/1/")
    staff = ("/sign-in/", "/campaigns/", "/results/1/", f"/password/set/{UID}/{RESET}/")

    assert {mapped("rutin_sender", address) for address in respondents} == {"-"}
    assert {mapped("rutin_sender", address) for address in staff} == {"$remote_addr"}


def test_both_servers_set_what_the_setting_believes() -> None:
    assert re.findall(r"proxy_set_header X-Forwarded-(\S+)\s+(\S+);", block("nginx")) == [
        ("For", "$remote_addr"), ("Proto", "$scheme"), ("Host", '""'), ("Port", '""'),
    ]  # fmt: skip
    assert re.findall(r"header_up X-Forwarded-(\S+)\s+(\S+)", block("caddy")) == [
        ("For", "{remote_host}"), ("Proto", "{scheme}"),
    ]  # fmt: skip


def test_each_value_that_the_document_gives_is_one() -> None:
    values = re.findall(r"^\| `([^`]+)` \| ", DOCUMENT, re.MULTILINE)

    assert values == ["TRUSTED_PROXIES", "127.0.0.1", "unix", "10.0.0.2,10.0.1.0/29", "none"]
    for value in values[1:]:
        read_proxies(value.split(","))
