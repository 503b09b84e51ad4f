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

from kg.folder import Folder
from kg.settings import Settings
from server import log
from server.cache import Cache
from server.metrics import Metrics

Environ = dict[str, Any]
Start = Callable[..., Any]
KEEP = "pactgraph.keep"  # in the environ: the release whose answer may be kept
_ID = re.compile(r"[\w.-]{1,64}")
_KEY = ("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
_KEY_END = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "REQUEST_METHOD")
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
        folder: Folder,
    ) -> None:
        self._inner, self._metrics, self._folder = inner, metrics, folder
        self._cache = Cache(cache.limit)
        self._proxies = settings.trusted_proxies
        self._rate = settings.requests_per_minute
        self._limit = RateLimitItemPerMinute(max(self._rate, 1))
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ID.fullmatch(given) else os.urandom(8).hex()
        if self._rate and not self._may(self._client(environ)):
            return self._refuse(environ, start, request_id)
        method = environ["REQUEST_METHOD"]
        key = None
        if method in {"GET", "HEAD"}:
            key = tuple(environ.get(name, "") for name in (*_KEY, *_KEY_END))
            number = self._folder.current_number()
            kept = self._cache.get(number, key)
            if kept is not None:
                status, headers, body = kept
                self._metrics.hits.inc()
                self._metrics.requests.labels(status[:3]).inc()
                start(status, [*headers, ("X-Request-ID", request_id)])
                return [body]
        return self._ask(environ, start, request_id, key, began)

    def _ask(
        self,
        environ: Environ,
        start: Start,
        request_id: str,
        key: tuple[str, ...] | None,
        began: float,
    ) -> Iterable[bytes]:
        log.bind(request_id)
        told: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [status, headers]
            return start(status, [*headers, ("X-Request-ID", request_id)], exc_info)

        result = self._inner(environ, note)
        status, headers = told
        release = environ.get(KEEP)
        if release is not None:
            result = [_whole(result)]
            if key is not None and status[:3] in {"200", "304"}:
                size = len(result[0]) + sum(map(len, key))
                self._cache.put(release, key, (status, headers, result[0]), size)
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

    def _refuse(self, environ: Environ, start: Start, request_id: str) -> Iterable[bytes]:
        detail = (
            f"more than {self._rate} requests in a minute (setting requests_per_minute);"
            " wait a little"
        )
        row = {"type": "about:blank", "title": "Too many requests", "status": 429}
        body = json.dumps({**row, "detail": detail}).encode()
        self._metrics.requests.labels("429").inc()
        start(
            "429 Too Many Requests",
            [
                ("Content-Type", "application/problem+json"),
                ("Content-Length", str(len(body))),
                ("Retry-After", "60"),
                ("Access-Control-Allow-Origin", "*"),
                ("X-Request-ID", request_id),
            ],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _whole(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
