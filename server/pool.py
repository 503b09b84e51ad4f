"""The pool of query processes of the release that is served, and what a query gets from it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast

from kg.errors import InputError, PactgraphError, QueryError, Timeout
from kg.model import Release
from kg.release import DataFolder
from kg.settings import Settings
from server import wire
from server.tokens import names_dataset

_SPILL = 1 << 20  # results up to this size stay in memory


class Busy(PactgraphError):
    """All query processes are at work and the queue is full; come back later."""

    status = 503


class NotAcceptable(InputError):
    """None of the media types asked for can carry the result."""

    status = 406


class TooLarge(PactgraphError):
    """The result passed the limit; nothing is ever cut silently."""

    status = 503


@dataclass
class Answer:
    """A result: its media type and a file at its start, in memory or spilled to disk."""

    media_type: str
    body: IO[bytes]
    size: int
    release: int

    def content(self) -> bytes:
        """Return the whole body."""
        return self.body.read()

    def chunks(self) -> Iterator[bytes]:
        """Yield the body piece by piece and close it."""
        with self.body:
            while part := self.body.read(wire.CHUNK):
                yield part


@dataclass(frozen=True)
class Ask:
    """One query with the dataset and media types that the protocol names."""

    query: str
    accept: tuple[str, ...] = ("*/*",)
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None
    union: bool = True


@dataclass
class _Child:
    pid: int
    sock: socket.socket

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.sock.close()


@dataclass
class _Crew:
    """A loader and its children, all of one release."""

    release: Release
    process: subprocess.Popen[bytes]
    control: socket.socket
    idle: queue.Queue[_Child] = field(default_factory=queue.Queue)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def hire(self) -> _Child:
        """Fork one more child; takes some ten milliseconds."""
        with self.lock:
            wire.send(self.control, wire.DATA)
            data, fds, _, _ = socket.recv_fds(self.control, 16, 1)
            if not fds:
                raise Busy("the query processes are being started again; try again in a second")
        return _Child(int(data), socket.socket(fileno=fds[0]))

    def close(self) -> None:
        """End the children as they come back, and the loader."""
        self.closed = True
        while True:
            try:
                self.idle.get_nowait().kill()
            except queue.Empty:
                break
        self.control.close()
        self.process.kill()
        self.process.wait()


class Pool:
    """Answers queries on the current release, each within its deadline; thread-safe."""

    def __init__(self, folder: DataFolder, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self._crew: _Crew | None = None
        self._change = threading.Lock()
        self._waiting = threading.Semaphore(settings.query_queue + settings.query_children)

    @property
    def release(self) -> Release | None:
        """The release that answers come from; follows the folder's current one."""
        crew = self._fresh()
        return crew.release if crew else None

    def ask(self, ask: Ask, seconds: float | None = None) -> Answer:
        """Return the answer of a query.

        Raises QueryError, NotAcceptable, Timeout (the process was ended), Busy or TooLarge.
        """
        deadline = time.monotonic() + (seconds or self.settings.query_seconds)
        if not self._waiting.acquire(blocking=False):
            raise Busy("too many queries are waiting; try again in a second")
        try:
            crew = self._fresh()
            if crew is None:
                raise QueryError("nothing has been published yet; run pactgraph build first")
            child = self._take(crew, deadline)
            try:
                answer = self._converse(crew, child, ask, deadline)
            except BaseException:
                self._replace(crew, child)
                raise
            self._give_back(crew, child)
            return answer
        finally:
            self._waiting.release()

    # --- one conversation -----------------------------------------------------------------

    def _take(self, crew: _Crew, deadline: float) -> _Child:
        try:
            return crew.idle.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            raise Busy("all query processes were busy until your time was up; try again") from None

    def _give_back(self, crew: _Crew, child: _Child) -> None:
        if crew.closed:
            child.kill()
        else:
            crew.idle.put(child)

    def _replace(self, crew: _Crew, child: _Child) -> None:
        child.kill()
        if not crew.closed:
            with contextlib.suppress(OSError, EOFError, PactgraphError):
                crew.idle.put(crew.hire())

    def _converse(self, crew: _Crew, child: _Child, ask: Ask, deadline: float) -> Answer:
        sock = child.sock
        body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_SPILL))  # noqa: SIM115
        media_type, size, ended = "", 0, False
        try:
            self._limit(sock, deadline)
            wire.send_json(sock, wire.DATA, self._request(ask))
            while not ended:
                self._limit(sock, deadline)
                kind, data = wire.receive(sock)
                if kind == wire.FAULT:
                    self._raise(data)
                elif kind == wire.HEADER:
                    media_type = json.loads(data)["type"]
                elif kind == wire.DATA:
                    size += body.write(data)
                else:
                    ended = True
        except TimeoutError:
            limit = self.settings.query_seconds
            raise Timeout(
                f"the query took more than {limit:g} s and was stopped; ask for less"
            ) from None
        except (EOFError, ConnectionError):
            raise QueryError(
                "the query needed more memory or depth than it may use, so its process ended;"
                " make it smaller or nest it less"
            ) from None
        body.seek(0)
        return Answer(media_type, body, size, crew.release.number)

    def _limit(self, sock: socket.socket, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(left)

    def _request(self, ask: Ask) -> dict[str, Any]:
        return {
            "query": ask.query, "accept": list(ask.accept), "default": list(ask.default),
            "named": list(ask.named), "base": ask.base,
            "union": ask.union and not names_dataset(ask.query),
            "limit": self.settings.result_bytes,
        }  # fmt: skip

    def _raise(self, data: bytes) -> None:
        fault = json.loads(data)
        kinds = {400: QueryError, 406: NotAcceptable, 503: TooLarge}
        raise kinds[fault["status"]](fault["error"])

    # --- the crew of the current release --------------------------------------------------

    def _fresh(self) -> _Crew | None:
        number = self.folder.current_number()
        crew = self._crew
        alive = crew is not None and crew.process.poll() is None
        if number is None or (alive and crew is not None and crew.release.number == number):
            return crew
        with self._change:
            crew = self._crew
            if crew is not None and crew.process.poll() is None and crew.release.number == number:
                return crew
            release = self.folder.current()
            if release is None:
                return crew
            self._crew = self._start(release)
            if crew is not None:
                crew.close()
            return self._crew

    def _start(self, release: Release) -> _Crew:
        ours, theirs = socket.socketpair()
        in_memory = 0 < release.counts.get("triples", 0) <= self.settings.memory_triples
        command = [
            sys.executable, "-P", "-m", "server.child", str(theirs.fileno()),
            str(self.folder.store_path(release)), "1" if in_memory else "0",
            str(self.settings.query_memory_mb),
        ]  # fmt: skip
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        crew = _Crew(release, process, ours)
        try:
            wire.receive(ours)
            for _ in range(self.settings.query_children):
                crew.idle.put(crew.hire())
        except EOFError as error:
            why = f"release {release.number} could not be loaded; see the log"
            raise PactgraphError(why) from error
        return crew

    def close(self) -> None:
        """End all query processes."""
        with self._change:
            if self._crew is not None:
                self._crew.close()
                self._crew = None
