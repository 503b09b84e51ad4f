"""Fetching: robots.txt honoured, no paywall passed, private networks only where named."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import socket
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from protego import Protego

from kg.errors import DocumentError

AGENT = f"pactgraph/{version('pactgraph')}"
_HOPS = 5
_ROBOTS_BYTES = 500_000
_LONGEST_PAUSE = 30.0  # seconds between two requests that a robots.txt may ask for
_PAID = {401: "a login", 402: "payment", 403: "rights that this program does not have"}
_GONE = {404, 410}


@dataclass(frozen=True)
class Fetched:
    """What an address gave: the bytes, their type and encoding as declared, where and when."""

    url: str
    data: bytes
    media_type: str
    charset: str
    retrieved: str


@dataclass
class _Rules:
    robots: Protego | None  # None: everything is refused
    reason: str = ""


@dataclass
class Web:
    """Fetches pages politely; one at a time, with a pause between requests to one host.

    `named` are hosts that the user named: only these may be on a private network. `contact` goes
    into the User-Agent header, so that a site can complain.
    """

    max_bytes: int
    seconds: float
    pause: float = 1.0
    contact: str = ""
    named: set[str] = field(default_factory=set)
    _rules: dict[str, _Rules] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        about = f" (+{self.contact})" if self.contact else ""
        headers = {"User-Agent": AGENT + about, "Accept-Encoding": "gzip, deflate"}
        self._client = httpx.Client(headers=headers, timeout=min(self.seconds, 20.0))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def name(self, url: str) -> None:
        """Note that the user named this address: its host may be on a private network."""
        self.named.add(_host(url))

    def fetch(self, url: str) -> Fetched:
        """Return what an address gives.

        Raises DocumentError, with what to do, where robots.txt forbids it, where it asks for a
        login or payment, where a redirect leads into a private network, and where it is too large,
        too slow or not there.
        """
        deadline = time.monotonic() + self.seconds
        asked, url = url, url.partition("#")[0]
        for _ in range(_HOPS + 1):
            self._robots(url, deadline)
            status, headers, data = self._get(url, self.max_bytes, deadline)
            if status not in {301, 302, 303, 307, 308} or "location" not in headers:
                break
            url = urljoin(url, headers["location"]).partition("#")[0]
        else:
            raise DocumentError(f"{asked}: more than {_HOPS} redirects")
        _accept(asked, status)
        content = headers.get("content-type", "")
        charset = re.search(r"charset=[\"']?([\w.:-]{2,40})", content, re.IGNORECASE)
        return Fetched(
            url,
            data,
            content.partition(";")[0].strip().lower(),
            charset[1] if charset else "",
            dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )

    def _get(
        self, url: str, limit: int, deadline: float, *, cut: bool = False
    ) -> tuple[int, httpx.Headers, bytes]:
        self._wait(_host(url))
        private = self._may_be_private(url)
        data = bytearray()
        try:
            with self._client.stream("GET", url) as answer:
                if not private and not _is_proxied(url):
                    # The name may have changed its address since it was looked up.
                    stream = answer.extensions.get("network_stream")
                    peer = stream.get_extra_info("server_addr") if stream else None
                    _refuse_private(url, {peer[0]} if peer else set())
                coding = answer.headers.get("content-encoding", "identity").lower()
                if coding not in {"", "identity", "gzip", "deflate"}:
                    raise DocumentError(f"{url}: is packed with {coding}, which was not asked for")
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > limit:
                        if cut:
                            break
                        raise DocumentError(
                            f"{url}: is larger than the limit of {limit:,} bytes;"
                            " raise max_document_bytes"
                        )
                    if time.monotonic() > deadline:
                        raise DocumentError(f"{url}: took longer than {self.seconds:g} s")
                return answer.status_code, answer.headers, bytes(data[:limit])
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise DocumentError(f"{url}: cannot be fetched ({reason[:150]})") from error

    def _may_be_private(self, url: str) -> bool:
        """Tell whether the user named this host; refuse one that nobody named on a private net."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise DocumentError(f"{url}: only http and https addresses are fetched")
        if _host(url) in self.named:
            return True
        try:
            port = parts.port or 443
            found = {str(row[4][0]) for row in socket.getaddrinfo(parts.hostname, port)}
        except (OSError, ValueError):
            found = set()  # the client, or its proxy, says what is wrong
        _refuse_private(url, found)
        return False

    def _wait(self, host: str) -> None:
        rules = next((r for at, r in self._rules.items() if urlsplit(at).netloc == host), None)
        asked = rules.robots.crawl_delay(AGENT) if rules and rules.robots else None
        pause = max(self.pause, min(float(asked or 0), _LONGEST_PAUSE))
        if (last := self._last.get(host)) is not None:
            time.sleep(max(0.0, last + pause - time.monotonic()))
        self._last[host] = time.monotonic()

    def _robots(self, url: str, deadline: float) -> None:
        """Raise DocumentError where the site's robots.txt forbids the address (RFC 9309)."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._read_robots(origin, deadline)
            self._last.pop(parts.netloc.lower(), None)  # the page may follow its robots.txt at once
        rules = self._rules[origin]
        if rules.robots is None:
            raise DocumentError(f"{url}: {rules.reason}")
        if not rules.robots.can_fetch(url, AGENT):
            raise DocumentError(f"{url}: robots.txt of this site forbids it; it was left out")

    def _read_robots(self, origin: str, deadline: float) -> _Rules:
        url = f"{origin}/robots.txt"
        for _ in range(_HOPS + 1):
            status, headers, data = self._get(url, _ROBOTS_BYTES, deadline, cut=True)
            if status not in {301, 302, 303, 307, 308} or "location" not in headers:
                break
            url = urljoin(url, headers["location"])
        if status == 429 or status >= 500:
            return _Rules(None, f"robots.txt cannot be read (status {status}); try again later")
        return _Rules(Protego.parse(data.decode("utf-8", "replace") if status < 300 else ""))


def _accept(url: str, status: int) -> None:
    if status in _PAID:
        raise DocumentError(f"{url}: asks for {_PAID[status]} (status {status}); it was left out")
    if status in _GONE:
        raise DocumentError(f"{url}: there is no such page (status {status}); check the address")
    if not 200 <= status < 300:
        raise DocumentError(f"{url}: the site answered with status {status}; try again later")


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _is_proxied(url: str) -> bool:
    return urlsplit(url).scheme in getproxies() and not proxy_bypass(urlsplit(url).hostname or "")


def _refuse_private(url: str, addresses: set[str]) -> None:
    for address in addresses:
        found = ipaddress.ip_address(address.partition("%")[0])
        inner = getattr(found, "ipv4_mapped", None) or found
        if not inner.is_global or inner.is_multicast:
            raise DocumentError(
                f"{url}: leads into a private network; name the address yourself if you trust it"
            )
