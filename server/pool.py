"""The pool of query processes of the release that is served, and what a query gets from it."""

from __future__ import annotations

import json
import os
import signal
import struct
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from kg.errors import PactgraphError, QueryError, Timeout, UnknownName
from kg.model import Release
from kg.release import DataFolder
from kg.settings import Settings
from server import wire
from server.child import CRASHED
from server.crew import Child, Crew, Lost
from server.keeper import Keeper
from server.query import Answer, Ask, Busy, Counts, Forbidden, NotAcceptable, Slow, TooLarge
from server.quoting import Mode

__all__ = ["Answer", "Ask", "Busy", "Pool", "TooLarge"]
_SPILL = 1 << 20  # bytes: results up to this size stay in memory
_IDLE = 8  # times slow_seconds, after which a query is slow even when it hardly works
_PAUSED = 4  # queries that may be stopped on the way to each place among the slow ones
_START = 20.0  # seconds that the first query waits for the processes to start


_FAULTS: dict[int, type[PactgraphError]] = {
    400: QueryError, 403: Forbidden, 404: UnknownName, 406: NotAcceptable, 503: TooLarge
}  # fmt: skip


@dataclass
class _Turn:
    """One query on its way: which child has it, in which lane, until when."""

    crew: Crew
    child: Child
    ask: Ask
    began: float
    deadline: float
    slow: bool
    patience: float = 0.0  # when to look next whether the query is a slow one
    work: float = 0.0  # processor time of the child before this query
    sound: bool = False  # the conversation came to its end, so the child can go on

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()


class Pool:
    """Answers queries on the current release, each within its deadline; thread-safe.

    Quick and slow queries have lanes of their own: a query that takes longer than `slow_seconds`
    gives its place to the next quick one, and goes on, with the lowest priority, when there is
    room among the slow ones.
    """

    def __init__(self, folder: DataFolder, settings: Settings, shown: Mode | None = None) -> None:
        self.folder, self.settings = folder, settings
        self.counts = Counts()
        self._keeper = Keeper(folder, settings, shown)
        self._quick = threading.Semaphore(settings.query_children)
        self._slow = threading.Semaphore(settings.slow_children)
        self._paused = threading.Semaphore(_PAUSED * settings.slow_children)
        self._known = Slow()

    @property
    def release(self) -> Release | None:
        """The release that answers come from; follows the folder's current one."""
        crew = self._keeper.fresh(_START)
        return crew.release if crew else None

    @property
    def place(self) -> tuple[Release, Path] | None:
        """The release that answers come from, with the store that its readers may see."""
        crew = self._keeper.fresh(_START)
        return (crew.release, crew.path) if crew else None

    @property
    def served(self) -> Release | None:
        """The release that answers came from last, without a look for a new one."""
        return self._keeper.served

    def current_number(self) -> int | None:
        """Return the number of the folder's current release, served yet or not."""
        return self._keeper.number()

    @property
    def started(self) -> bool:
        """Whether anybody has asked yet."""
        return self._keeper.started

    def wait_for(self, number: int, seconds: float = 10.0, *, exactly: bool = False) -> bool:
        """Wait until answers come from a release of this number or above; False: it took longer.

        After a rollback, `exactly` waits for that very release.
        """
        return self._keeper.wait_for(number, seconds, exactly=exactly)

    @property
    def restarts(self) -> int:
        """How often the first query process had to be started again."""
        return self._keeper.restarts

    @property
    def in_memory(self) -> bool:
        """Whether the release is served from memory now."""
        return self._keeper.in_memory

    def close(self) -> None:
        """End all query processes."""
        self._keeper.close()

    def ask(self, ask: Ask, seconds: float | None = None) -> Answer:
        """Return the answer of a query.

        Raises QueryError, NotAcceptable, Forbidden, UnknownName (no such graph), Timeout (the
        process was ended), Busy, TooLarge, or Lost where its process was ended from outside.
        """
        began = time.monotonic()
        deadline = began + (seconds or self.settings.query_seconds)
        self.counts.add("asked")
        for last in (False, True):
            crew = self._keeper.fresh(max(deadline - time.monotonic(), 0.0))
            if crew is None:
                raise QueryError("nothing has been published yet; run pactgraph build first")
            try:
                return self._turn(crew, ask, began, deadline)
            except Lost:
                # All processes went down together: not the query's doing, so it is asked again.
                if last or not crew.forker.broken:
                    raise
        raise AssertionError("unreachable")

    def _turn(self, crew: Crew, ask: Ask, began: float, deadline: float) -> Answer:
        slow = ask.query in self._known
        self._enter(slow, deadline)
        try:
            child = crew.take(slow)
        except BaseException:
            (self._slow if slow else self._quick).release()
            raise
        turn = _Turn(crew, child, ask, began, deadline, slow)
        if not slow:
            turn.work = child.worked or child.cpu()  # opening the store is no work of the query
            turn.patience = time.monotonic() + self.settings.slow_seconds
        try:
            return self._converse(turn)
        finally:
            if not turn.sound:
                child.end()
                self._keeper.wake()
            (self._slow if turn.slow else self._quick).release()
            most = self.settings.slow_children if child.slow else self.settings.query_children
            if child.slow and crew.loader is not None:
                most = 0  # the engine counts references in what it reads: pages stop being shared
            crew.give(child if turn.sound else None, most)

    def _enter(self, slow: bool, deadline: float) -> None:
        """Wait for a place in a lane; raises Busy where too many wait or time is up."""
        lane = self._slow if slow else self._quick
        if lane.acquire(blocking=False):
            return
        if self.counts.waiting >= self.settings.query_queue:
            self.counts.add("refused")
            raise Busy(
                f"{self.settings.query_queue} queries are waiting already (setting query_queue);"
                " try again in a second"
            )
        self.counts.add("waiting")
        try:
            if lane.acquire(timeout=max(deadline - time.monotonic(), 0.0)):
                return
        finally:
            self.counts.add("waiting", -1)
        self.counts.add("refused")
        raise Busy("all query processes were busy until your time was up; try again")

    # --- one conversation -----------------------------------------------------------------

    def _converse(self, turn: _Turn) -> Answer:
        body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_SPILL))  # noqa: SIM115
        head: dict[str, Any] = {}
        size = 0
        try:
            turn.child.sock.settimeout(max(turn.left, 0.001))
            turn.child.sock.sendall(wire.frame_json(wire.DATA, self._request(turn.ask)))
            while True:
                kind, data = self._next(turn)
                if kind == wire.DATA:
                    size += body.write(data)
                elif kind == wire.HEADER:
                    head = json.loads(data)
                else:
                    turn.sound = True
                    if kind == wire.END:
                        (turn.child.worked,) = struct.unpack("!d", data)
                        break
                    turn.child.worked = turn.child.cpu()
                    fault = json.loads(data)
                    raise _FAULTS[fault["status"]](fault["error"])
        except (EOFError, ConnectionError, BrokenPipeError):
            body.close()
            raise self._epitaph(turn) from None
        except BaseException:
            body.close()
            raise
        body.seek(0)
        seconds = time.monotonic() - turn.began
        number = turn.crew.release.number
        return Answer(head["type"], body, size, number, head["volatile"], head["form"], seconds)

    def _next(self, turn: _Turn) -> tuple[bytes, bytes]:
        while True:
            patience = turn.left
            if not turn.slow:
                patience = min(patience, turn.patience - time.monotonic())
            try:
                turn.child.sock.settimeout(max(patience, 0.001))
                return turn.child.reader.next()
            except TimeoutError:
                if turn.left <= 0:
                    self.counts.add("timeouts")
                    self._known.add(turn.ask.query)
                    limit = self.settings.query_seconds
                    raise Timeout(
                        f"the query took more than {limit:g} s (setting query_seconds) and was"
                        " stopped; ask for less"
                    ) from None
                if not turn.slow:
                    self._look(turn)

    def _look(self, turn: _Turn) -> None:
        """Demote a query that has had its time; on a busy machine it may have been waiting only."""
        limit, now = self.settings.slow_seconds, time.monotonic()
        worked = turn.child.cpu() - turn.work
        if worked >= limit or now - turn.began >= _IDLE * limit:
            self._demote(turn)
        else:
            turn.patience = now + max(limit - worked, 0.02)

    def _demote(self, turn: _Turn) -> None:
        """Move a query to the slow lane; where that is full, it waits for its turn stopped."""
        self._known.add(turn.ask.query)
        self.counts.add("demoted")
        turn.child.give_way()
        if not self._slow.acquire(blocking=False):
            if not self._paused.acquire(blocking=False):
                self.counts.add("refused")
                raise Busy("too many long queries are running; try again in a few seconds")
            turn.child.signal(signal.SIGSTOP)
            self._quick.release()
            try:
                got = self._slow.acquire(timeout=max(turn.left, 0.0))
            finally:
                self._paused.release()
            if not got:
                self._quick.acquire()  # given back at the end of the turn
                self.counts.add("refused")
                raise Busy("long queries were running until your time was up; try again")
            turn.child.signal(signal.SIGCONT)
        else:
            self._quick.release()
        turn.slow = True
        self._keeper.wake()

    def _epitaph(self, turn: _Turn) -> PactgraphError:
        """Return what to say of a process that ended during a query."""
        self.counts.add("crashes")
        status = None
        for _ in range(20):
            status = turn.crew.forker.status(turn.child.pid)
            if status is not None or turn.crew.forker.broken:
                break
            time.sleep(0.005)
        if status is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            return Lost("the process of this query was ended from outside; try again")
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV:
            return QueryError("the query is nested too deep for the engine; write it flatter")
        if os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == CRASHED:
            limit = self.settings.query_memory_mb
            return TooLarge(
                f"the query needed more than {limit} MB (setting query_memory_mb) and was stopped;"
                " ask for less"
            )
        return Lost("the process of this query ended; try again")

    def _request(self, ask: Ask) -> dict[str, Any]:
        row: dict[str, Any] = {
            "accept": ask.accept,
            "limit": self.settings.result_bytes,
            "rows": self.settings.result_rows,
        }
        if ask.graph is not None or ask.everything:
            return {**row, "graph": ask.graph or "", "all": ask.everything}
        if ask.words is not None:
            row["words"] = sorted(ask.words)
        return {
            **row, "query": ask.query, "default": ask.default, "named": ask.named,
            "base": ask.base, "union": ask.union, "nesting": self.settings.query_nesting,
        }  # fmt: skip
