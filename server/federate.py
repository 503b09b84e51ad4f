"""SERVICE and LOAD, done before the engine sees them: what is fetched takes their place.

The engine would fetch by itself, from anywhere, with no limit; so it is held behind a filter that
lets nothing out. Where addresses are allowed (setting `remote_allow`), this module, in a process
of its own that has the network but no data, asks them and writes the answers into the query:
`SERVICE <x> { … }` becomes `VALUES` with the rows of x, which is what it means (SPARQL 1.1
Federated Query, section 4: the pattern is evaluated there, then joined); `LOAD <x>` becomes
`INSERT DATA` with the statements of x. Run as `python -m server.federate`: one request on
standard input, one answer on standard output.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from server.belt import die_with_parent, limit_memory
from server.fetch import NotFetched, Reach, fetch, networks
from server.tokens import Token, tokens, unescape

_MOST = 8  # SERVICE and LOAD in one request
_MEMORY_MB = 2048
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_RDF = (
    "application/n-triples, text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8,"
    " text/n3;q=0.5"
)


@dataclass(frozen=True)
class Clause:
    """One SERVICE or LOAD: where it stands, where it leads, and what is asked of it."""

    word: str
    start: int
    end: int
    address: str
    silent: bool
    rest: str  # of SERVICE the group in braces, of LOAD the graph that it goes into


def clauses(text: str) -> Iterator[Clause]:
    """Yield the outermost SERVICE and LOAD of a text; raises NotFetched (400) for other forms."""
    found = list(tokens(text))
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind == "word" and any(word in token.text for word in ("SERVICE", "LOAD")):
            clause, place = _clause(text, found, place)
            yield clause
        else:
            place += 1


def _clause(text: str, found: list[Token], place: int) -> tuple[Clause, int]:
    start = found[place]
    if start.text not in {"SERVICE", "LOAD"}:
        raise NotFetched(400, f"{start.text} runs together; write a space around SERVICE and LOAD")
    place += 1
    silent = place < len(found) and found[place].text == "SILENT"
    place += silent
    if place >= len(found) or found[place].kind != "iri" or ":" not in found[place].text:
        raise NotFetched(
            400, f"{start.text} needs the whole address here, as <https://…>: no variable, no"
            " prefix and no relative one",
        )  # fmt: skip
    address = found[place].text[1:-1]
    reader = _group if start.text == "SERVICE" else _into
    end, rest, after = reader(text, found, place)
    return Clause(start.text, start.start, end, address, silent, rest), after


def _group(text: str, found: list[Token], place: int) -> tuple[int, str, int]:
    """Return where the group in braces behind an address ends, the group, and the next token."""
    place += 1
    if place >= len(found) or found[place].text != "{":
        raise NotFetched(400, "SERVICE needs a group in braces behind its address")
    opened = found[place]
    for number in range(place + 1, len(found)):
        if found[number].text == "}" and found[number].depth == opened.depth:
            end = found[number].start + 1
            return end, text[opened.start : end], number + 1
    raise NotFetched(400, "the braces behind SERVICE are not closed")


def _into(text: str, found: list[Token], place: int) -> tuple[int, str, int]:
    """Return where a LOAD ends, the graph that it goes into (as written), and the next token."""
    words = [token.text for token in found[place + 1 : place + 3]]
    if words != ["INTO", "GRAPH"]:
        return found[place].start + len(found[place].text), "", place + 1
    if place + 3 >= len(found) or found[place + 3].kind not in {"iri", "prefixed"}:
        raise NotFetched(400, "LOAD … INTO GRAPH needs the address of a graph")
    graph = found[place + 3]
    return graph.start + len(graph.text), graph.text, place + 4


def prologue(text: str, before: int) -> str:
    """Return BASE and PREFIX as they stand before a place in a text."""
    found, kept = [token for token in tokens(text) if token.start < before], []
    for number, token in enumerate(found):
        size = {"BASE": 2, "PREFIX": 3}.get(token.text, 0) if token.kind == "word" else 0
        kept += [piece.text for piece in found[number : number + size]]
    return " ".join(kept)


def expand(text: str, reach: Reach) -> str:
    """Return a query or update with what its SERVICE and LOAD ask for in their place.

    Lines keep their numbers. Raises NotFetched where that cannot be had, unless it says SILENT.
    """
    if unescape(text) != text:
        raise NotFetched(400, "write a text with SERVICE or LOAD without \\u escapes")
    found = list(clauses(text))
    if len(found) > _MOST:
        raise NotFetched(400, f"more than {_MOST} SERVICE and LOAD in one request; ask in parts")
    for clause in found:
        reach.check(clause.address)  # before anything is fetched, and also with SILENT
    parts, place = [], 0
    for clause in found:
        made = _made(text, clause, reach)
        lines = text.count("\n", clause.start, clause.end)
        parts += [text[place : clause.start], " ", made, "\n" * lines, " "]
        place = clause.end
    return "".join([*parts, text[place:]])


def _made(text: str, clause: Clause, reach: Reach) -> str:
    """Return what stands for a clause; with SILENT, failure is one empty row, or nothing."""
    try:
        if clause.word == "SERVICE":
            return _service(clause, prologue(text, clause.start), reach)
        return _load(clause, reach)
    except NotFetched as error:
        if not clause.silent or error.status == 403:
            raise
    return "VALUES () { () }" if clause.word == "SERVICE" else "INSERT DATA {}"


def _service(clause: Clause, head: str, reach: Reach) -> str:
    query = f"{head}\nSELECT * WHERE {clause.rest}"
    form = urlencode({"query": query}).encode()
    media, body = fetch(reach, clause.address, _ROWS, form)
    kind = ox.QueryResultsFormat.from_media_type(media)
    if kind is None:
        raise NotFetched(502, f"<{clause.address}> answered with {media}, no result of a query")
    try:
        return _values(body, kind)
    except (ValueError, SyntaxError) as error:
        raise NotFetched(
            502, f"<{clause.address}> answered with a result that cannot be read: {error}"
        ) from error


def _values(body: bytes, kind: ox.QueryResultsFormat) -> str:
    """Return the rows of a result as VALUES, each term made anew, so that no more can be in it.

    VALUES holds no blank nodes, so each gets an address of its own (RDF 1.1, section 3.5).
    """
    solutions = ox.parse_query_results(body, format=kind)
    if isinstance(solutions, ox.QueryBoolean):
        raise ValueError("it says yes or no, and rows were asked for")
    names = [variable.value for variable in solutions.variables]
    blanks: dict[str, str] = {}

    def term(node: object) -> str:
        if node is None:
            return "UNDEF"
        if isinstance(node, ox.NamedNode):
            return str(ox.NamedNode(node.value))
        if isinstance(node, ox.BlankNode):
            return f"<{blanks.setdefault(node.value, uuid.uuid4().urn)}>"
        if isinstance(node, ox.Literal):
            return str(_literal(node))
        raise ValueError("a row holds a statement as a term")

    rows = " ".join(f"({' '.join(term(row[name]) for name in names)})" for row in solutions)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {rows} }}"


def _literal(node: ox.Literal) -> ox.Literal:
    if node.language:
        return ox.Literal(node.value, language=node.language, direction=node.direction)
    return ox.Literal(node.value, datatype=ox.NamedNode(node.datatype.value))


def _load(clause: Clause, reach: Reach) -> str:
    media, body = fetch(reach, clause.address, _RDF)
    kind = ox.RdfFormat.from_media_type(media)
    if kind is None:
        raise NotFetched(502, f"<{clause.address}> comes as {media}, which is no RDF known here")
    try:
        quads = list(ox.parse(body, format=kind, base_iri=clause.address, rename_blank_nodes=True))
        if any(quad.graph_name != ox.DefaultGraph() for quad in quads):
            raise ValueError("it holds named graphs; LOAD takes a document with one graph")
    except (ValueError, SyntaxError) as error:
        raise NotFetched(502, f"<{clause.address}> cannot be read: {error}") from error
    triples = (quad.triple for quad in quads)
    data = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    data = data.replace("\n", " ")
    graph = f"GRAPH {clause.rest} {{ {data} }}" if clause.rest else data
    return f"INSERT DATA {{ {graph} }}"


def main() -> None:
    """Answer one request: `{"text": …}`, or `{"status": …, "error": …}`."""
    die_with_parent()
    limit_memory(_MEMORY_MB)
    given = json.load(sys.stdin)
    reach = Reach(
        tuple(given["allow"]), networks(given["networks"]), given["seconds"], given["bytes"]
    )
    try:
        row: dict[str, object] = {"text": expand(given["text"], reach)}
    except NotFetched as error:
        row = {"status": error.status, "error": error.error}
    json.dump(row, sys.stdout)


if __name__ == "__main__":
    main()
