"""The processes that answer queries: a loader that forks, and the children it forks.

Nothing inside the engine can stop a query, not even its parser (a nest of brackets can keep it
for hours), and a hostile query can end the process. So each query runs in a child that may be
killed at any time. The loader has one thread and one job, which is what makes forking it safe.
In memory mode it holds the store and the children share its pages; in disk mode each child
opens the release.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from typing import IO, Any, cast

import pyoxigraph as ox

from server import wire
from server.negotiate import GRAPHS, RESULTS, choose

_PR_SET_PDEATHSIG = 1
_LONG = 200  # characters of what the parser expected


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that happens."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Writer:
    """A file that sends what is written to it as frames; raises where too much is written."""

    def __init__(self, sock: socket.socket, limit: int) -> None:
        self._sock, self._limit, self._size, self._buffer = sock, limit, 0, bytearray()

    def write(self, data: bytes) -> int:
        """Take in bytes; raises BufferError behind the limit."""
        self._size += len(data)
        if self._size > self._limit:
            raise BufferError(f"the result is larger than {self._limit:,} bytes")
        self._buffer += data
        if len(self._buffer) >= wire.CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held back."""
        if self._buffer:
            wire.send(self._sock, wire.DATA, bytes(self._buffer))
            self._buffer.clear()


def where(message: str) -> str:
    """Return the engine's complaint in words: line, column, and what was expected there."""
    match = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not match:
        return message
    expected = [w for w in re.split(r",\s+", match[3].split("\n")[0]) if "[" not in w or w == '"["']
    text = ", ".join(expected)
    if len(text) > _LONG:
        text = text[:_LONG].rsplit(",", 1)[0] + ", …"
    return f"line {match[1]}, column {match[2]}: {text}"


def answer(store: ox.Store, request: dict[str, Any], sock: socket.socket) -> None:
    """Run one query and send the result: a header, data frames, an end; or a fault."""
    try:
        result = store.query(request["query"], **_dataset(request))
    except SyntaxError as error:
        return wire.send_json(
            sock,
            wire.FAULT,
            {"status": 400, "error": f"the query does not parse: {where(str(error))}"},
        )
    except (ValueError, OSError, RuntimeError) as error:
        return wire.send_json(
            sock, wire.FAULT, {"status": 400, "error": f"the query cannot be run: {error}"}
        )
    triples = isinstance(result, ox.QueryTriples)
    media_type = choose(request["accept"], GRAPHS if triples else RESULTS)
    if isinstance(result, ox.QueryBoolean) and media_type in {
        "text/csv",
        "text/tab-separated-values",
    }:
        media_type = choose(
            [a for a in request["accept"] if a not in {media_type, "text/*"}], RESULTS
        )
    if media_type is None:
        offered = ", ".join(GRAPHS if triples else RESULTS)
        return wire.send_json(
            sock, wire.FAULT, {"status": 406, "error": f"this query's result comes as {offered}"}
        )
    wire.send_json(sock, wire.HEADER, {"type": media_type})
    writer = _Writer(sock, request["limit"])
    try:
        _serialise(result, media_type, writer)
        writer.flush()
    except BufferError as error:
        return wire.send_json(
            sock,
            wire.FAULT,
            {"status": 503, "error": f"{error}; ask for less, for instance with LIMIT"},
        )
    except (ValueError, OSError, RuntimeError) as error:
        return wire.send_json(
            sock, wire.FAULT, {"status": 400, "error": f"the query cannot be run: {error}"}
        )
    wire.send(sock, wire.END)


def _serialise(result: Any, media_type: str, writer: _Writer) -> None:
    if isinstance(result, ox.QueryTriples):
        rdf = ox.RdfFormat.from_media_type(media_type) or ox.RdfFormat.TURTLE
        ox.serialize(result, output=cast("IO[bytes]", writer), format=rdf)
    else:
        name = RESULTS[media_type]
        form = {
            "json": ox.QueryResultsFormat.JSON,
            "xml": ox.QueryResultsFormat.XML,
            "csv": ox.QueryResultsFormat.CSV,
            "tsv": ox.QueryResultsFormat.TSV,
        }[name]
        result.serialize(output=writer, format=form)


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """Translate the dataset of the protocol; what a request names wins over the query's own."""
    options: dict[str, Any] = {"base_iri": request.get("base")}
    if request["default"] or request["named"]:
        options["default_graph"] = [ox.NamedNode(iri) for iri in request["default"]]
        options["named_graphs"] = [ox.NamedNode(iri) for iri in request["named"]]
    elif request["union"]:
        options["use_default_graph_as_union"] = True
    return options


def serve_child(sock: socket.socket, store: ox.Store, memory: int) -> None:
    """Answer requests until the other side closes; never returns."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No descriptor can be opened from here on: the kernel's own belt against SERVICE and LOAD.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    while True:
        try:
            _, data = wire.receive(sock)
            answer(store, json.loads(data), sock)
        except (EOFError, OSError):
            os._exit(0)
        except MemoryError:
            os._exit(3)


def load(path: str, in_memory: bool) -> ox.Store | None:
    """Return the store that children share, or None where each opens the release itself."""
    if not in_memory:
        return None
    memory = ox.Store()
    memory.bulk_extend(_quads(path))
    return memory


def _quads(path: str) -> Iterator[ox.Quad]:
    store = ox.Store.read_only(path)
    yield from store.quads_for_pattern(None, None, None, None)


def main() -> None:
    """Run a loader: `python -m server.child FD PATH IN_MEMORY MEMORY_MB`."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    path, in_memory, memory = sys.argv[2], sys.argv[3] == "1", int(sys.argv[4]) << 20
    store = load(path, in_memory)
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    wire.send(control, wire.HEADER)
    while True:
        try:
            wire.receive(control)
        except (EOFError, OSError):
            os._exit(0)
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            control.close()
            ours.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            serve_child(theirs, store if store is not None else ox.Store.read_only(path), memory)
        theirs.close()
        socket.send_fds(control, [str(pid).encode().ljust(16)], [ours.fileno()])
        ours.close()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
