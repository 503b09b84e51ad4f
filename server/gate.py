"""Where requests come in: granian's RSGI, so that nobody holds a thread who only sends or reads.

Bodies are taken in piece by piece, within limits of size and time; a whole request gets a thread,
and a ready answer needs none. Results go out as fast as the reader takes them.
Interface: https://github.com/emmett-framework/granian, docs/spec/RSGI.md.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, cast
from urllib.parse import urlsplit

from kg.settings import Settings
from server.front import Environ, Front

_SPILL = 1 << 20  # bytes of a body or an answer that stay in memory
_IDLE = 20.0  # seconds for the next piece of a body
_SLOWEST = 20_000  # bytes a second over the whole of a body, beyond the first _IDLE seconds
_QUEUE = 256  # whole requests that may wait for a thread
_BUSY = b'{"type":"about:blank","title":"Not now","status":503,"detail":"too many requests"}'
_SLOW = (
    b'{"type":"about:blank","title":"Bad request","status":408,"detail":"the body came too slow"}'
)
_UPLOADS = ("/graphs", "/documents")  # what may be as large as upload_bytes
_PLAIN = ("CONTENT_TYPE", "CONTENT_LENGTH")


@dataclass
class _Told:
    """What the application answers: status, headers, and the body whole or in parts."""

    status: int = 500
    headers: list[tuple[str, str]] | None = None
    whole: bytes | None = None
    parts: Any = None


class Gate:
    """An RSGI application around the WSGI one."""

    def __init__(self, front: Front, settings: Settings) -> None:
        self._front, self._settings = front, settings
        self._threads = ThreadPoolExecutor(settings.web_threads, thread_name_prefix="web")
        self._inside, self._most = 0, settings.web_threads + _QUEUE

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        environ = environment(scope)
        if (ready := self._front.at_once(environ)) is not None:
            status, headers, content = ready
            proto.response_bytes(int(status[:3]), headers, content)
            return
        if self._inside >= self._most:
            _refuse(proto, 503, _BUSY)
            return
        body: IO[bytes] | None = None
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            body = await self._body(environ, proto)
            if body is None:
                _refuse(proto, 408, _SLOW)
                return
        environ["wsgi.input"] = body or io.BytesIO()
        self._inside += 1
        try:
            loop = asyncio.get_running_loop()
            told = await loop.run_in_executor(self._threads, self._run, environ)
        finally:
            self._inside -= 1
            if body is not None:
                body.close()
        await _send(proto, told)

    async def _body(self, environ: Environ, proto: Any) -> IO[bytes] | None:
        """Return the body; None where it comes too slow. What is too large is left unread."""
        upload = environ["PATH_INFO"].startswith(_UPLOADS)
        most = self._settings.upload_bytes if upload else self._settings.query_bytes
        try:
            announced = int(environ.get("CONTENT_LENGTH", 0))
        except ValueError:
            announced = 0
        if announced > most:
            return io.BytesIO()  # the application refuses it, by its length
        body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_SPILL))  # noqa: SIM115
        loop = asyncio.get_running_loop()
        size, began, pieces = 0, loop.time(), aiter(proto)
        while True:
            try:
                left = began + _IDLE + size / _SLOWEST - loop.time()
                piece = await asyncio.wait_for(anext(pieces), min(_IDLE, max(left, 0.01)))
            except StopAsyncIteration:
                break
            except TimeoutError:
                body.close()
                return None
            size += body.write(piece)
            if size > most:
                break
        body.seek(0)
        # From here on the body is one of known length, and too long a one is refused, never cut.
        environ["CONTENT_LENGTH"] = str(size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return body

    def _run(self, environ: Environ) -> _Told:
        """Run the application, in a thread."""
        told = _Told()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            told.status, told.headers = int(status[:3]), headers

        result = self._front.ask(environ, cast("Callable[..., Any]", start))
        told.headers = [(name.lower(), value) for name, value in told.headers or []]
        if isinstance(result, list):
            told.whole = b"".join(result)
        else:
            _gather(told, result)
        return told


def _gather(told: _Told, result: Iterable[bytes]) -> None:
    """Take a small answer whole; leave a large one in parts."""
    parts, held, size = iter(result), [], 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size > _SPILL:
            told.parts = (held, parts, getattr(result, "close", None))
            return
    told.whole = b"".join(held)
    if (close := getattr(result, "close", None)) is not None:
        close()


async def _send(proto: Any, told: _Told) -> None:
    if told.whole is not None:
        proto.response_bytes(told.status, told.headers, told.whole)
        return
    held, parts, close = told.parts
    try:
        stream = proto.response_stream(told.status, told.headers)
        for part in held:
            await stream.send_bytes(part)
        for part in parts:
            await stream.send_bytes(part)
    finally:
        if close is not None:
            close()


def _refuse(proto: Any, status: int, body: bytes) -> None:
    headers = [("content-type", "application/problem+json"), ("retry-after", "1")]
    proto.response_bytes(status, headers, body)


def environment(scope: Any) -> Environ:
    """Return the WSGI environment of a request (PEP 3333); the body is added when it is there."""
    server = urlsplit(f"//{scope.server}")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.hostname or "localhost",
        "SERVER_PORT": str(server.port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        key = key if key in _PLAIN else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
