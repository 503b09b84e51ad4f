"""The web process's ends of the query processes: children, the forker of them, a release's crew."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import PactgraphError
from kg.model import Release
from server import wire

_REPLY = 10.0  # seconds that a forker may take to fork
_NICE = 19
_IDLE = 5.0  # seconds that a process for slow queries is kept idle
_TICK = 1.0 / os.sysconf("SC_CLK_TCK")


class Lost(PactgraphError):
    """A query process, or the one that forks them, is gone."""

    status = 503


@dataclass
class Child:
    """One query process; signals go through a descriptor, so that they never hit another one."""

    pid: int
    handle: int
    sock: socket.socket
    reader: wire.Reader
    slow: bool = False
    worked: float = 0.0  # seconds of processor time up to the end of its last query
    since: float = 0.0  # when it became idle

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a process that is gone takes none."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, number)

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return bool(select.select([self.handle], [], [], 0)[0])

    def cpu(self) -> float:
        """Return the seconds of processor time that the process has had, of its threads too."""
        try:
            rest = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return 0.0
        return (int(rest[11]) + int(rest[12])) * _TICK

    def answers(self) -> bool:
        """Tell whether it answers the smallest question: then it has opened its release."""
        row = {
            "query": "ASK {}", "accept": ["*/*"], "default": [], "named": [], "base": None,
            "union": False, "nesting": 5, "limit": 10_000, "rows": 10,
        }  # fmt: skip
        try:
            self.sock.settimeout(_REPLY)
            self.sock.sendall(wire.frame_json(wire.DATA, row))
            while (kind := self.reader.next()[0]) not in {wire.FAULT, wire.END}:
                pass
            return kind == wire.END
        except (OSError, EOFError):
            return False

    def give_way(self) -> None:
        """Let every other process go first, for good."""
        if not self.gone:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _NICE)
        self.slow = True

    def end(self) -> None:
        """Kill the process."""
        self.signal(signal.SIGKILL)
        self.sock.close()
        with contextlib.suppress(OSError):
            os.close(self.handle)


class Forker:
    """The other end of `server.child.Forker`."""

    def __init__(self, control: socket.socket, process: subprocess.Popen[bytes] | None) -> None:
        self.control, self.process = control, process
        self.lock = threading.Lock()
        self.broken = False

    def order(self, order: dict[str, Any], give: socket.socket | None = None) -> dict[str, Any]:
        """Send one order, with a socket for the process to be made, and return the reply.

        Raises Lost where the forker is gone or cannot fork.
        """
        with self.lock:
            try:
                data = json.dumps(order).encode()
                socket.send_fds(self.control, [data], [give.fileno()] if give else [])
                message, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            except OSError:
                message, fds = b"", []
        if not message:
            self.broken = True
            raise Lost("the query processes are being started again; try again in a second")
        reply: dict[str, Any] = json.loads(message)
        if "error" in reply:
            raise Lost(f"no query process can be started now ({reply['error']}); try again later")
        return {**reply, "handle": fds[0] if fds else -1}

    def fork(self, **order: object) -> Child:
        """Have a process forked and return this end of it; takes some ten milliseconds."""
        ours, theirs = socket.socketpair()
        try:
            reply = self.order(order, theirs)
        except Lost:
            ours.close()
            raise
        finally:
            theirs.close()
        return Child(reply["pid"], reply["handle"], ours, wire.Reader(ours))

    def status(self, pid: int) -> int | None:
        """Return how a child ended, as waitpid tells it; None where that is not known (yet)."""
        with contextlib.suppress(Lost):
            found: int | None = self.order({"do": "status", "pid": pid})["status"]
            return found
        return None

    def close(self) -> None:
        """End the forker; by the kernel's rule its children end with it."""
        self.broken = True
        self.control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def first_forker() -> Forker:
    """Start the process that all query processes come from.

    Call it from a thread that lives as long as they shall: they end with that thread.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-P", "-m", "server.child", str(theirs.fileno())]
    process = subprocess.Popen(
        command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    theirs.close()
    ours.settimeout(_REPLY)
    forker = Forker(ours, process)
    try:
        if not ours.recv(1 << 16):
            raise OSError("it ended at once")
    except OSError as error:
        forker.close()
        raise Lost(f"the query processes cannot be started: {error}") from error
    return forker


@dataclass
class Loading:
    """A loader at work: a child that becomes the forker of a release held in memory."""

    release: Release
    child: Child
    control: socket.socket

    def result(self) -> Forker | None:
        """Return the forker where loading has succeeded; raises BlockingIOError before it ends."""
        self.control.setblocking(False)
        try:
            message = self.control.recv(1 << 16)
        except BlockingIOError:
            raise
        except OSError:
            return None
        if not message or not json.loads(message)["loaded"]:
            return None
        self.control.settimeout(_REPLY)
        return Forker(self.control, None)

    def end(self) -> None:
        """Stop it, and what was forked from it."""
        self.child.end()
        self.control.close()


def load(forker: Forker, release: Release, path: Path, most: int) -> Loading:
    """Begin to load a release into memory, unless it has more than `most` statements."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        reply = forker.order({"do": "load", "path": str(path), "most": most}, theirs)
    except Lost:
        ours.close()
        raise
    finally:
        theirs.close()
    spare, other = socket.socketpair()
    other.close()
    child = Child(reply["pid"], reply["handle"], spare, wire.Reader(spare))
    return Loading(release, child, ours)


@dataclass
class Crew:
    """The query processes of one release; `loader` is set where it is held in memory."""

    release: Release
    path: Path
    forker: Forker
    memory: int
    loader: Loading | None = None
    quick: list[Child] = field(default_factory=list)
    slow: list[Child] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    busy: int = 0
    retired: bool = False

    def take(self, slow: bool) -> Child:
        """Return an idle process, or a new one; raises Lost."""
        with self.lock:
            self.busy += 1
            idle = self.slow if slow else self.quick
            while idle:
                child = idle.pop()
                if not child.gone:
                    return child
                child.end()
        try:
            child = self.hire()
        except Lost:
            self._back()
            raise
        if slow:
            child.give_way()
        return child

    def hire(self) -> Child:
        """Fork one more process; raises Lost."""
        return self.forker.fork(do="child", path=str(self.path), memory=self.memory)

    def give(self, child: Child | None, most: int) -> None:
        """Take a process back (None: it is gone); of idle ones at most `most` are kept."""
        if child is not None:
            with self.lock:
                idle = self.slow if child.slow else self.quick
                keep = not self.retired and len(idle) < most
                if keep:
                    child.since = time.monotonic()
                    idle.append(child)
            if not keep:
                child.end()
        self._back()

    def fill(self, quick: int) -> None:
        """Have so many idle processes for quick queries, less those at work; raises Lost."""
        while not self.retired and len(self.quick) + self.busy < quick:
            child = self.hire()
            with self.lock:
                self.quick.append(child)

    def tidy(self) -> None:
        """End processes for slow queries that have been idle for a while: they hold much memory."""
        before = time.monotonic() - _IDLE
        with self.lock:
            done = [child for child in self.slow if child.since < before]
            self.slow = [child for child in self.slow if child.since >= before]
        for child in done:
            child.end()

    def retire(self) -> None:
        """Give no more answers; the processes end when the last one has come back."""
        with self.lock:
            self.retired = True
            idle = self.quick + self.slow
            self.quick, self.slow = [], []
            done = self.busy == 0
        for child in idle:
            child.end()
        if done:
            self._close()

    def _back(self) -> None:
        with self.lock:
            self.busy -= 1
            done = self.retired and self.busy == 0
        if done:
            self._close()

    def _close(self) -> None:
        if self.loader is not None:
            self.loader.end()
            self.forker.broken = True
