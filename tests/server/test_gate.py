"""The gate by itself: bodies within limits of size and time, threads for whole requests only."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from kg.settings import Settings
from server import gate
from server.gate import Gate, environment


@dataclass
class Scope:
    """A request as granian hands it over."""

    method: str = "POST"
    path: str = "/sparql"
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    server: str = "127.0.0.1:8000"
    client: str = "[::1]:5000"
    scheme: str = "http"
    http_version: str = "1.1"
    authority: str | None = None


@dataclass
class Proto:
    """The other end: a body in pieces with pauses, and what was answered."""

    pieces: tuple[bytes, ...] = ()
    pause: float = 0.0
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    sent: list[bytes] = field(default_factory=list)

    def __aiter__(self):
        return self._all()

    async def _all(self):
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def response_stream(self, status, headers):
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, data):
        self.sent.append(data)


class Front:
    """An application that tells what it was given, or says it in very many pieces."""

    def __init__(self, ready=None, pieces=None):
        self.ready, self.pieces, self.seen = ready, pieces, []

    def at_once(self, environ):
        return self.ready

    def ask(self, environ, start):
        body = environ["wsgi.input"].read()
        self.seen.append((environ.get("CONTENT_LENGTH"), body))
        start("200 OK", [("X-Case", "kept low")])
        return self.pieces if self.pieces is not None else [body]


def run(front, scope, proto, **settings):
    asyncio.run(Gate(front, Settings(web_threads=4, **settings)).__rsgi__(scope, proto))
    return proto


CHUNKED = {"transfer-encoding": "chunked"}


def test_a_body_in_pieces_comes_whole() -> None:
    front = Front()
    proto = run(front, Scope(headers=CHUNKED), Proto((b"ASK", b" {}")))
    assert (proto.status, proto.body) == (200, b"ASK {}")
    assert front.seen == [("6", b"ASK {}")]
    assert proto.headers == [("x-case", "kept low")]


def test_too_long_a_body_is_announced_as_such_and_never_cut() -> None:
    front = Front()
    run(front, Scope(headers=CHUNKED), Proto((b"x" * 900, b"y" * 900)), query_bytes=1000)
    announced, body = front.seen[0]
    assert int(announced) == len(body) == 1800  # the application refuses by the length


def test_an_announced_length_over_the_limit_is_not_even_read() -> None:
    front = Front()
    run(front, Scope(headers={"content-length": "5000"}), Proto((b"x" * 5000,)), query_bytes=1000)
    assert front.seen == [("5000", b"")]


def test_uploads_have_a_limit_of_their_own() -> None:
    front = Front()
    scope = Scope(path="/graphs", headers={"content-length": "5000"})
    run(front, scope, Proto((b"x" * 5000,)), query_bytes=1000, upload_bytes=6000)
    assert front.seen == [("5000", b"x" * 5000)]


def test_a_body_that_comes_too_slow_is_refused_without_a_thread(monkeypatch) -> None:
    monkeypatch.setattr(gate, "_IDLE", 0.1)
    front = Front()
    proto = run(front, Scope(headers={"content-length": "60"}), Proto((b"x",) * 60, pause=0.05))
    assert proto.status == 408
    assert not front.seen


def test_a_ready_answer_needs_no_thread() -> None:
    front = Front(ready=("304 Not Modified", [("etag", "W/1")], b""))
    proto = run(front, Scope(method="GET"), Proto())
    assert (proto.status, proto.headers) == (304, [("etag", "W/1")])
    assert not front.seen


def test_a_large_answer_goes_out_in_pieces() -> None:
    pieces = (bytes(300_000) for _ in range(10))
    proto = run(Front(pieces=pieces), Scope(method="GET"), Proto())
    assert sum(map(len, proto.sent)) == 3_000_000
    assert len(proto.sent) == 10


@pytest.mark.parametrize(
    ("path", "expected"), [("/a b/é", "/a b/Ã©"), ("/plain", "/plain")], ids=["accents", "plain"]
)
def test_the_environment_is_that_of_wsgi(path, expected) -> None:
    found = environment(Scope(path=path, headers={"accept": "text/csv", "content-type": "a/b"}))
    assert found["PATH_INFO"] == expected
    assert found["HTTP_ACCEPT"] == "text/csv"
    assert found["CONTENT_TYPE"] == "a/b"
    assert found["REMOTE_ADDR"] == "::1"
    assert (found["SERVER_NAME"], found["SERVER_PORT"]) == ("127.0.0.1", "8000")
