"""Fetching from elsewhere, for SERVICE and LOAD: from addresses on the list, and no others.

What an address leads to is looked up once and checked, and the connection goes to exactly that
network address, so that no second answer of a name server can lead inside. Redirects are told,
never followed; nothing of the environment (proxies, netrc) is used.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # what an address is made of, in ASCII and no quotes
_STEPS = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
# Addresses of IPv6 that stand for one of IPv4, which may be inside: 6to4, Teredo, NAT64.
_BRIDGES = tuple(map(ipaddress.IPv6Network, ("2002::/16", "2001::/32", "64:ff9b::/96")))
_PART = 1 << 16
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotFetched(Exception):
    """Something could not be fetched; `status` is that of HTTP for whoever asked for it."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


@dataclass(frozen=True)
class Reach:
    """Where this service may fetch from: `allow` are beginnings of addresses.

    `networks` may be reached although they are not public. `seconds` is for each fetch, `size`
    the largest answer in bytes.
    """

    allow: tuple[str, ...]
    networks: tuple[Network, ...] = ()
    seconds: float = 10.0
    size: int = 10_000_000

    def check(self, url: str) -> SplitResult:
        """Return an address in its parts; raises NotFetched (403) where it is not on the list.

        The list is compared part by part: scheme, host and port are equal, and the path goes on
        only where a step of the path or the query begins.
        """
        found = _parts(url)
        if found is None or not any(_begins(found, _parts(one)) for one in self.allow):
            raise NotFetched(
                403, f"<{url}> may not be fetched from here: it is not on the list of addresses"
                " (setting remote_allow)",
            )  # fmt: skip
        return found

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to a host, to an address of it that may be reached.

        Raises NotFetched: 403 where all of its addresses are inside, 502 where nobody answers.
        """
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NotFetched(502, f"{host} cannot be found: {error.strerror or error}") from error
        open_to = [row for row in rows if self._may(row[4][0])]
        if not open_to:
            raise NotFetched(
                403, f"{host} is no public address, and may not be reached from here (setting"
                " remote_networks)",
            )  # fmt: skip
        trouble: OSError | None = None
        for family, kind, protocol, _, address in open_to:
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(self.seconds)
            try:
                sock.connect(address)
            except OSError as error:
                sock.close()
                trouble = error
            else:
                return sock
        raise NotFetched(502, f"{host} does not answer: {trouble}")

    def _may(self, address: object) -> bool:
        ip = ipaddress.ip_address(str(address).partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if any(ip.version == network.version and ip in network for network in self.networks):
            return True
        inside = ip.is_multicast or ip.is_reserved or any(ip in bridge for bridge in _BRIDGES)
        return ip.is_global and not inside


def _parts(url: str) -> SplitResult | None:
    """Return an address in its parts; None where it is not plainly one of the web."""
    if not _PLAIN.fullmatch(url.lower()) or "\\" in url:
        return None
    try:
        found = urlsplit(url)
        _ = found.port
    except ValueError:
        return None
    plain = found.scheme in _PORTS and found.hostname and "@" not in found.netloc
    return found if plain and not _STEPS.search(unquote(found.path)) else None


def _begins(url: SplitResult, allowed: SplitResult | None) -> bool:
    if allowed is None or _place(url) != _place(allowed):
        return False
    path, start = url.path or "/", allowed.path or "/"
    rest = path.removeprefix(start)
    return path.startswith(start) and (start.endswith("/") or not rest or rest.startswith("/"))


def _place(url: SplitResult) -> tuple[str, str | None, int]:
    return url.scheme, url.hostname, url.port or _PORTS[url.scheme]


def fetch(reach: Reach, url: str, accept: str, form: bytes | None = None) -> tuple[str, bytes]:
    """Return media type and body of what an address answers; `form` is sent by POST.

    Raises NotFetched: 403 where it may not be fetched, 502 where it cannot be had or is too much.
    """
    parts = reach.check(url)
    until = time.monotonic() + reach.seconds
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    secure = parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = make(host, port)
    try:
        sock = reach.connect(host, port)
        if secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        line.sock = sock  # set, so that the library opens none of its own
        headers = {"Accept": accept, "User-Agent": "pactgraph", "Accept-Encoding": "identity"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("GET" if form is None else "POST", target, body=form, headers=headers)
        return _answer(reach, url, line, until)
    except (OSError, http.client.HTTPException) as error:
        why = str(error) or type(error).__name__
        raise NotFetched(502, f"<{url}> cannot be fetched: {why}") from error
    finally:
        line.close()


def _answer(
    reach: Reach, url: str, line: http.client.HTTPConnection, until: float
) -> tuple[str, bytes]:
    response = line.getresponse()
    if 300 <= response.status < 400:
        there = response.getheader("Location", "elsewhere")
        raise NotFetched(
            502, f"<{url}> leads on to <{there}>, and redirects are not followed; ask that one"
        )
    if response.status != 200:
        raise NotFetched(502, f"<{url}> answered {response.status} ({response.reason})")
    body = bytearray()
    while part := response.read1(_PART):
        body += part
        if len(body) > reach.size:
            raise NotFetched(
                502, f"<{url}> sends more than {reach.size:,} bytes (setting remote_bytes)"
            )
        if time.monotonic() > until:
            raise NotFetched(
                502, f"<{url}> takes more than {reach.seconds:g} s (setting remote_seconds)"
            )
    return response.headers.get_content_type(), bytes(body)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return networks from their texts (`10.0.0.0/8`); raises ValueError for another text."""
    return tuple(ipaddress.ip_network(text) for text in texts)
