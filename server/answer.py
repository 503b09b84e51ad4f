"""What a query process does with one request: runs it, serialises the result, or says the fault."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.vocab import prefixes
from server import wire
from server.negotiate import GRAPHS, QUADS, RESULTS, TABLES, choose
from server.tokens import Outline, outline

_LONG = 200  # characters of what the parser expected
_FORMS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


class Fault(Exception):
    """The request gets an error; `status` is that of HTTP."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class _Writer:
    """A file that sends what is written to it as frames, and refuses what is too much."""

    def __init__(
        self, sock: socket.socket, limit: int, head: bytes, rows: Callable[[bytes], None]
    ) -> None:
        self._sock, self._limit, self._size, self._buffer = sock, limit, 0, bytearray()
        self._held, self._rows = head, rows

    def write(self, data: bytes) -> int:
        """Take in bytes; raises Fault behind the limit."""
        self._size += len(data)
        if self._size > self._limit:
            raise Fault(
                503,
                f"the result is larger than {self._limit:,} bytes (setting result_bytes);"
                " ask for less, for instance with LIMIT",
            )
        self._buffer += data
        if len(self._buffer) >= wire.CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held back."""
        if self._buffer:
            self._rows(bytes(self._buffer))
            self._sock.sendall(self._held + wire.frame(wire.DATA, bytes(self._buffer)))
            self._held = b""
            self._buffer.clear()

    def end(self) -> None:
        """Send the rest in one piece with the end: a small result is one message."""
        self._rows(bytes(self._buffer))
        data = wire.frame(wire.DATA, bytes(self._buffer)) if self._buffer else b""
        self._sock.sendall(self._held + data + wire.frame(wire.END, worked()))


_MARKS = {"json": b',{"', "xml": b"<result>", "tsv": b"\n", "csv": b"\n"}


class _Rows:
    """Counts the rows of a result in the bytes of it, and refuses what is too much.

    What ends a row cannot stand inside a value: in JSON and XML it would be escaped, in TSV too;
    in CSV a line end counts where the quotation marks before it are even in number.
    """

    def __init__(self, form: str, limit: int) -> None:
        self._form, self._mark, self._limit = form, _MARKS.get(form, b""), limit
        self._seen, self._tail, self._quoted = 0, b"", False

    def __call__(self, data: bytes) -> None:
        """Take in further bytes; raises Fault behind the limit."""
        if not self._mark:
            return
        if self._form == "csv":
            parts = data.split(b'"')
            self._seen += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
            self._quoted ^= len(parts) % 2 == 0
        else:
            self._seen += (self._tail + data).count(self._mark)
            self._tail = data[len(data) - len(self._mark) + 1 :] if len(self._mark) > 1 else b""
        if self._seen > self._limit:
            raise too_many(self._limit)


def worked() -> bytes:
    """Return the seconds of processor time of this process so far, as an END frame has them."""
    return struct.pack("!d", time.process_time())


def too_many(limit: int) -> Fault:
    """Return the refusal of a result with too many rows."""
    return Fault(
        503,
        f"the result has more than {limit:,} rows (setting result_rows);"
        " ask for less, for instance with LIMIT and OFFSET",
    )


def _counted(triples: Iterable[ox.Triple], limit: int) -> Iterator[ox.Triple]:
    for seen, triple in enumerate(triples):
        if seen >= limit:
            raise too_many(limit)
        yield triple


def answer(store: ox.Store, request: dict[str, Any], sock: socket.socket) -> None:
    """Answer one request: a header, data, an end; or a fault, which may also come amid data."""
    try:
        job = _graph if "graph" in request else _query
        media_type, notes, serialise = job(store, request)
        head = wire.frame_json(wire.HEADER, {"type": media_type, **notes})
        rows = _Rows(
            RESULTS.get(media_type, "") if notes["form"] == "table" else "", request["rows"]
        )
        writer = _Writer(sock, request["limit"], head, rows)
        try:
            serialise(cast("IO[bytes]", writer))
        except (ValueError, OSError, RuntimeError) as error:
            raise Fault(400, f"the query cannot be run: {error}") from error
        writer.end()
    except Fault as fault:
        row = {"status": fault.status, "error": fault.error}
        sock.sendall(wire.frame_json(wire.FAULT, row))


Job = tuple[str, dict[str, Any], Callable[[IO[bytes]], object]]


def _query(store: ox.Store, request: dict[str, Any]) -> Job:
    text = request["query"]
    if "words" in request:  # what was fetched is in the text, and nothing but data
        plan = Outline(frozenset(request["words"]), 0)
    else:
        plan = outline(text, request["nesting"])
    check(plan, request["nesting"])
    result = _run(store, request, plan)
    triples = isinstance(result, ox.QueryTriples)
    offered = GRAPHS if triples else RESULTS
    if isinstance(result, ox.QueryBoolean):
        offered = {k: v for k, v in RESULTS.items() if v not in TABLES}
    media_type = choose(request["accept"], offered)
    if media_type is None:
        raise Fault(406, f"this query's result comes as {', '.join(offered)}")
    form = "graph" if triples else "truth" if isinstance(result, ox.QueryBoolean) else "table"
    notes = {"volatile": plan.volatile, "form": form}
    if triples:
        rdf = _rdf(media_type)
        names = prefixes()
        counted = _counted(result, request["rows"])
        return (
            media_type,
            notes,
            lambda out: ox.serialize(counted, output=out, format=rdf, prefixes=names),
        )
    results = _FORMS[RESULTS[media_type]]
    return media_type, notes, lambda out: result.serialize(output=out, format=results)


def check(plan: Outline, nesting: int) -> None:
    """Raise Fault where brackets nest deeper than allowed."""
    if plan.nesting > nesting:
        raise Fault(
            400,
            f"brackets nest {plan.nesting} deep, {nesting} is the limit (setting query_nesting);"
            " flatten the query",
        )


def refuse_remote(word: str) -> Fault:
    """Return the refusal of a request that would fetch from somewhere else."""
    return Fault(403, f"{word} is switched off here: this service fetches from nowhere")


def _run(store: ox.Store, request: dict[str, Any], plan: Outline) -> Any:
    text, options = request["query"], _dataset(request, plan)
    if plan.remote:  # parsed and tried on nothing, behind the filter that lets nothing out
        _try(ox.Store(), text, options)
        raise refuse_remote(plan.remote)
    return _try(store, text, options)


def _try(store: ox.Store, text: str, options: dict[str, Any]) -> Any:
    try:
        return store.query(text, **options)
    except SyntaxError as error:
        raise Fault(400, f"the query does not parse: {where(str(error))}") from error
    except (ValueError, OSError, RuntimeError) as error:
        if "SERVICE" in text.upper() and isinstance(error, OSError):
            raise refuse_remote("SERVICE") from error
        status = 503 if isinstance(error, OSError) else 400  # the disk is not the asker's fault
        raise Fault(status, f"the query cannot be run: {error}") from error


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


def _dataset(request: dict[str, Any], plan: Outline) -> dict[str, Any]:
    """Translate the dataset of the protocol; what a request names wins over the query's own."""
    options: dict[str, Any] = {"base_iri": request.get("base")}
    if request["default"] or request["named"]:
        options["default_graph"] = [_iri(iri) for iri in request["default"]]
        options["named_graphs"] = [_iri(iri) for iri in request["named"]]
    elif request["union"] and not plan.dataset:
        options["use_default_graph_as_union"] = True
    return options


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise Fault(400, f"{text!r} is no absolute IRI of a graph: {error}") from error


def _graph(store: ox.Store, request: dict[str, Any]) -> Job:
    """Serialise one graph, named or unnamed; with `all`, the whole dataset."""
    name = request["graph"]
    everything = request.get("all", False)
    graph: ox.NamedNode | ox.DefaultGraph = _iri(name) if name else ox.DefaultGraph()
    if isinstance(graph, ox.NamedNode) and not store.contains_named_graph(graph):
        raise Fault(404, f"there is no graph <{name}> in this release")
    offered = QUADS if everything else GRAPHS
    media_type = choose(request["accept"], offered)
    if media_type is None:
        raise Fault(406, f"a graph comes as {', '.join(offered)}")
    rdf, names = _rdf(media_type), prefixes()
    source = None if everything else graph
    return (
        media_type,
        {"volatile": False, "form": "graph"},
        lambda out: store.dump(out, rdf, from_graph=source, prefixes=names),
    )


def _rdf(media_type: str) -> ox.RdfFormat:
    return {
        "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD, "trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS,
        "n3": ox.RdfFormat.N3,
    }[(GRAPHS | QUADS)[media_type]]  # fmt: skip
