"""Whom we believe about where a request comes from: the proxies of TRUSTED_PROXIES, nobody else.

The one place that reads a forwarded header. Behind it none is left, so that nothing else can.
"""

import logging
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from survey.errors import InputError

logger = logging.getLogger(__name__)
Address = IPv4Address | IPv6Address
Environ = MutableMapping[str, Any]

SOCKET: Final = "unix"  # a web server in front that speaks through a Unix socket
NOBODY: Final = "none"  # said on purpose: no web server stands in front
CLIENT: Final = "rutin.client_address"  # in the request's environ
NOWHERE: Final = "0.0.0.0"  # noqa: S104 - no address to listen on: the peer has none
COUNTED_BITS: Final = 64  # one customer of a provider has all IPv6 addresses of such a network
SCHEMES: Final = (
    "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTOCOL", "HTTP_X_FORWARDED_SSL",
)  # fmt: skip
FORWARDED: Final = frozenset(
    f"HTTP_{name}"
    for name in (
        "FORWARDED", "X_REAL_IP", "X_CLIENT_IP", "CLIENT_IP", "TRUE_CLIENT_IP", "CF_CONNECTING_IP",
        "FASTLY_CLIENT_IP", "X_CLUSTER_CLIENT_IP", "X_SCHEME", "X_URL_SCHEME", "FRONT_END_HTTPS",
        "X_ORIGINAL_URL", "X_ORIGINAL_HOST", "X_REWRITE_URL", "X_HOST", "REMOTE_USER",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proxies:
    """The web servers in front that we run ourselves."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    over_socket: bool = False

    def trust(self, address: Address | None) -> bool:
        """Tell whether a peer is one of them; one without an address came through a socket."""
        if address is None:
            return self.over_socket
        return any(address in network for network in self.networks)


class TrustedProxies:
    """Settle who sent a request and how, before anything else looks at it; it stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the site, which sees no forwarded header."""
        settle(request.META)
        request.__dict__.pop("headers", None)  # Django keeps them once they were read
        return self.get_response(request)


def read_proxies(entries: Iterable[str]) -> Proxies:
    """Return the proxies that a setting names, or raise InputError.

    >>> read_proxies(["127.0.0.1", "fd00::/64", "unix"])
    Proxies(networks=(IPv4Network('127.0.0.1/32'), IPv6Network('fd00::/64')), over_socket=True)
    >>> read_proxies(["10.0.0.5/8"])
    Traceback (most recent call last):
    ...
    survey.errors.InputError: expected addresses or networks of the web servers in front, such as
    127.0.0.1 or 10.0.0.0/29, or "unix", or "none" alone, found '10.0.0.5/8'
    """
    names = [entry.strip() for entry in entries]
    if names == [NOBODY]:
        return Proxies()
    return Proxies(
        tuple(_network(name) for name in names if name != SOCKET), over_socket=SOCKET in names
    )


def client_address(request: HttpRequest) -> str:
    """Return the address that a request comes from, never nothing."""
    if CLIENT not in request.META:
        settle(request.META)
    return str(request.META[CLIENT])


def counted_address(request: HttpRequest) -> str:
    """Return what wrong links and passwords are counted under: of IPv6 the network of 64 bits."""
    address = ip_address(client_address(request))
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, COUNTED_BITS), strict=False).network_address)


def settle(environ: Environ) -> None:
    """Note the client's address and the scheme, and remove every forwarded header."""
    proxies = _proxies(tuple(settings.TRUSTED_PROXIES))
    peer = _address(environ.get("REMOTE_ADDR", ""))
    is_trusted = proxies.trust(peer)
    environ[CLIENT] = str(_client(environ, proxies, peer) or NOWHERE)
    claims = [environ[name] for name in SCHEMES if name in environ]
    if claims:  # gunicorn believes these headers of every peer on the same machine
        is_https = is_trusted and _says_https(environ)
        environ["wsgi.url_scheme"] = "https" if is_https else "http"
        if not is_trusted and settings.SITE_IS_HTTPS:
            _tell_once(
                "TRUSTED_PROXIES: expected the address of the web server in front, found another "
                "peer that says how its visitors came. If it is yours they are sent to https:// "
                "for ever: set TRUSTED_PROXIES, see docs/web-server.md."
            )
    for name in [name for name in environ if _is_forwarded(name)]:
        del environ[name]


def _client(environ: Environ, proxies: Proxies, peer: Address | None) -> Address | None:
    """Return the last sender on the way that is not a proxy of ours, else the peer itself."""
    if not proxies.trust(peer):
        if peer is None:
            _tell_once(
                "TRUSTED_PROXIES: expected the word unix, found a web server in front that speaks "
                "through a Unix socket and is not trusted. Everybody is counted as one sender."
            )
        return peer
    stations = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    senders = [_address(station) for station in reversed(stations)]
    # All of the way may be ours: somebody on the proxy's own machine.
    client = next((sender for sender in senders if not _is_ours(sender, proxies)), senders[-1])
    if client is None:
        _tell_once(
            "TRUSTED_PROXIES: expected X-Forwarded-For from the web server in front, found none "
            "that can be read. Whoever comes this way is counted as one sender with it; see "
            "docs/web-server.md."
        )
    return client or peer


def _is_ours(sender: Address | None, proxies: Proxies) -> bool:
    return sender is not None and proxies.trust(sender)


def _says_https(environ: Environ) -> bool:
    """Tell whether every station says https: a proxy that adds to the header is given a lie."""
    said = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")
    return all(scheme.strip().lower() == "https" for scheme in said)


def _is_forwarded(name: str) -> bool:
    return name in FORWARDED or name.startswith("HTTP_X_FORWARDED")


def _address(text: str) -> Address | None:
    """Return an address as servers write it, with a port or a zone perhaps, or None.

    >>> [str(_address(text)) for text in ("192.0.2.7:5123", "[2001:db8::1]:80", "::ffff:192.0.2.7")]
    ['192.0.2.7', '2001:db8::1', '192.0.2.7']
    >>> [_address(text) for text in ("", "unknown", "_hidden", "192.0.2.7, 192.0.2.8")]
    [None, None, None, None]
    """
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise _wrong(text) from error
    if network.prefixlen == 0:  # whoever trusts everybody lets everybody say who they are
        raise _wrong(text)
    return network


def _wrong(text: str) -> InputError:
    return InputError(
        "expected addresses or networks of the web servers in front, such as 127.0.0.1 or "
        f'10.0.0.0/29, or "{SOCKET}", or "{NOBODY}" alone, found {text!r}'
    )


@cache
def _proxies(entries: tuple[str, ...]) -> Proxies:
    return read_proxies(entries)


@cache
def _tell_once(text: str) -> None:
    """Warn once in the life of a process, and name no address: it may be a respondent's."""
    logger.warning(text)
