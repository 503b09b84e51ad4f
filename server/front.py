"""The doorkeeper before the application: request ids, rate limit, ready answers, log, counts.

An answer that was given before is given again without waking the application: its key is the
request as it came, together with the release.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from kg.settings import Settings
from server import log
from server.cache import Cache
from server.metrics import Metrics

Environ = dict[str, Any]
Start = Callable[..., Any]
Ready = tuple[str, list[tuple[str, str]], bytes]
KEEP = "pactgraph.keep"  # in the environ: the release whose answer may be kept
_ID = re.compile(r"[\w.-]{1,64}")
# What an answer depends on beside the release; a token may open what others do not see.
_KEY = (
    "REQUEST_METHOD",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_AUTHORIZATION",
    "HTTP_IF_NONE_MATCH",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PREFIX",
)
# What every answer says; names that nobody else sets, so that they need not be looked for.
HEADERS = [
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "ETag, Location, Retry-After, X-Pactgraph-Release"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
]
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/")  # paths that the log leaves out
_LOOPBACK = ("127.", "::1")


class Front:
    """A WSGI application around another one."""

    def __init__(
        self,
        inner: Callable[[Environ, Start], Iterable[bytes]],
        settings: Settings,
        cache: Cache,
        metrics: Metrics,
        current: Callable[[], int | None],
    ) -> None:
        self._inner, self._metrics, self._current = inner, metrics, current
        self._cache = Cache(cache.limit)
        self._proxies = settings.trusted_proxies
        self._rate = settings.requests_per_minute
        self._limit = RateLimitItemPerMinute(max(self._rate, 1))
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        if (ready := self.at_once(environ)) is not None:
            status, headers, body = ready
            start(status, headers)
            return [body]
        return self.ask(environ, start)

    def at_once(self, environ: Environ) -> Ready | None:
        """Return what needs no work: an answer that is kept, or a refusal; None: `ask`."""
        if self._rate and not self._may(self._client(environ)):
            return self._refusal(environ)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        kept: Ready | None = self._cache.get(self._current(), _key(environ))
        if kept is None:
            return None
        status, headers, body = kept
        self._metrics.hits.inc()
        self._metrics.requests.labels(status[:3]).inc()
        return status, [*headers, ("x-request-id", _request_id(environ))], body

    def ask(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Let the application answer, and keep the answer where it says so."""
        began, request_id = time.perf_counter(), _request_id(environ)
        log.bind(request_id)
        told: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [status, headers]
            return start(status, [*headers, *HEADERS, ("x-request-id", request_id)], exc_info)

        result = self._inner(environ, note)
        status, headers = told
        release = environ.get(KEEP)
        if release is not None:
            result = [_whole(result)]
            if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and status[:3] in {"200", "304"}:
                key, body = _key(environ), result[0]
                headers = [*((name.lower(), value) for name, value in headers), *HEADERS]
                size = len(body) + sum(map(len, key))
                self._cache.put(release, key, (status, headers, body), size)
        self._metrics.requests.labels(status[:3]).inc()
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_QUIET):
            log.event(
                "request", method=environ["REQUEST_METHOD"], path=path, status=int(status[:3]),
                seconds=round(time.perf_counter() - began, 4), client=self._client(environ),
            )  # fmt: skip
        return result

    def _client(self, environ: Environ) -> str:
        """Return the address of the client: what the nearest trusted proxy says, or the peer."""
        if self._proxies:
            hops = [h.strip() for h in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if h]
            if len(hops) >= self._proxies:
                return str(hops[-self._proxies])
        return str(environ.get("REMOTE_ADDR", ""))

    def _may(self, client: str) -> bool:
        return client.startswith(_LOOPBACK) or self._limiter.hit(self._limit, client)

    def _refusal(self, environ: Environ) -> Ready:
        detail = (
            f"more than {self._rate} requests in a minute (setting requests_per_minute);"
            " wait a little"
        )
        row = {"type": "about:blank", "title": "Too many requests", "status": 429}
        body = json.dumps({**row, "detail": detail}).encode()
        self._metrics.requests.labels("429").inc()
        headers = [
            ("content-type", "application/problem+json"),
            ("content-length", str(len(body))),
            ("retry-after", "60"),
            ("x-request-id", _request_id(environ)),
            *HEADERS,
        ]
        head = environ["REQUEST_METHOD"] == "HEAD"
        return "429 Too Many Requests", headers, b"" if head else body


def _key(environ: Environ) -> tuple[str, ...]:
    return tuple(environ.get(name, "") for name in _KEY)


def _request_id(environ: Environ) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _ID.fullmatch(given) else os.urandom(8).hex()


def _whole(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
