"""The processes that answer queries: forkers with one thread and one job, and their children.

Nothing inside the engine can stop a query, not even its parser (a nest of brackets can keep it
for hours), and a hostile query can end the process. So each query runs in a child that may be
killed at any time. The first forker is started by the web process; its children open a release,
or become loaders: forkers that hold a release in memory, whose pages their children share.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.vocab import prefixes
from server import wire
from server.answer import answer
from server.belt import die_with_parent, no_more_files, no_network

CRASHED = 3  # exit status of a child that ran out of memory in Python
_STACK = 256 << 20  # bytes: the parser and the evaluator recurse
_KEPT = 200  # exit statuses remembered
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def serve_child(sock: socket.socket, store: ox.Store, memory: int, on_disk: bool = False) -> None:
    """Answer requests until the other side closes; `memory` is in megabytes. Never returns."""
    _limits(memory, on_disk)
    reader = wire.Reader(sock)
    # Without named graphs the union of all is the unnamed graph, which is read in less time.
    plain = next(iter(store.named_graphs()), None) is None
    while True:
        try:
            _, data = reader.next()
            request = json.loads(data)
            if plain:
                request["union"] = False
            answer(store, request, sock)
        except (EOFError, OSError):
            os._exit(0)
        except MemoryError:
            os._exit(CRASHED)


def _limits(memory: int, on_disk: bool) -> None:
    with suppress(OSError):  # when memory is short, the kernel ends a query before anything else
        Path("/proc/self/oom_score_adj").write_text("500")
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard))
    # What the graph takes is not the query's; it is shared, or mapped from files.
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + (memory << 20)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A store on disk opens its files as it needs them; the ban on network sockets holds for both.
    if not on_disk:
        no_more_files()


def load(path: str, most: int) -> tuple[ox.Store | None, int]:
    """Return a copy of a release in memory and its size; None where it has more statements.

    Another process reads the release, so that no thread of its engine stays in this one, which is
    going to fork.
    """
    (data_in, data_out), (about_in, about_out) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        _dump(path, most, data_out, about_out)
    os.close(data_out)
    os.close(about_out)
    store = ox.Store()
    with os.fdopen(about_in, "rb") as about, os.fdopen(data_in, "rb") as data:
        head = json.loads(about.readline() or b"{}")
        if not head or head["count"] > most:
            return None, head.get("count", 0)
        store.bulk_load(data, format=ox.RdfFormat.N_QUADS, lenient=True)
    if os.waitpid(pid, 0)[1] != 0:
        return None, 0
    for name in head["graphs"]:
        store.add_graph(ox.NamedNode(name))
    return store, head["count"]


def _dump(path: str, most: int, data: int, about: int) -> None:
    status = 1
    try:
        die_with_parent()
        os.nice(5)  # queries that are being answered come first
        store = ox.Store.read_only(path)
        rows = store.query(_COUNT)
        assert isinstance(rows, ox.QuerySolutions)
        number = next(rows)["n"]
        assert isinstance(number, ox.Literal)
        count = int(number.value)
        graphs = [g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode)]
        with os.fdopen(about, "wb") as out:
            out.write(json.dumps({"count": count, "graphs": graphs}).encode() + b"\n")
        if count <= most:
            with os.fdopen(data, "wb") as out:
                store.dump(out, format=ox.RdfFormat.N_QUADS)
        status = 0
    finally:
        os._exit(status)


class Forker:
    """Takes orders from the web process, one message each, and reports the ends of children."""

    def __init__(self, control: socket.socket, store: ox.Store | None = None) -> None:
        self.control, self.store = control, store
        self.ended: dict[int, int] = {}
        signal.signal(signal.SIGCHLD, self._bury)

    def run(self) -> None:
        """Serve until the other side closes; never returns."""
        while True:
            try:
                message, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
            except OSError:
                os._exit(0)
            if not message:
                os._exit(0)
            self._obey(json.loads(message), fds)

    def _obey(self, order: dict[str, Any], fds: list[int]) -> None:
        if order["do"] == "status":
            self._reply({"status": self.ended.get(order["pid"])})
            return
        handle = -1
        try:
            pid = os.fork()
            if pid == 0:
                self._child(order, fds[0])
            handle = os.pidfd_open(pid)
            self._reply({"pid": pid}, handle)
        except OSError as error:
            self._reply({"error": str(error)})
        finally:
            for fd in (*fds, handle):
                if fd >= 0:
                    os.close(fd)

    def _child(self, order: dict[str, Any], fd: int) -> None:
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            parent = os.getppid()
            die_with_parent()
            if os.getppid() != parent:
                os._exit(1)
            self.control.close()
            sock = socket.socket(fileno=fd)
            if order["do"] == "load":
                _loader(sock, order)
            else:
                on_disk = self.store is None
                store = ox.Store.read_only(order["path"]) if self.store is None else self.store
                serve_child(sock, store, order["memory"], on_disk)
        finally:
            os._exit(1)

    def _reply(self, row: dict[str, Any], handle: int = -1) -> None:
        with suppress(OSError):
            data = json.dumps(row).encode()
            socket.send_fds(self.control, [data], [handle] if handle >= 0 else [])

    def _bury(self, *_: object) -> None:
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                self.ended[pid] = status
                if len(self.ended) > _KEPT:
                    del self.ended[next(iter(self.ended))]


def _loader(control: socket.socket, order: dict[str, Any]) -> None:
    store, count = load(order["path"], order["most"])
    control.send(json.dumps({"count": count, "loaded": store is not None}).encode())
    if store is not None:
        Forker(control, store).run()


def main() -> None:
    """Run the first forker: `python -m server.child FD`."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    no_network()
    prefixes()  # read before the first fork
    control = socket.socket(fileno=int(sys.argv[1]))
    control.send(json.dumps({"ready": os.getpid(), "threads": threading.active_count()}).encode())
    Forker(control).run()


if __name__ == "__main__":
    main()
