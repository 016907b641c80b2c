"""What may stand in no log line: one list of everything that opens something."""

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

SHORTEST_VALUE: Final = 8  # characters; a shorter secret is a word that stands in many lines
SECRET_VARIABLES: Final = ("SECRET_KEY", "BOUNCE_WEBHOOK_SECRET")
URL_VARIABLES: Final = ("DATABASE_URL", "EMAIL_URL", "BOUNCE_MAILBOX")  # with a password in them


class Secret(NamedTuple):
    """Something that must not be read, how it looks, and what stands in its place."""

    what: str
    looks: re.Pattern[str]
    instead: str


def _sign(sign: str) -> str:
    codes = sorted({f"{ord(variant):02x}" for variant in (sign.lower(), sign.upper())})
    return f"(?:{re.escape(sign)}|%(?:25)*(?:{'|'.join(codes)}))"


def _address(*words: str) -> str:
    """Return how the beginning of an address looks, its signs percent-encoded or not.

    Of several slashes before it the last is enough: a pattern that tried every run of them from
    each of its slashes would let anybody hold up the server with an address of slashes.
    """
    slash = _sign("/")
    return slash + f"{slash}+".join("".join(map(_sign, word)) for word in words) + f"{slash}+"


def _secret(what: str, looks: str, instead: str, flags: re.RegexFlag = re.IGNORECASE) -> Secret:
    return Secret(what, re.compile(looks, flags), instead)


_REST: Final = r"[^\s\"'<>]+"  # of the address
_END: Final = r"(?=[/?\s\"']|$)"
_BASE32: Final = "[a-z2-7]"
_VALUE: Final = r"(?:\[secret\]|\[?'[^'\n]*'\]?|\[?\"[^\"\n]*\"\]?|[^\s&;,'\")]+)"
_LINE: Final = r"(?:\[secret\]|'[^'\n]*'|\"[^\"\n]*\"|[^\n]+)"

SECRETS: Final = (
    # Addresses, whatever follows: what is misspelt behind them is still nearly the secret.
    _secret("a survey link", f"({_address('s')}){_REST}", r"\1[token]"),
    _secret(
        "a set-password link",
        f"({_address('password', 'set')})(?!done{_END}){_REST}",
        r"\1[uid]/[token]",
    ),
    _secret("the link of a test mail", f"({_address('trial')}){_REST}", r"\1[trial]"),
    _secret("a typed code", f"({_address('code')})(?!kiosk{_END}){_REST}", r"\1[code]"),
    # The same wherever else they stand: in a cookie, or where an address was misspelt.
    _secret(
        "an account's number as links hold it, base64 of a UUID",
        r"(?<![\w-])(?:[L-OYZ][\w-]{3}){12}(?![\w-])",
        "[uid]",
        re.ASCII,
    ),
    _secret("a set-password token", r"(?<![a-z0-9])[a-z0-9]{6,7}-[0-9a-f]{16,}", "[token]"),
    _secret("a survey token", f"(?>{_BASE32}|%(?:25)*[0-9a-f]{{2}}){{32,}}", "[token]"),
    _secret("a code in groups", rf"(?<![\w-]){_BASE32}{{4}}(?:[-+]{_BASE32}{{4}}){{3}}(?![\w-])",
            "[code]"),
    _secret("a code as an address", rf"(?<=/){_BASE32}{{16}}{_END}", "[code]"),
    _secret("a secret in a query", r"([?&](?:code|token|link)=)[^&\s\"'<>]+", r"\1[secret]"),
    # Headers and cookies, as a library may quote them.
    _secret(
        "a header that signs in",
        r"((?:cookie|authorization|rutin[-_]signature|x[-_]csrftoken)['\"]?\s*[:=]\s*)" + _LINE,
        r"\1[secret]",
    ),
    _secret("credentials without their header", r"\b(basic|bearer)\s+[\w+/=.~-]{16,}",
            r"\1 [secret]"),
    _secret("a signature of a request", r"\b(v1=)[0-9a-f]{16,}", r"\1[secret]"),
    _secret(
        "a value whose name says that it is secret",
        r"((?:passw(?:or)?d|passphrase|password[12]|secret|secret_key|sessionid|session_key|"
        r"csrftoken|csrfmiddlewaretoken|rutin-link)['\"]?\s*(?:=|:(?=\s*\[?['\"]))\s*)" + _VALUE,
        r"\1[secret]",
    ),
    # DATABASE_URL and its like; the digits of a port are no password. All parts are of limited
    # length, so that no text takes longer than its length.
    _secret(
        "a password in an address",
        r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@\"'?#]{0,200}:)(?!\d{1,9}(?:[/?#\s\"']|$))\S{0,300}@",
        r"\1[password]@",
    ),
)  # fmt: skip


def redact(text: str) -> str:
    """Return the text with everything replaced that opens something.

    >>> redact('GET /s/abc123 HTTP/1.1')
    'GET /s/[token] HTTP/1.1'
    >>> redact("Not Found: /S/abcdefghijklmnopqrstuvwxyz234567")
    'Not Found: /S/[token]'
    >>> redact("GET /password/set/MDAw/d1a2b3-0123456789abcdef0123456789abcdef/ HTTP/1.1")
    'GET /password/set/[uid]/[token] HTTP/1.1'
    >>> redact("expected a mailbox, found 'imaps://rutin:open+sesame@mail.example.com/INBOX'")
    "expected a mailbox, found 'imaps://rutin:[password]@mail.example.com/INBOX'"
    """
    for value in configured_secrets():
        text = text.replace(value, "[secret]")
    for secret in SECRETS:
        text = secret.looks.sub(secret.instead, text)
    return text


def holds_secret(address: str) -> bool:
    """Tell whether an address must not be passed on.

    >>> [holds_secret(address) for address in ("/s/abc", "/trial/7/", "/sign-in/?next=/code/")]
    [True, True, False]
    """
    return redact(address) != address


@cache
def configured_secrets() -> tuple[str, ...]:
    """Return the secrets of this process's environment, the longest first."""
    return secrets_of(os.environ)


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return what an environment keeps secret, as it stands there and percent-decoded.

    >>> secrets_of({"EMAIL_URL": "smtp+tls://rutin:open%20sesame@mail.example.com"})
    ('open%20sesame', 'open sesame')
    """
    found = {environment.get(name, "") for name in SECRET_VARIABLES}
    for name in URL_VARIABLES:
        password = _password(environment.get(name, ""))
        found |= {password, unquote(password)}
    return tuple(
        sorted((value for value in found if len(value) >= SHORTEST_VALUE), key=len, reverse=True)
    )


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:  # no address at all; what reads the setting says so
        return ""
