"""A web site on this machine: answers by path, and notes what was asked and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """Set `answers[path]`; `asked` grows with each request as (path, time, User-Agent)."""

    url: str = ""
    answers: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, float, str]] = field(default_factory=list)

    def put(
        self, path: str, data: bytes | str, kind: str = "text/html", status: int = 200, **more: str
    ) -> str:
        """Let a path answer with this; return its address."""
        body = data if isinstance(data, bytes) else data.encode()
        headers = {"Content-Type": kind} | {k.replace("_", "-"): v for k, v in more.items()}
        self.answers[path] = (status, headers, body)
        return self.url + path

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [path for path, _, _ in self.asked]


@contextmanager
def site() -> Iterator[Site]:
    """Yield a site at a free port of the loopback address."""
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, time.monotonic(), self.headers["User-Agent"]))
            answer = made.answers.get(self.path, (404, {}, b"no such page"))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
