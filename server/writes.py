"""Writes on their way to a release: queued, put together, done by the writer process, awaited."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kg.errors import DataFolderError, PactgraphError, Timeout
from kg.release import DataFolder
from kg.settings import Settings
from server import wire

_PAUSE = 0.1  # seconds between two releases, at least: what comes meanwhile is put together
_MOST = 64  # writes of one release
_QUIET = 2.0  # seconds without a write, after which releases are counted and summed up
_WAIT = 30.0  # seconds for another process to finish writing
_ENGINE_MB = 4096  # address space that the engine's threads and files take, most of it unused
_SLACK = 10.0  # seconds beyond the limits before the writer counts as stuck


class WriteRefused(PactgraphError):
    """A write was refused; `status` says why, as in HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class _Write:
    op: dict[str, Any]
    bodies: list[bytes]
    done: threading.Event = field(default_factory=threading.Event)
    told: dict[str, Any] = field(default_factory=dict)
    error: PactgraphError | None = None


class Writes:
    """Takes writes from any thread; each answer comes when its release is served."""

    def __init__(
        self, folder: DataFolder, settings: Settings, served: Callable[[int, float], bool]
    ) -> None:
        self._folder, self._settings, self._served = folder, settings, served
        self._queue: queue.Queue[_Write] = queue.Queue(maxsize=_MOST * 4)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None
        self._reader: wire.Reader | None = None
        self._sealing: subprocess.Popen[bytes] | None = None

    def submit(self, op: dict[str, Any], bodies: list[bytes]) -> dict[str, Any]:
        """Do one write and return what the writer tells: `release` and `created`.

        Raises WriteRefused, Timeout (the writer was ended) or DataFolderError.
        """
        with self._start:
            if self._thread is None:  # one thread that lives on: the writer dies with it
                self._thread = threading.Thread(target=self._loop, name="writes", daemon=True)
                self._thread.start()
        write = _Write(
            {**op, "bodies": len(bodies), "nesting": self._settings.query_nesting}, bodies
        )
        try:
            self._queue.put_nowait(write)
        except queue.Full:
            raise WriteRefused(503, "too many writes are waiting; try again in a second") from None
        write.done.wait()
        if write.error is not None:
            raise write.error
        return write.told

    def close(self) -> None:
        """End the writer process, and the one that seals."""
        self._stop_sealing()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._sock is not None:
            self._sock.close()
        self._process = self._sock = self._reader = None

    def _loop(self) -> None:
        last = 0.0
        while True:
            batch = [self._next()]
            time.sleep(max(0.0, last + _PAUSE - time.monotonic()))
            with suppress(queue.Empty):
                while len(batch) < _MOST:
                    batch.append(self._queue.get_nowait())
            try:
                self._publish(batch)
            except Exception as error:
                why = DataFolderError(f"the write failed: {error}")
                for write in batch:
                    known = error if isinstance(error, PactgraphError) else why
                    write.error = write.error or known
                self.close()
            for write in batch:
                write.done.set()
            last = time.monotonic()

    def _next(self) -> _Write:
        """Return the next write; where none comes for a while, releases are sealed meanwhile."""
        try:
            return self._queue.get(timeout=_QUIET)
        except queue.Empty:
            pass
        command = [sys.executable, "-P", "-m", "server.sealing"]
        place = [str(self._folder.path.absolute()), self._folder.iris.base]
        self._sealing = subprocess.Popen([*command, *place], stdin=subprocess.DEVNULL)
        try:
            return self._queue.get()
        finally:
            self._stop_sealing()

    def _stop_sealing(self) -> None:
        sealing, self._sealing = self._sealing, None
        if sealing is not None:
            sealing.kill()
            sealing.wait()

    def _publish(self, batch: list[_Write]) -> None:
        """Do a batch, again without the write that ended the writer, until nothing is left."""
        left, tries = batch, 0
        while left:
            current: list[_Write] = []
            try:
                number = self._attempt(left, current)
            except TimeoutError:
                self.close()
                self._blame(current, left, Timeout(self._too_slow()))
            except (EOFError, OSError) as error:
                self.close()
                tries += not current
                if tries > 1:
                    raise WriteRefused(503, f"the writer ended twice: {error}") from error
                self._blame(current, left, WriteRefused(503, _CRASHED))
            else:
                if number is not None and not self._served(number, _SLACK):
                    raise WriteRefused(503, f"release {number} is published but not served yet")
                return
            left = [write for write in left if write.error is None]

    def _too_slow(self) -> str:
        limit = self._settings.write_seconds
        return f"the write took more than {limit:g} s and was stopped; nothing of it was done"

    def _blame(self, current: list[_Write], left: list[_Write], error: PactgraphError) -> None:
        for write in current:
            write.error = error
        if not current and isinstance(error, Timeout):
            raise error

    def _attempt(self, batch: list[_Write], current: list[_Write]) -> int | None:
        """Hand a batch over and read what becomes of it; return the release.

        `current` holds the write that the writer is at, so that its end can be laid to it.
        """
        sock, reader = self._ready()
        note = f"{len(batch)} over HTTP, {uuid.uuid4().hex[:8]}"
        head = {"ops": [write.op for write in batch], "note": note}
        sock.settimeout(_WAIT + _SLACK)
        sock.sendall(wire.frame_json(wire.DATA, head))
        for write in batch:
            for body in write.bodies:
                sock.sendall(wire.frame(wire.DATA, body))
        number: int | None = None
        while True:
            try:
                kind, data = reader.next()
            except EOFError:
                # Killed while it published: if the release is there, the work is done.
                if not current and (number := self._number(note)) is not None:
                    self.close()
                    return self._finish(batch, number)
                raise
            if kind == wire.END:
                return self._finish(batch, number) if number is not None else None
            row = json.loads(data)
            index = row.pop("index", None)
            if kind == wire.STEP:
                current[:] = [batch[index]] if index is not None else []
                limit = self._settings.write_seconds
                sock.settimeout(limit if current else limit + _SLACK)
            elif kind == wire.HEADER:
                number = row["release"]
            elif kind == wire.FAULT:
                error = WriteRefused(row["status"], row["error"])
                for write in [batch[index]] if index is not None else batch:
                    write.error = write.error or error
                current.clear()
            else:
                batch[index].told = row
                current.clear()

    def _finish(self, batch: list[_Write], number: int) -> int:
        for write in batch:
            if write.error is None:
                write.told["release"] = number
        return number

    def _number(self, note: str) -> int | None:
        return next((r.number for r in self._folder.releases() if r.note == note), None)

    def _ready(self) -> tuple[socket.socket, wire.Reader]:
        """Return the line to the writer, which is started where it is not there."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._sock is None or self._reader is None:
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-P", "-m", "server.writer", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
            theirs.close()
            settings = self._settings
            config = {
                "data": str(settings.data.absolute()), "base": settings.base,
                "keep": settings.keep_releases, "protect": settings.protect_graphs,
                "wait": _WAIT, "memory_mb": _ENGINE_MB + settings.query_memory_mb,
            }  # fmt: skip
            ours.sendall(wire.frame_json(wire.DATA, config))
            self._sock, self._reader = ours, wire.Reader(ours)
        return self._sock, self._reader


_CRASHED = (
    "the write needed more memory or depth than it may use, so its process ended; nothing of it"
    " was done; make it smaller"
)
